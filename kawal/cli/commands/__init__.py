"""The commands of `kawal`, a module a group."""
