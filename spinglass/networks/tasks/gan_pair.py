r"""Two small networks that play against each other for images of 8x8 pixels, and the training of both.

The discriminator is a convolution of width 3 and stride 2 to c channels and a dense layer to one number; the generator
goes the other way, from a latent vector z by a dense layer to 4x4 places of c channels, doubles each place in both
directions and ends with a convolution of width 3.  With the linear maps S from an image to its patches and T from
patches to an image (nine weights at each of 16 places), :math:`\phi(h) = \max(h, h/5)` and one axis of places,

.. math:: D(x) = b_2 + v \cdot \phi(K\,Sx + b_1), \qquad
          G(z) = \tanh\bigl(b_2 + T\,K^T\phi(Wz + b_1)\bigr).

The losses of a batch are means, with :math:`\ell(h) = \log(1 + e^h)`,

.. math:: L_D = \ell(-D(x)) + \ell(D(G(z))), \qquad L_G = \ell(-D(G(z))).
"""

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit

from spinglass.inputs.checks import checked_integer, one_number, real_points
from spinglass.networks.training.optimisers import Adam
from spinglass.running.streams import seed_of, seed_sequence

SIDE, PLACES, WIDTH = 8, 16, 9  # pixels of a side, places of a channel, weights of a convolution
LEAK = 0.2  # slope of phi below 0
LATENT = 6  # numbers of z
BETA = 0.5  # by which Adam forgets gradients


