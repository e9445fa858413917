"""The side effects of the steps, one module a step; importing the package imports none of them."""
