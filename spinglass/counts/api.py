"""``sg.mean_count`` and ``sg.count_density``: equilibria at finite N, handed to the method that can answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.complexity.further.parabola import Parabolic
from spinglass.complexity.further.spiked_tensor import Spiked
from spinglass.counts.estimate import Estimate, together
from spinglass.counts.parabola import parabola_counts
from spinglass.finite.count import exact_log_count
from spinglass.finite.energy_curves import exact_log_cumulative, exact_log_density
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import broadcast, checked_integer, instance, one_of, real_points, shown, written
from spinglass.inputs.several import MOST as MOST_AT_ONCE
from spinglass.inputs.several import questions, windows
from spinglass.models import SphericalGame
from spinglass.models.selection import selected
from spinglass.montecarlo.estimate import sample_mean_count
from spinglass.montecarlo.spike import sample_spiked_count
from spinglass.running.store import checked_path, seed_of_run
from spinglass.spectra.sampling import sphere_sizes

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import FilePath, Indices, Numbers, Seed, Sizes

FAR = 1e100  # energies that no sample reaches
MOST, SAMPLES = 4000, 10**9  # dimensions whose Jacobians are sampled, and samples

METHODS = ("exact", "montecarlo")


def mean_count(
    model: SphericalGame | Spiked | Parabolic,
    n: Sizes,
    energies: Numbers | None = None,
    index: Indices = None,
    method: str | None = None,
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
    model : SphericalGame, Spiked or Parabolic
        Spiked from sg.spiked: by sampling, at energies :math:`u = -\sqrt2 x`, the spike's included.  Parabolic from
        sg.parabolic: exactly, without windows of energies.
    n : int, tuple of int, or lists and arrays of them
        Total dimension N (spheres share it by their fractions, at least 2 each) or N_s for every sphere.
    energies : None, (lo, hi), one (lo, hi) per loss, or lists and arrays of them
        Windows of the energy densities :math:`L/\sqrt N`; infinite ends are allowed.
    index : None, int, tuple, or lists and arrays of them
        Number of negative eigenvalues of every player's own Hessian; None for any.
    method : {"exact", "montecarlo"}, optional
        "exact" integrates the formula, on one sphere without a spike.  "montecarlo" samples it, for any game.  By
        default the exact one where there is a formula, and the other elsewhere; ``.method`` says which.
    samples : int
        At least 2; rounded to nothing: the samples are exactly so many.
    rng : int, SeedSequence, Generator or None
        Sample i depends on the seed and i only: the result is bitwise the same for any executor and after a kill.
    executor : concurrent.futures.Executor, optional
        Threads on all cores by default; a ProcessPoolExecutor, a Dask client's ``get_executor()``, MPIPoolExecutor.
    store : path, optional
        SQLite file that keeps finished chunks; the same call again continues where a killed one stopped.  Several
        questions have a file each, ``run.sqlite`` becomes ``run-0.sqlite``, ``run-1.sqlite``, ..
    progress : bool
        Show a bar.
    arithmetic : arithmetic, optional
        For method="exact": float64 by default; ``sg.mp(digits)``; ``sg.balls(digits)`` for enclosures with proof;
        ``sg.symbols`` for the closed form of all points.  ``.mean`` and ``.log_mean`` are then numbers of it.

    Returns
    -------
    Estimate
        ``.log_mean``, ``.mean``, ``.stderr`` (of log_mean), ``.samples``, ``.effective_samples``, ``.seed``,
        ``.method``; of several questions arrays.

    Raises
    ------
    ValueError, TypeError, NotImplementedError
        For wrong arguments, in one line; for an N that would take minutes: "exact" goes to 10000 (100 at an index),
        with digits to 1000 (600 in a window, 30 at an index), "montecarlo" to 4000; for a spike beyond k = 1000 or
        ``lambda_`` = 1e4.
    ArithmeticError
        If no sample met the conditions.

    Warns
    -----
    RuntimeWarning
        If the effective sample size is below 100.

    Notes
    -----
    *Several at once*: a tuple is one question; the axes of lists and arrays of n, index and energies broadcast and
    are those of the answer.  Each number is that of its own call to the last bit; random ones share the seed and are
    not independent of each other.  On one sphere lists hold sizes, indices, pairs (lo, hi): ``[10, 20]``, ``[0, 1]``,
    ``[(-2, -1.6), (-1.6, -1.5)]``.  For games they hold tuples, or arrays their rows, ``[(4, 4), (6, 6)]`` and
    ``[(0, 0), (0, 1)]``, windows one pair per loss; a flat list of one number per sphere or player is that tuple, and
    an array ``np.array([10, 20])`` holds totals.

    *Accuracy*: the standard error falls like one over the square root of the samples.  Normals are drawn from a mixture
    of tilted Gaussians.  What is left is the scatter of the determinant, which grows with N: at a given index, and
    where players are weakly coupled, own blocks are therefore drawn by their determinants (to 150 rows; partly in
    Python, so that processes help more than threads).  An index that the Gaussian law of matrices makes rare, as local
    Nash equilibria of strongly coupled players, stays out of reach, and the effective sample size says so.

    *With a spike* the overlap m with it is integrated over as well, and the spike in the Hessian stays in one entry of
    its tridiagonal form (derived in :mod:`spinglass.montecarlo.spike`).  At an index the determinant scatters much: of
    all minima of ``sg.spiked(3, 1.)`` at N = 100 a sample in 200 counts, of those near the spike every other.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Lemma 3.1; Adler, Taylor (2007), Random Fields and Geometry, ch. 11.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(round(sg.mean_count(sg.pure(3), 3).mean, 8))
    10.55235974
    >>> sg.mean_count(sg.pure(3), [[10], [20]], index=[0, 1]).mean.round(2)  # sizes by indices
    array([[ 6.08, 16.37],
           [11.01, 44.05]])
    >>> estimate = sg.mean_count(sg.pure(3), 3, method="montecarlo", samples=20_000, rng=1)
    >>> abs(estimate.log_mean - 2.356313) < 5 * estimate.stderr  # log 10.5524
    True
    >>> print(sg.mean_count(sg.pure(3), 3, arithmetic=sg.mp(30)).mean)
    10.5523597411975803099057113882
    >>> estimate = sg.mean_count(sg.spiked(3, 1.5), 50, (-9, -1.75), samples=2000, rng=1)
    >>> abs(estimate.mean - 1) < .1  # the minimum near the spike
    True
    """
    instance("model", model, (SphericalGame, Spiked, Parabolic), "a SphericalGame such as sg.pure(3)")
    ar = resolve(arithmetic)
    if isinstance(model, Parabolic):
        return parabola_counts(model, n, energies, index, method, ar)
    method = _method(model, method, ar)
    shape, asked = asked_at_once(model, n, energies, index)
    if method == "exact":
        return together([_exact(model, question, ar) for question in asked], shape)
    samples = within("samples", checked_integer("samples", samples, 2), SAMPLES, "a run of fewer tells the error")
    stores = [store] if store is None or not shape else numbered(store, len(asked))
    seed = seed_of_run(rng, stores[0])  # one for all, also of a Generator
    answers = []
    for i, question in enumerate(asked):
        options = {"samples": samples, "executor": executor, "store": stores[i % len(stores)], "progress": progress}
        try:
            answers.append(_sampled(model, question, seed, options))
        except ArithmeticError as error:
            which = "n={}, energies={}, {}: ".format(*question) if shape else ""
            raise ArithmeticError(f"{which}{error}") from None
    return together(answers, shape)


