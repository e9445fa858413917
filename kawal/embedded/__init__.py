"""The servers on one machine: found or built, started, watched and stopped with their owner."""
