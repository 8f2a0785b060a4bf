"""What finite N gives: counts, their estimates, and the points of a draw."""
