"""The command `kawal`: the operator's tool; it asks the client's side and shows what it is told."""
