"""Recorded years to run through the engine, with the code that makes and checks them."""
