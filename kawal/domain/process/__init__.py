"""The process of a complaint: commands, who may give them and when, their effects, and the clocks."""
