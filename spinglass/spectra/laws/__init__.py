"""Laws of products (``products``), of percolated (``percolated``) and of sparse matrices (``sparse``).

``product_equation`` is the algebra of a product, ``sparse_population`` the cavity equation of a sparse matrix, and
``sparse_moments`` are its moments, which are exact.
"""
