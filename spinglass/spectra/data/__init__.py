"""From eigenvalues, or products with vectors, to laws: what was measured instead of a model."""
