"""The rules, pure: commands, states, clocks, calendar and recap, without Temporal and without I/O.

`process/` has commands, transitions, guards, decide, evolve, timers, clocks, who owes and the state; `access.py` who
may do what else, `grants.py` who gives whom a role or a deputy, `persons.py` whose an account is; `report.py` the one
model of a report with its limits; then calendar, policy, the notices' table, recap sums, suggestion, the scenario
format, and the places that a text names (`places.py`). Nothing here reads the current time: `now` is an argument.
`transitions.py` (a row for each command: state and role, arguments, conditions, what is recorded and by which step),
`RIGHTS` in `access.py` and the clocks' table in `policy.py` each fit on one screen; documentation is generated from
them.
"""
