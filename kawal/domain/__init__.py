"""The rules, pure: commands, states, clocks, calendar and recap, without Temporal and without I/O.

`process/` has commands, transitions, guards, decide, evolve, timers, clocks, who owes and the state; `access.py` who
may do what else; `report.py` the one model of a report with its limits; then calendar, policy, the notices' table,
recap sums, suggestion and the scenario format. Nothing here asks what time it is: `now` is an argument.
`transitions.py` (a row a command: state and role, arguments, conditions, what is written and by which step), `RIGHTS`
in `access.py` and the clocks' table in `policy.py` stand each on one screen; documentation is made from them.
"""
