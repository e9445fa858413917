"""A person's data: found, handed out, erased."""
