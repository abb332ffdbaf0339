"""Generated modules: against the baseline and outside oracles, their interface, and that they are current."""
