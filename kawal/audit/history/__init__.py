"""The whole life of a complaint, told and filed.

`life*.py`: events, deadlines and why, refusals, readings, the engine's runs from server or archive, and which
workflow events brought an event about; and case files. Reads; starts and changes no complaint. Who may read is asked
before, of `client/authority.py`, which puts it on record.
"""
