"""Laws of products, of percolated and of sparse matrices."""
