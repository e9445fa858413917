"""The commands of `kawal`, one module per group."""
