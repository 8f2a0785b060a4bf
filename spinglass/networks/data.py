r"""Data that packages ship, ready for networks: centred or of unit variance, split at random by a seed.

A set of `Data` has examples to train with, others to test with, and the criterion that fits its targets: classes are
rows of an identity, for the cross-entropy; values are scaled to mean 0 and variance 1, for squares.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.inputs.missing import how_to_install
from spinglass.networks.mean_loss import check_criterion, check_examples


@dataclass(frozen=True)
class Data:
    """Examples to train with and to test with.

    Parameters
    ----------
    train : pair of float arrays of shapes (m, d), (m, K)
        Inputs and targets.
    test : pair of float arrays, optional
        Others, with as many columns.
    criterion : {"squares", "entropy"}, optional
    image : tuple of int, optional
        (height, width, channels) of an input, for convolutions; their product is d.

    Raises
    ------
    ValueError
        For an unknown criterion or shapes that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks import Data, mlp
    >>> data = Data((np.eye(4), np.ones((4, 1))))
    >>> mlp(data, hidden=(3,), rng=1).size
    19
    """

    train: tuple
    test: tuple | None = None
    criterion: str = "squares"
    image: tuple | None = None

    def __post_init__(self):
        check_criterion(self.criterion)
        for pair in (self.train, *(() if self.test is None else (self.test,))):
            check_examples(*pair)
        d = np.shape(self.train[0])[1]
        if self.image is not None and (len(self.image) != 3 or np.prod(self.image) != d):
            raise ValueError(f"image: expected (height, width, channels) of {d} numbers, got {self.image}")


def digits(seed=0, held_out=450):
    """Return the 1797 grey images of 8x8 pixels of handwritten digits: d = 64, K = 10.

    Inputs are centred, their range scaled to 1; three pixels are empty in all images, so that the loss does not depend
    on their weights.

    Parameters
    ----------
    seed : int, optional
        Of the choice of test examples.
    held_out : int, optional
        How many these are.

    Raises
    ------
    ImportError
        Without scikit-learn, which brings the images.

    Examples
    --------
    >>> from spinglass import networks
    >>> inputs, targets = networks.data.digits().train
    >>> inputs.shape, targets.shape
    ((1347, 64), (1347, 10))
    """
    found = _sets("digits").load_digits()
    pixels = found.data / 16
    return _split(pixels - pixels.mean(axis=0), np.eye(10)[found.target], seed, held_out, "entropy", (8, 8, 1))


def breast_cancer(seed=0, held_out=142):
    """Return 569 examples of 30 numbers that describe cells, and whether they are benign: d = 30, K = 2.

    Inputs have mean 0 and variance 1.  Parameters and errors as for `digits`.
    """
    found = _sets("breast_cancer").load_breast_cancer()
    return _split(_scaled(found.data), np.eye(2)[found.target], seed, held_out, "entropy")


def diabetes(seed=0, held_out=110):
    """Return 442 patients, of 10 numbers each, and the progress of their disease: d = 10, K = 1, a regression.

    Inputs and target have mean 0 and variance 1.  Parameters and errors as for `digits`.
    """
    found = _sets("diabetes").load_diabetes()
    return _split(_scaled(found.data), _scaled(found.target[:, None]), seed, held_out, "squares")


def _sets(name):
    """Return scikit-learn's sets of data, or say how to install it."""
    try:
        import sklearn.datasets as datasets
    except ImportError:
        how = how_to_install("scikit-learn", "notebooks")
        raise ImportError(f"{name}: expected scikit-learn, which brings the data; {how}") from None
    return datasets


def _scaled(x):
    """Return columns of mean 0 and variance 1."""
    return (x - x.mean(axis=0)) / x.std(axis=0)


def _split(inputs, targets, seed, held_out, criterion, image=None):
    """Return data with ``held_out`` random examples to test with."""
    if not 0 <= held_out < len(inputs):
        raise ValueError(f"held_out: expected an int in 0..{len(inputs) - 1}, got {held_out}")
    test, rest = np.split(np.random.default_rng(seed).permutation(len(inputs)), [held_out])
    return Data((inputs[rest], targets[rest]), (inputs[test], targets[test]), criterion, image)
