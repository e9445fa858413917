"""What `make bench` measures; each module also runs by itself. Figures are ratios beside a floor in the same run."""
