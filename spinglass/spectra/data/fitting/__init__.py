"""The law behind eigenvalues: parameters, outliers, errors, comparison."""
