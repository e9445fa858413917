"""The client's side: it looks up what a workflow cannot see, sends commands, and puts refusals on record."""
