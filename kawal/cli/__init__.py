"""The command `kawal`: the operator's tool; it calls the client side and shows the results.

`commands/` (one module per group), `terminal/` (shared by the commands), `wording/` (the messages). One command for
each row of the process's table, made from the argument models; it decides nothing itself.
"""
