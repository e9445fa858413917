"""What the commands share: who acts, options, tables, how a command ends."""
