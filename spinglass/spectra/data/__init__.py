"""From eigenvalues to laws: what was measured instead of a model."""
