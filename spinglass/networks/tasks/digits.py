r"""Logistic regression and a small perceptron, trained on the 8x8 digits that come with scikit-learn.

The training minimises the mean cross-entropy plus :math:`\tfrac{\lambda}{2}|w|^2` over all training images.  Loss and
Hessian of the returned network are those of the cross-entropy alone: at the minimum the eigenvalues of its Hessian
are at least :math:`-\lambda`.
"""

from functools import lru_cache

import numpy as np

from spinglass.networks import data as data_sets
from spinglass.networks.perceptron import Network, random_parameters
from spinglass.networks.training.descent import minimise
from spinglass.spectra.levels.unfolding import unfold

#: Units of the hidden layer by kind: 650 and 685 parameters.
HIDDEN = {"logistic": 0, "mlp": 9}


def split(seed=0, held_out=450):
    """Return (images, labels) to train with and (images, labels) of ``held_out`` random others.

    They are those of ``networks.data.digits``.
    """
    data = data_sets.digits(seed, held_out)
    return data.train, data.test


@lru_cache(maxsize=8)
def digits(kind="mlp", seed=0, decay=0.01, steps=300):
    r"""Return a network trained to tell digits.

    Parameters
    ----------
    kind : {"logistic", "mlp"}, optional
        Softmax regression with 650 parameters, or one hidden layer of 9 tanh units with 685; both with biases.
    seed : int, optional
        Of the random start and the choice of the training images.
    decay : float, optional
        :math:`\lambda`.
    steps : int, optional
        Number of quasi-Newton steps at most.

    Returns
    -------
    Network
        On the 1347 training images; ``.untrained()`` is its start, ``.on(*split(seed)[1])`` the same network on the
        other 450 images.

    Raises
    ------
    ImportError
        Without scikit-learn.
    ValueError
        For an unknown kind.

    Accuracy
    --------
    At the defaults both reach the minimum to :math:`|\nabla| < 10^{-4}`; they are right on 95% (logistic) and 97%
    (mlp) of the training images.
    """
    if kind not in HIDDEN:
        raise ValueError(f"kind: expected one of {', '.join(HIDDEN)}, got {kind!r}")
    pixels, labels = split(seed)[0]
    shape = (pixels.shape[1], HIDDEN[kind], labels.shape[1])
    start = random_parameters(*shape, bias=True, rng=seed)
    start.setflags(write=False)
    network = Network(start, pixels, labels, HIDDEN[kind], criterion="entropy", bias=True)
    return minimise(network, decay, steps)


def batch_spectra(network, size, count, matrix="hessian", rng=0):
    """Return the eigenvalues of the Hessians of random batches.

    Parameters
    ----------
    network : Network
    size, count : int
        Examples in a batch, number of batches.
    matrix : {"hessian", "gauss_newton", "residual_hessian"}, optional
    rng : int, SeedSequence, Generator or None, optional

    Returns
    -------
    float array of shape (count, P)
        Ascending in each row.

    Raises
    ------
    ValueError
        For an unknown matrix, or less than ``size`` examples.
    """
    return np.array([network.eigenvalues(matrix, batch) for batch in network.batches(size, count, rng)])


def unfolded(spectra, cutoff=1e-4, window=10.0):
    """Return the positive bulk of each spectrum on the scale of its mean spacing, by the pooled other spectra.

    Parameters
    ----------
    spectra : float array of shape (count, P)
        Two spectra at least, such as those of `batch_spectra`; pass their negatives for the negative bulk.
    cutoff : float, optional
        Eigenvalues at most this are left out: nearly empty directions, where the density diverges.
    window : float, optional
        Mean spacings over which the pooled distribution is smoothed.

    Returns
    -------
    list of float arrays
        Ascending levels of mean spacing 1, for ``spacings`` and ``spacing_ratios`` of `spinglass.spectra`.

    Raises
    ------
    ValueError
        For a single spectrum, or none above the cutoff.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks import unfolded
    >>> from spinglass.spectra import Semicircle
    >>> draws = [np.linalg.eigvalsh(Semicircle().sample(100, rng=i)) for i in range(6)]
    >>> [abs(round(float(np.diff(levels).mean()))) for levels in unfolded(draws)]
    [1, 1, 1, 1, 1, 1]
    """
    bulks = [row[row > cutoff] for row in np.asarray(spectra, dtype=float)]
    if len(bulks) < 2:
        raise ValueError(f"spectra: expected at least 2, to unfold each by the others, got {len(bulks)}")
    if not min(map(len, bulks)):
        raise ValueError(f"cutoff: expected eigenvalues above it in every spectrum, got none above {cutoff}")
    return [unfold(bulk, np.concatenate(bulks[:i] + bulks[i + 1 :]), window) for i, bulk in enumerate(bulks)]
