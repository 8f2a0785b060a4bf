"""A spectrum from products of a matrix with vectors."""
