"""Block Gaussian matrices: their Dyson equation, their law and their log-determinant.

``two_species`` is a quartic, ``several_species`` follows the symmetric equation from far above the real axis,
``elliptic`` solves that of matrices that are not symmetric. ``psi`` takes Psi from their solutions, one compiled
function for each kind of matrix, and ``log_determinant`` names the kind: Psi is the one number every complexity needs.
``digits`` is the same to any precision; ``block_gaussian`` is the law, ``bulks`` finds its edges.
"""