def _patches():
    """Return S (64, 16 x 9): the pixels that a convolution of stride 2 sees from each place, nothing beyond the rim."""
    patches = np.zeros((SIDE, SIDE, SIDE // 2, SIDE // 2, 3, 3))
    for i, j, up, left in np.ndindex(SIDE // 2, SIDE // 2, 3, 3):
        row, column = 2 * i + up - 1, 2 * j + left - 1
        if row >= 0 <= column:
            patches[row, column, i, j, up, left] = 1
    return patches.reshape(SIDE**2, PLACES * WIDTH)


def _doubled():
    """Return T (16 x 9, 64): what the pixels of a convolution see of places that were doubled, nothing beyond."""
    doubled = np.zeros((SIDE // 2, SIDE // 2, 3, 3, SIDE, SIDE))
    for row, column, up, left in np.ndindex(SIDE, SIDE, 3, 3):
        i, j = (row + up - 1) // 2, (column + left - 1) // 2
        if 0 <= i < SIDE // 2 > j >= 0:
            doubled[i, j, up, left, row, column] = 1
    return doubled.reshape(PLACES * WIDTH, SIDE**2)


S, T = _patches(), _doubled()


def _phi(h):
    """Return phi of h, which it overwrites."""
    return np.maximum(h, LEAK * h, out=h)


def _slope(a):
    """Return the slope of phi where its value is a, which has the sign of h."""
    slope = (1 - LEAK) * (a > 0)
    slope += LEAK
    return slope


def _loss(h):
    """Return the mean of log(1 + exp(h)) and its gradient."""
    return np.logaddexp(0.0, h).mean(), expit(h) / len(h)


# -- the two players ---------------------------------------------------------------------------------------------------


class _Player:
    """A network whose parameters are one vector: arrays of ``shapes`` one after another."""

    channels: int

    def __post_init__(self):
        object.__setattr__(self, "channels", checked_integer("channels", self.channels, 1))

    @cached_property
    def shapes(self):
        """The shapes of the arrays."""
        raise NotImplementedError

    @cached_property
    def size(self):
        """The number of parameters."""
        return self._ends[-1]

    @cached_property
    def _ends(self):
        return [0, *itertools.accumulate(math.prod(shape) for shape in self.shapes)]

    def arrays(self, parameters):
        """Return the arrays as views of the vector."""
        pieces = zip(itertools.pairwise(self._ends), self.shapes, strict=True)
        return [parameters[start:end].reshape(shape) for (start, end), shape in pieces]

    def start(self, rng=0):
        """Return normal weights of variance 1 / (numbers that each sum is over), and biases 0."""
        draw = np.random.default_rng(rng)
        parameters = np.zeros(self.size)
        for array in self.arrays(parameters):
            if array.ndim == 2:
                array[:] = draw.standard_normal(array.shape) / np.sqrt(len(array))
        return parameters


@dataclass(frozen=True)
class Discriminator(_Player):
    """The player that tells images from those of the generator.

    Parameters
    ----------
    channels : int
        Of its convolution; it has 26 parameters for each, and one more.

    Raises
    ------
    TypeError, ValueError
        For channels that are no integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks.tasks.gan_pair import Discriminator
    >>> player = Discriminator(channels=2)
    >>> player.size, player.outputs(player.start(rng=1), np.zeros((3, 64)))[0].tolist()
    (53, [0.0, 0.0, 0.0])
    """

    channels: int

    @cached_property
    def shapes(self):
        """Shapes of K, b_1, v, b_2."""
        return (WIDTH, self.channels), (self.channels,), (PLACES * self.channels, 1), (1,)

    def outputs(self, parameters, images):
        """Return D of images (m, 64), positive where they are taken for real, and what `back` needs."""
        K, b1, v, b2 = self.arrays(parameters)
        patches = (images @ S).reshape(-1, WIDTH)
        h = patches @ K
        h += b1
        a = _phi(h).reshape(len(images), -1)
        return a @ v[:, 0] + b2, (patches, a)

    def back(self, parameters, kept, g):
        """Return the gradient by parameters of a function whose gradient by D is g (m,)."""
        patches, a = kept
        h = self._inner(parameters, a, g)
        return np.concatenate([(patches.T @ h).ravel(), h.sum(axis=0), g @ a, [g.sum()]])

    def back_to_images(self, parameters, kept, g):
        """Return the gradient by images (m, 64) of a function whose gradient by D is g (m,)."""
        K = self.arrays(parameters)[0]
        return (self._inner(parameters, kept[1], g) @ K.T).reshape(len(g), -1) @ S.T

    def _inner(self, parameters, a, g):
        """Return the gradient by what phi is taken of, one row per place."""
        slope = _slope(a)
        slope *= g[:, None] * self.arrays(parameters)[2][:, 0]
        return slope.reshape(-1, self.channels)

    def loss(self, parameters, real, fake):
        """Return L_D of real and generated images, and its gradient."""
        logits, kept = self.outputs(parameters, np.concatenate([real, fake]))
        (first, slope), (second, other) = _loss(-logits[: len(real)]), _loss(logits[len(real) :])
        return first + second, self.back(parameters, kept, np.concatenate([-slope, other]))


@dataclass(frozen=True)
class Generator(_Player):
    """The player that makes images of latent vectors.

    Parameters
    ----------
    channels : int
        At its 4x4 places; it has 16 (latent + 1) + 9 parameters for each, and one more.
    latent : int, optional
        Numbers of a latent vector.

    Raises
    ------
    TypeError, ValueError
        For anything that is no integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks.tasks.gan_pair import Generator
    >>> player = Generator(channels=2)
    >>> player.size, player.images(player.start(rng=1), np.ones((3, 6)))[0].shape
    (243, (3, 64))
    """

    channels: int
    latent: int = LATENT

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "latent", checked_integer("latent", self.latent, 1))

    @cached_property
    def shapes(self):
        """Shapes of W, b_1, K, b_2."""
        return (self.latent, PLACES * self.channels), (PLACES * self.channels,), (self.channels, WIDTH), (1,)

    def images(self, parameters, z):
        """Return G of latent vectors (m, latent) as images (m, 64), and what `back` needs."""
        W, b1, K, b2 = self.arrays(parameters)
        a = _phi(z @ W + b1)
        x = np.tanh((a.reshape(-1, self.channels) @ K).reshape(len(z), -1) @ T + b2)
        return x, (z, a, x)

    def back(self, parameters, kept, g):
        """Return the gradient by parameters of a function whose gradient by the images is g (m, 64)."""
        _, _, K, _ = self.arrays(parameters)
        z, a, x = kept
        inner = g * (1 - x * x)
        patches = (inner @ T.T).reshape(-1, WIDTH)
        h = (patches @ K.T).reshape(a.shape) * _slope(a)
        return np.concatenate(
            [
                (z.T @ h).ravel(),
                h.sum(axis=0),
                (a.reshape(-1, self.channels).T @ patches).ravel(),
                [inner.sum()],
            ]
        )

    def loss(self, parameters, kept, discriminator, other):
        """Return L_G of what `images` kept against a discriminator of these parameters, and its gradient."""
        logits, seen = discriminator.outputs(other, kept[-1])
        loss, slope = _loss(-logits)
        return loss, self.back(parameters, kept, discriminator.back_to_images(other, seen, -slope))


def players(share, total, latent=LATENT):
    r"""Return the players of a share of the discriminator in all parameters.

    Parameters
    ----------
    share : float
        :math:`\kappa`, between 0 and 1.
    total : int
        Parameters of both.
    latent : int, optional
        Numbers of a latent vector.

    Returns
    -------
    Discriminator, Generator
        The generator nearest to its share and the discriminator that fills the total, to 13 parameters at most.

    Raises
    ------
    TypeError, ValueError
        For a share that leaves one player without a channel.

    Examples
    --------
    >>> from spinglass.networks.tasks.gan_pair import players
    >>> [player.size for player in players(0.5, total=1200)]
    [599, 606]
    """
    share, total = one_number("share", share), checked_integer("total", total, 1)
    one = Generator(1, latent).size - 1
    channels = round(((1 - share) * total - 1) / one)
    left = round((total - one * channels - 2) / (Discriminator(1).size - 1))
    if not 0 < share < 1 or channels < 1 or left < 1:
        raise ValueError(
            f"share: expected one that leaves both players a channel of {total} parameters, got {share:g}; "
            "try one nearer to 1/2 or a larger total"
        )
    return Discriminator(left), Generator(channels, latent)


# -- training ----------------------------------------------------------------------------------------------------------


def play(discriminator, generator, images, noise, steps, rng=0, batch=64, rate=1e-3):
    r"""Train both players in turn and return their losses.

    A step draws images and latent vectors, moves the discriminator against the gradient of :math:`L_D`, then the
    generator, on the same latent vectors, against that of :math:`L_G` before the moved discriminator.

    Parameters
    ----------
    discriminator : Discriminator
    generator : Generator
    images : float array of shape (m, 64)
        With values from -1 to 1.
    noise : float
        :math:`\sigma_z`: latent vectors are normal with this deviation.
    steps : int
    rng : int, SeedSequence, Generator or None, optional
        Of both starts and of all draws of batches and latent vectors, each with a stream of its own.
    batch : int, optional
        Images, and latent vectors, of a step.
    rate : float, optional
        Of Adam.

    Returns
    -------
    losses : float array of shape (steps, 2)
        :math:`L_D` and :math:`L_G` of each step's batch, each before its player was moved.
    parameters : tuple of two float arrays
        Of both players after the last step.

    Raises
    ------
    ValueError
        For images of another shape or outside [-1, 1], less of them than a batch, a noise or a rate that is not
        positive.
    FloatingPointError
        If a loss is no longer finite.

    Examples
    --------
    >>> from spinglass.networks.data import digits
    >>> from spinglass.networks.tasks.gan_pair import play, players
    >>> losses, _ = play(*players(0.5, total=1200), digits().train[0], noise=1.0, steps=3)
    >>> losses.shape, bool((losses > 0).all())
    ((3, 2), True)
    """
    images, noise = _checked(images, noise)
    steps = checked_integer("steps", steps, 1)
    batch = checked_integer("batch", batch, 1, len(images))
    seed = seed_of(rng)
    start, other_start, draw = (np.random.default_rng(seed_sequence(seed, "start", i)) for i in range(3))
    d, g = discriminator.start(start), generator.start(other_start)
    adam, memory_d, memory_g = Adam(rate, beta1=BETA), np.zeros((2, d.size)), np.zeros((2, g.size))
    losses = np.empty((steps, 2))
    _keep_freed_memory()
    for t, row in enumerate(losses, 1):
        real = images[draw.integers(len(images), size=batch)]
        fake, kept = generator.images(g, noise * draw.standard_normal((batch, generator.latent)))
        row[0], gradient = discriminator.loss(d, real, fake)
        d, memory_d = adam.step(d, memory_d, gradient, t)
        row[1], gradient = generator.loss(g, kept, discriminator, d)
        g, memory_g = adam.step(g, memory_g, gradient, t)
        if not np.isfinite(row.sum()):
            raise FloatingPointError(f"play: expected finite losses, got {row[0]} and {row[1]}; try a smaller rate")
    return losses, (d, g)


def _keep_freed_memory():
    """Free an array larger than any of a step: from then on glibc reuses memory, which fresh pages are slower than."""
    np.empty(2**21)


def _checked(images, noise):
    images = real_points("images", images)
    if images.ndim != 2 or images.shape[1] != SIDE**2:
        raise ValueError(f"images: expected shape (m, {SIDE**2}), got {images.shape}")
    if np.abs(images).max(initial=0.0) > 1:
        raise ValueError(f"images: expected values from -1 to 1, got {images.flat[np.abs(images).argmax()]:g}")
    noise = one_number("noise", noise)
    if noise <= 0:
        raise ValueError(f"noise: expected a positive number, got {noise:g}")
    return images, noise
