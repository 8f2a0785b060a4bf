"""Block Gaussian matrices with any variance and covariance profile."""

import numpy as np

from spinglass.inputs.capacity import dense, within
from spinglass.inputs.checks import shown, whole_number
from spinglass.running.streams import generator

LARGEST = 10**9  # dimensions that are shared out


def matrix_size(n, least=1):
    """Return the size of a full matrix that may fit into a computer.

    Examples
    --------
    >>> from spinglass.spectra.sampling import matrix_size
    >>> matrix_size(0)
    Traceback (most recent call last):
    ...
    ValueError: n: expected an integer of at least 1, got 0
    """
    n = whole_number("n", n, least)
    dense(n)
    return n


def block_sizes(fractions, n, least=1):
    """Round fractions of n to integers of sum n, by the largest remainder, none below ``least``.

    Parameters
    ----------
    fractions : float array of shape (S,)
        Positive, of sum 1.
    n : int
        At least S * least.
    least : int, optional

    Returns
    -------
    int array of shape (S,)

    Raises
    ------
    TypeError
        If n is not an int.
    ValueError
        If n is too small.

    Examples
    --------
    >>> from spinglass.spectra.sampling import block_sizes
    >>> block_sizes([0.5, 0.3, 0.2], 9).tolist(), block_sizes([1 - 1e-6, 1e-6], 100).tolist()
    ([4, 3, 2], [99, 1])
    """
    fractions, n = np.asarray(fractions, dtype=float), whole_number("n", n, 1)
    within("n", n, LARGEST, "try a smaller n")
    if n < least * len(fractions):
        raise ValueError(f"n: expected at least {least * len(fractions)} for {len(fractions)} blocks, got {n}")
    share = fractions * n
    sizes = np.maximum(np.floor(share).astype(int), least)
    while sizes.sum() != n:
        missing = share - sizes
        if sizes.sum() < n:
            sizes[np.argmax(missing)] += 1
        else:
            missing[sizes == least] = np.inf
            sizes[np.argmin(missing)] -= 1
    return sizes


def sphere_sizes(n, fractions):
    """Return N_s for every sphere, at least 2, from the total dimension or from the sizes themselves.

    Examples
    --------
    >>> from spinglass.spectra.sampling import sphere_sizes
    >>> sphere_sizes(9, [0.7, 0.3]), sphere_sizes((4, 5), [0.7, 0.3])
    ((6, 3), (4, 5))
    """
    species = len(fractions)
    if not isinstance(n, (tuple, list)):
        n = whole_number(f"n (dimensions of {species} spheres)" if species > 1 else "n", n, 2 * species)
        return tuple(map(int, block_sizes([float(x) for x in fractions], n, least=2)))
    if len(n) != species:
        raise ValueError(f"n: expected {species} sizes (one per sphere), got {len(n)}: {shown(n)}")
    return tuple(whole_number("n (sizes of the spheres)", m, 2) for m in n)


def sample_blocks(variance, covariance, shifts, sizes, n, rng):
    r"""Draw a block Gaussian matrix.

    Entry (i, j) in block (s, t) is :math:`d_s\delta_{ij}` plus a centred normal of variance :math:`v_{st}/n` and
    covariance :math:`\tau_{st}/n` with entry (j, i); an entry on the diagonal has variance
    :math:`(v_{ss} + \tau_{ss})/n`, which doubles it in a symmetric block.

    Parameters
    ----------
    variance, covariance : float arrays of shape (S, S)
        v, non-negative, and tau, symmetric with :math:`\tau_{st}^2 \le v_{st} v_{ts}`.
    shifts : float array of shape (S,)
        d.
    sizes : int array of shape (S,)
        Sizes of the blocks, at least 1.
    n : int
        What the variances are divided by, usually the sum of the sizes.
    rng : int, SeedSequence, Generator or None

    Returns
    -------
    float array of shape (sum(sizes), sum(sizes))
        Exactly symmetric where :math:`\tau_{st} = v_{st} = v_{ts}`.

    Raises
    ------
    ValueError
        If the sizes are not positive or no such normals exist.

    Examples
    --------
    >>> from spinglass.spectra.sampling import sample_blocks
    >>> matrix = sample_blocks([[1.0, 2.0], [2.0, 0.0]], [[1.0, 2.0], [2.0, 0.0]], [0.0, 5.0], [2, 3], 5, rng=1)
    >>> bool((matrix == matrix.T).all()), matrix[2:, 2:].tolist()
    (True, [[5.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 5.0]])
    """
    variance, covariance = np.asarray(variance, dtype=float), np.asarray(covariance, dtype=float)
    if min(sizes) < 1:
        raise ValueError(f"n: expected at least one row in every block, got sizes {list(sizes)}")
    correlation = _correlation(variance, covariance)
    dense(int(sum(sizes)))
    deviation = np.sqrt(variance / n)
    species = np.repeat(np.arange(len(sizes)), sizes)
    rows, columns = np.ix_(species, species)
    noise = generator(rng).standard_normal((len(species), len(species)))
    # above the diagonal the noise as it is; below, a part of its mirror image and a part of its own
    upper, own = np.triu(noise, 1), np.tril(noise, -1)
    matrix = deviation[rows, columns] * (upper + correlation[rows, columns] * upper.T)
    rest = np.sqrt(1 - correlation**2)
    if rest.any():
        matrix += (deviation * rest)[rows, columns] * own
    diagonal = np.sqrt((np.diag(variance) + np.diag(covariance)) / n)[species] * np.diag(noise)
    matrix[np.diag_indices_from(matrix)] = diagonal + np.asarray(shifts, dtype=float)[species]
    return matrix


def rotated(matrix, rng):
    """Return U A U^T of a symmetric matrix, U uniform on the orthogonal group.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.spectra.sampling import rotated
    >>> matrix = rotated(np.diag([1.0, 2.0, 3.0]), np.random.default_rng(1))
    >>> np.linalg.eigvalsh(matrix).round(12)
    array([1., 2., 3.])
    """
    q, r = np.linalg.qr(rng.standard_normal(matrix.shape))
    q *= np.sign(np.diag(r))  # now uniform
    matrix = q @ matrix @ q.T
    return (matrix + matrix.T) / 2


def _correlation(variance, covariance):
    """Return the correlation of an entry and its mirror image, 0 where there is no randomness."""
    if variance.ndim != 2 or variance.shape != variance.T.shape or variance.shape != covariance.shape:
        raise ValueError(f"expected two profiles of one shape (S, S), got {variance.shape} and {covariance.shape}")
    both = np.sqrt(variance * variance.T)
    if np.any(variance < 0) or np.any(np.abs(covariance) > both * (1 + 1e-12)) or np.any(covariance != covariance.T):
        raise ValueError(
            "expected non-negative variances v and symmetric covariances tau with tau_st^2 <= v_st v_ts, got "
            f"{variance.tolist()} and {covariance.tolist()}"
        )
    return np.clip(np.divide(covariance, both, out=np.zeros_like(both), where=both > 0), -1, 1)
