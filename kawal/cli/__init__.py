"""The command `kawal`: the operator's tool; it asks the client's side and shows what it is told.

`commands/` (a module a group), `terminal/` (what they share), `wording/` (what is said). One command for each row of
the process's table, made from the argument models; decides nothing.
"""
