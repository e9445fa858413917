"""HTTP for those who work here: officials with a pass, and the public who checks."""
