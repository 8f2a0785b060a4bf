"""A law of the eigenvalues themselves, and unfolding by it."""