def _method(model, method, ar):
    """Return the method that was asked for, or the one that exists."""
    if method is not None:
        one_of("method", method, METHODS)
    spheres = len(model.fractions)
    if isinstance(model, Spiked):
        return _method_with_spike(model, method, ar)
    if method == "montecarlo" and not ar.vectorised:
        other = "try method='exact'" if spheres == 1 else "several spheres have no closed form"
        raise ValueError(f"arithmetic: expected None for a Monte Carlo estimate, got {shown(ar)}; {other}")
    if method is None and spheres > 1 and not ar.vectorised:
        raise NotImplementedError(
            f"arithmetic: expected None for {spheres} spheres, which have no closed form, got {shown(ar)}; "
            "leave it out for method='montecarlo'"
        )
    return method or ("exact" if spheres == 1 else "montecarlo")


def _method_with_spike(model, method, ar):
    """Return the only method that counts with a spike."""
    other = f"try sg.pure({model.k}), which it is" if not model.lambda_ else "leave it out"
    if method == "exact":
        raise NotImplementedError(f"method='exact': a tensor with a spike is counted by Monte Carlo only; {other}")
    if not ar.vectorised:
        raise NotImplementedError(f"arithmetic: expected None for a Monte Carlo estimate, got {shown(ar)}; {other}")
    return "montecarlo"


