"""The measurements of `make bench`; each module also runs by itself.

Figures are ratios to a floor measured in the same run.
"""
