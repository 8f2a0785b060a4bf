"""Free addition: laws of sums of independent matrices."""