def asked_at_once(model, n, energies, index):
    """Return the shape of the answer and its questions: sizes of the spheres, energies as given, which points."""
    n = questions("n", n, len(model.fractions), totals=True)
    energies, index = windows("energies", energies, len(model.losses)), questions("index", index, len(model.players))
    shape = broadcast("n, energies, index", n, energies, index)
    within("n, energies, index: questions at once", math.prod(shape), MOST_AT_ONCE, "try fewer")
    return shape, [
        (sphere_sizes(size, model.fractions), written("energies", window), selected(len(model.players), k))
        for size, window, k in np.broadcast(n, energies, index)
    ]


def numbered(store, count):
    """Return paths beside a path, with a number before the ending of its name.

    Examples
    --------
    >>> from spinglass.counts.api import numbered
    >>> [path.name for path in numbered("run.sqlite", 2)]
    ['run-0.sqlite', 'run-1.sqlite']
    """
    path = Path(checked_path(store))
    if not path.name:
        raise ValueError(f"store: expected the path of a file, got {shown(store)}")
    return [path.with_name(f"{path.stem}-{i}{path.suffix}") for i in range(count)]


def _exact(model, question, ar):
    """Return the exact count on one sphere; the energies as they were given, with all their digits."""
    sizes, energies, index = question
    n = _one_sphere(model, sizes)
    checked_windows(energies, len(model.losses), "exact")
    value = exact_log_count(model, n, energies, index, ar)
    if ar.vectorised:
        return Estimate(float(value), 0.0, 0, 0.0, None)
    with ar.precision():
        log_mean = -ar.infinity if value == 0 else ar.log(value)
        return Estimate(ar.result(+log_mean), 0.0, 0, 0.0, None, "exact", value)


def _sampled(model, question, rng, options):
    """Return the estimate of one question by sampling."""
    sizes, energies, index = question
    windows = checked_windows(energies, len(model.losses))
    within("n", sum(sizes), MOST, "try sg.complexity(model) for large N")
    sample = sample_spiked_count if isinstance(model, Spiked) else sample_mean_count
    log_mean, stderr, effective, seed, history = sample(model, sizes, windows, index, rng=rng, **options)
    return Estimate(float(log_mean), stderr, options["samples"], effective, seed, "montecarlo", history=history)


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
    index: int | str | Sequence[Any] | NDArray[np.int64] | None = None,
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
    index : None, int, "each", or a list or array
        Number of negative eigenvalues of the Hessian: any, one, all of 0 .. N-1 along a last axis of the result, or
        those of a list along the last axes.
    cumulative : bool
        The mean number below each energy instead of its derivative.
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``; ``sg.balls(digits)`` for enclosures with proof.

    Returns
    -------
    array of the shape of the energies (and N, or the shape of the indices), or one number
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
    chosen = questions("index", index, 1)
    if not chosen.shape:
        return curve(model, size, energies, index, arithmetic)
    if any(isinstance(k, str) for k in chosen.flat):
        raise ValueError(f"index: expected integers or None in a list, got {shown(index)}; try index='each' alone")
    curves = np.stack([curve(model, size, energies, k, arithmetic) for k in chosen.flat], axis=-1)
    return curves.reshape(curves.shape[:-1] + chosen.shape)


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
