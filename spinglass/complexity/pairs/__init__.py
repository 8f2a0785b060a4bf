"""Two equilibria at a given overlap."""
