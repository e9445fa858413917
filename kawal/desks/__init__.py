"""What officials do besides the commands of the process: who may, what is done, and what is put on record."""
