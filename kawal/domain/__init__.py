"""The rules, pure: commands, states, clocks, calendar and recap, without Temporal and without I/O."""
