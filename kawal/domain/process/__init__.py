"""The process of a complaint: commands, who may when, what they become, and the clocks that run meanwhile."""
