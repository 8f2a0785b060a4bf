r"""Data that packages ship, ready for networks: centred or of unit variance, split at random by a seed.

A set of `Data` has examples to train with, others to test with, and the criterion that fits its targets: classes are
rows of an identity, for the cross-entropy; values are scaled to mean 0 and variance 1, for squares.
"""

import random
from dataclasses import dataclass

import numpy as np

from spinglass.inputs.checks import checked_integer
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


def photographs(count=2000, side=4, seed=0, held_out=500):
    r"""Return grey patches of two photographs, whitened, and which of the two they are from: d = side^2, K = 2.

    As many patches x from random places of each; inputs are :math:`S^{-1/2} (x - \bar x)`, with the mean and the
    covariance S of all of them, so that theirs is the identity.  A stand-in for whitened natural images.

    Parameters
    ----------
    count, side : int, optional
        Number of patches, and of pixels on each side.
    seed, held_out : int, optional
        As for `digits`; the seed is also that of the places.

    Raises
    ------
    ImportError
        Without scikit-learn, which brings the photographs.
    ValueError
        For numbers out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass import networks
    >>> data = networks.data.photographs(held_out=0)
    >>> inputs = data.train[0]
    >>> inputs.shape, bool(np.allclose(inputs.T @ inputs / 2000, np.eye(16)))
    ((2000, 16), True)
    """
    count, side = checked_integer("count", count, 2), checked_integer("side", side, 1, 400)
    if count < side**2 + 1:
        raise ValueError(f"count: expected more patches than their {side**2} pixels, to whiten them, got {count}")
    images = _sets("photographs").load_sample_images().images
    places = np.random.default_rng(seed)
    patches, labels = [], []
    for label, image in enumerate(images):
        grey = image.mean(axis=2) / 255
        windows = np.lib.stride_tricks.sliding_window_view(grey, (side, side)).reshape(-1, side * side)
        some = places.choice(len(windows), count // 2 + (label < count % 2), replace=False)
        patches.append(windows[some])
        labels += [label] * len(some)
    inputs = np.concatenate(patches)
    inputs = inputs - inputs.mean(axis=0)
    values, vectors = np.linalg.eigh(inputs.T @ inputs / len(inputs))
    inputs = inputs @ (vectors / np.sqrt(values)) @ vectors.T
    return _split(inputs, np.eye(2)[labels], seed, held_out, "entropy", (side, side, 1))


def mnist1d(seed=0, examples=5000, held_out=1000):
    """Return curves of 40 points made from templates of the ten digits: d = 40, K = 10.

    Padded, scaled, sheared, shifted and noisy, made by the package mnist1d; a task that tells architectures apart.

    Parameters
    ----------
    seed : int, optional
        Of the curves and of the choice of test examples.
    examples, held_out : int, optional
        Number of curves, a multiple of 10, and of those to test with.

    Raises
    ------
    ImportError
        Without the package mnist1d.

    References
    ----------
    Greydanus, Kobak (2024), Scaling down deep learning with MNIST-1D.

    Notes
    -----
    ``networks.data.mnist1d(examples=200, held_out=50).train[0]`` has the shape (150, 40).
    """
    try:
        from mnist1d import data as recipe
    except ImportError:
        how = how_to_install("mnist1d", "networks")
        raise ImportError(f"mnist1d: expected the package mnist1d, which makes the data; {how}") from None
    chosen = recipe.get_dataset_args()
    chosen.num_samples, chosen.train_split, chosen.seed = checked_integer("examples", examples, 10), 1.0, seed
    state = random.getstate(), np.random.get_state()  # noqa: NPY002 - the recipe seeds what all share
    try:
        found = recipe.make_dataset(chosen)
    finally:
        random.setstate(state[0])
        np.random.set_state(state[1])  # noqa: NPY002
    return _split(found["x"], np.eye(10)[found["y"]], seed, held_out, "entropy")


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
