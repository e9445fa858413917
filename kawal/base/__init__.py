"""What every room stands on: settings, errors, logs, and the connection to the engine."""
