"""The durable processes: one workflow a complaint, and the scheduled ones. Deterministic; they import only `domain`."""
