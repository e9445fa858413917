"""Keys, sealing, the payload codec and the hash chain."""
