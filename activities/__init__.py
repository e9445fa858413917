"""The steps' side effects, one module a step. This package imports nothing, so that a worker takes only what it runs."""
