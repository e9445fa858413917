"""The servers on one machine: found or built, started, watched and stopped with their owner.

Also the engine's namespace, and virtual time: `virtual_time.py` alone uses the SDK's experimental time skipping.
Imports from the process only what must be registered, from the store only its schema. `first_start.py` and
`programs.py` run before any package is installed.
"""
