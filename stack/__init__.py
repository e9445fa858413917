"""Finding or building the servers, running them, and connecting to them."""
