"""Recorded years to run through the engine, and what makes and checks them."""
