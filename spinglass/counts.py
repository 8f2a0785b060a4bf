"""``sg.mean_count`` and ``sg.count_density``: equilibria at finite N, handed to the method that can answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.finite.count import exact_log_count
from spinglass.finite.energy_curves import exact_log_cumulative, exact_log_density
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer, instance, one_of, real_points, shown, written
from spinglass.models import SphericalGame
from spinglass.models.selection import selected
from spinglass.montecarlo.estimate import sample_mean_count
from spinglass.spectra.sampling import sphere_sizes

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import FilePath, Index, Number, Numbers, Seed

FAR = 1e100  # energies that no sample reaches
MOST, SAMPLES = 4000, 10**9  # dimensions whose Jacobians are sampled, and samples

METHODS = ("exact", "montecarlo")


@dataclass(frozen=True)
class Estimate:
    """A mean number of equilibria with its error.

    Attributes
    ----------
    log_mean : float, or number of the arithmetic
        Natural logarithm of the mean.
    stderr : float
        Standard error of log_mean (0 for an exact value); for small errors the relative one of the mean.
    samples : int
        Random samples used (0 for an exact value).
    effective_samples : float
        (sum w)^2 / sum w^2 of the importance weights w: of how many equal samples the estimate is worth.
    seed : int or None
        With it, the same numbers come again, whatever the executor.
    """

    log_mean: Any
    stderr: float
    samples: int
    effective_samples: float
    seed: int | None
    _mean: Any = field(default=None, repr=False, compare=False)

    @property
    def mean(self) -> Number:
        """The mean itself; in float64 inf where it exceeds the range, else a number of the arithmetic."""
        if self._mean is not None:
            return self._mean
        with np.errstate(over="ignore"):
            return float(np.exp(self.log_mean))

    def __str__(self):
        if self._mean is not None:
            return f"log mean {self.log_mean} (mean {self._mean}, exact)"
        return f"log mean {self.log_mean:.6g} +/- {self.stderr:.2g} (mean {self.mean:.6g}, {self.samples} samples)"


def mean_count(
    model: SphericalGame,
    n: int | Sequence[int],
    energies: Numbers | None = None,
    index: Index = None,
    method: str = "exact",
    *,
    samples: int = 100_000,
    rng: Seed = None,
    executor: Executor | None = None,
    store: FilePath | None = None,
    progress: bool = False,
    arithmetic: Arithmetic | None = None,
) -> Estimate:
    r"""Return the mean number of equilibria of a model at finite N.

    The Kac-Rice formula is exact at every N,

    .. math:: E\,\# = \prod_s \mathrm{vol}(S^{N_s-1}) (2\pi V_s)^{-n_s/2}\; E\big[|\det J|;\ \text{conditions}\big],

    with n_s = N_s - 1, the local law of the model (``model.local_law()``) and the Jacobian J of size sum n_s.

    Parameters
    ----------
    model : SphericalGame
    n : int or tuple of int
        Total dimension N (spheres share it by their fractions, at least 2 each) or N_s for every sphere.
    energies : None, (lo, hi), or one (lo, hi) per loss
        Windows of the energy densities :math:`L/\sqrt N`; infinite ends are allowed.
    index : None, int or tuple
        Number of negative eigenvalues of every player's own Hessian; None for any.
    method : {"exact", "montecarlo"}
        "exact" integrates the formula, on one sphere.  "montecarlo" samples it, for any game.
    samples : int
        At least 2; rounded to nothing: the samples are exactly so many.
    rng : int, SeedSequence, Generator or None
        Sample i depends on the seed and i only: the result is bitwise the same for any executor and after a kill.
    executor : concurrent.futures.Executor, optional
        Threads on all cores by default; a ProcessPoolExecutor, a Dask client's ``get_executor()``, MPIPoolExecutor.
    store : path, optional
        SQLite file that keeps finished chunks; the same call again continues where a killed one stopped.
    progress : bool
        Show a bar.
    arithmetic : arithmetic, optional
        For method="exact": float64 by default; ``sg.mp(digits)``; ``sg.balls(digits)`` for enclosures with proof;
        ``sg.symbols`` for the closed form of all points.  ``.mean`` and ``.log_mean`` are then numbers of it.

    Returns
    -------
    Estimate
        ``.log_mean``, ``.mean``, ``.stderr`` (of log_mean), ``.samples``, ``.effective_samples``, ``.seed``.

    Raises
    ------
    ValueError, TypeError, NotImplementedError
        For wrong arguments, in one line; for an N that would take minutes: "exact" goes to 10000 (100 at an index),
        with digits to 1000 (600 in a window, 30 at an index), "montecarlo" to 4000.
    ArithmeticError
        If no sample met the conditions.

    Warns
    -----
    RuntimeWarning
        If the effective sample size is below 100.

    Notes
    -----
    *Accuracy*: the standard error falls like one over the square root of the samples.  Normals are drawn from a mixture
    of tilted Gaussians.  What is left is the scatter of the determinant, which grows with N: at a given index, and
    where players are weakly coupled, own blocks are therefore drawn by their determinants (to 150 rows; partly in
    Python, so that processes help more than threads).  An index that the Gaussian law of matrices makes rare, as local
    Nash equilibria of strongly coupled players, stays out of reach, and the effective sample size says so.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Lemma 3.1; Adler, Taylor (2007), Random Fields and Geometry, ch. 11.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(round(sg.mean_count(sg.pure(3), 3).mean, 8))
    10.55235974
    >>> estimate = sg.mean_count(sg.pure(3), 3, method="montecarlo", samples=20_000, rng=1)
    >>> abs(estimate.log_mean - 2.356313) < 5 * estimate.stderr  # log 10.5524
    True
    >>> print(sg.mean_count(sg.pure(3), 3, arithmetic=sg.mp(30)).mean)
    10.5523597411975803099057113882
    """
    instance("model", model, SphericalGame, "a SphericalGame such as sg.pure(3)")
    one_of("method", method, METHODS)
    ar = resolve(arithmetic)
    if method == "montecarlo" and not ar.vectorised:
        raise ValueError(f"arithmetic: expected None for a Monte Carlo estimate, got {shown(ar)}; try method='exact'")
    sizes = sphere_sizes(n, model.fractions)
    selection = selected(len(model.players), index)
    given = written("energies", energies)  # decimals keep their digits
    energies = checked_windows(given, len(model.losses), method)
    if method == "exact":
        return _exact(model, sizes, given, selection, ar)
    samples = within("samples", checked_integer("samples", samples, 2), SAMPLES, "a run of fewer tells the error")
    within("n", sum(sizes), MOST, "try sg.complexity(model) for large N")
    log_mean, stderr, effective, seed = sample_mean_count(
        model, sizes, energies, selection, samples, rng, executor, store, progress
    )
    return Estimate(float(log_mean), stderr, samples, effective, seed)


def _exact(model, sizes, energies, index, ar):
    """Return the exact count on one sphere; the energies as they were given, with all their digits."""
    n = _one_sphere(model, sizes)
    value = exact_log_count(model, n, energies, index, ar)
    if ar.vectorised:
        return Estimate(float(value), 0.0, 0, 0.0, None)
    with ar.precision():
        log_mean = -ar.infinity if value == 0 else ar.log(value)
        return Estimate(ar.result(+log_mean), 0.0, 0, 0.0, None, value)


def _one_sphere(model, sizes):
    """Return the dimension, or say which method knows several spheres."""
    if len(model.fractions) > 1:
        raise NotImplementedError(
            f"method='exact': expected one sphere, got {len(model.fractions)}; several have no closed form: "
            "use sg.mean_count with method='montecarlo'"
        )
    return sizes[0]


def count_density(
    model: SphericalGame,
    n: int,
    energies: Numbers,
    index: int | str | Sequence[int | None] | None = None,
    *,
    cumulative: bool = False,
    arithmetic: Arithmetic | None = None,
) -> Numbers:
    r"""Return the logarithm of the mean number of equilibria per unit energy at finite N, exactly, on one sphere.

    .. math:: \log\frac{d}{du} E\,\#\{L/\sqrt N < u,\ \mathrm{index}\} \qquad\text{or}\qquad
              \log E\,\#\{L/\sqrt N < u,\ \mathrm{index}\}

    Parameters
    ----------
    model : SphericalGame
        Of one sphere.
    n : int
        Dimension N, at least 2.
    energies : float array of any shape
        Energy densities :math:`u = L/\sqrt N`; with an arithmetic numbers of it.
    index : None, int or "each"
        Number of negative eigenvalues of the Hessian: any, one, or all of 0 .. N-1 along a last axis of the result.
    cumulative : bool
        The mean number below each energy instead of its derivative.
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``; ``sg.balls(digits)`` for enclosures with proof.

    Returns
    -------
    array of the shape of the energies (and N), or one number
        Natural logarithms; over N they approach ``sg.complexity(model)``.  -inf where there are none, or where the
        logarithm is itself beyond float64.

    Raises
    ------
    ValueError, TypeError, NotImplementedError
        For wrong arguments, in one line; for several spheres; for N beyond 10000 (100 at an index), with digits 600
        (30).

    Notes
    -----
    *Accuracy*: float64 1e-12 + 2e-15 of the logarithm up to N = 40, 1e-11 at N = 100.  mp: all digits.  balls: with
    proof.  Energies share the places where determinants are averaged: a thousand cost little more than ten.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Theorem 2.1; Mehta (2004), Random Matrices, ch. 20.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> sg.count_density(sg.pure(3), 20, [-1.7, -1.5], index=0).round(6)
    array([-0.064158,  2.800413])
    >>> minima, saddles = sg.count_density(sg.pure(3), 3, np.inf, "each", cumulative=True)[:2]
    >>> print(np.exp([minima, saddles]).round(8))
    [3.13808994 4.27617987]
    """
    instance("model", model, SphericalGame, "a SphericalGame such as sg.pure(3)")
    size = _one_sphere(model, sphere_sizes(n, model.fractions))
    curve = exact_log_cumulative if cumulative else exact_log_density
    return curve(model, size, energies, index, arithmetic)


def checked_windows(energies, losses, method="montecarlo"):
    """Return None or one (lo, hi) per loss."""
    if energies is None:
        return None
    windows = real_points("energies", energies, infinite=True)
    if windows.shape == (2,) and losses == 1:
        windows = windows[None, :]
    if windows.shape != (losses, 2):
        raise ValueError(f"energies: expected {losses} pairs (lo, hi), one per loss, got {shown(energies)}")
    if np.any(windows[:, 0] >= windows[:, 1]):
        raise ValueError(f"energies: expected lo < hi, got {shown(energies)}")
    windows = np.where(np.abs(windows) < FAR, windows, np.copysign(np.inf, windows))
    if method == "montecarlo" and np.any(windows[:, 0] == windows[:, 1]):
        raise ValueError(f"energies: expected a part of the window within +-{FAR:g}, got {shown(energies)}")
    return windows
