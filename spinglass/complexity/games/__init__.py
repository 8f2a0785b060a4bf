"""Several spheres: the complexity as a constrained supremum over Gaussian normals."""
