"""Shared by the commands: who acts, options, tables, exit codes."""
