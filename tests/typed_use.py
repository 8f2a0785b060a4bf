"""What a typed program sees of the package: `python -m mypy` reads this file strictly, nothing runs it."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

import matplotlib.axes
import numpy as np
from typing_extensions import assert_type

import spinglass as sg
from spinglass.complexity.api import Complexity
from spinglass.complexity.hessian import Hessian
from spinglass.counts import Estimate
from spinglass.landscape import CriticalPoint, CriticalPoints, Draw
from spinglass.models import LocalLaw, Table
from spinglass.montecarlo.sampled_spectra import SampledSpectrum
from spinglass.spectra.noise.batch_outliers import OutlierFit


def models() -> sg.SphericalGame:
    """Models, their local law, their Hessian."""
    model = sg.SphericalGame(fractions=[0.4, 0.6], fields=[{(2, 1): 1}], losses=[[1]], players=[[0, 1]])
    assert_type(sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9), sg.SphericalGame)
    assert_type(model.local_law(), LocalLaw)
    assert_type(model.local_law(overlaps=[0.5, 0.5]), Table)
    assert_type(model.hessian(-1.0), Hessian)
    assert_type(model.hessian(-1.0).law, sg.spectra.Law)
    return model


def complexities(model: sg.SphericalGame) -> float:
    """Rates, lowest energies, digits."""
    c = sg.complexity(model)
    assert_type(c, Complexity)
    assert_type(c.below([-1.7, -1.6], index=0), Any)
    assert_type(c.typical_energy(), float)
    c.lowest_energy(index=(0, None), arithmetic=sg.mp(30))
    sg.complexity("pure")  # type: ignore[arg-type]
    assert_type(sg.complexity(sg.parabolic(0.5)), Complexity)
    assert_type(sg.mean_count(sg.parabolic(0.5), 3), Estimate)
    assert_type(sg.mean_count(sg.spiked(3, 0.5), 3, index=0), Estimate)
    c.above(-1.6), c.within((-1.7, -1.6), index=0), c.highest_energy()
    c.total(index="each")  # type: ignore[arg-type]
    c.total(arithmetic="mp")  # type: ignore[arg-type]
    return sg.ground_state_energy(model)


def counts(model: sg.SphericalGame, executor: Executor) -> Estimate:
    """Mean numbers at finite N, with a seed of any kind."""
    seed = np.random.SeedSequence(1)
    assert_type(sg.mean_count(model, 10, index=0).method, str)
    sg.mean_count(model, [10, 20], [(-1.7, -1.6), (-1.6, -1.5)], [[0], [1]])
    sg.mean_count(model, np.arange(5, 10), index=(0, None))
    sg.mean_count(model, 10, method="montecarlo", samples=1.5)  # type: ignore[arg-type]
    return sg.mean_count(model, (4, 6), method="montecarlo", rng=seed, executor=executor, store="run.sqlite")


def landscapes(model: sg.SphericalGame) -> CriticalPoints:
    """One draw and its points."""
    draw = model.draw(6, rng=1)
    assert_type(draw, Draw)
    points = sg.critical_points(draw, proof=False)
    assert_type(points[0], CriticalPoint)
    assert_type(points[np.flatnonzero(points.index == 0)], CriticalPoints)
    assert_type([point.sign for point in points], list[int])
    draw.energies(points[0])
    points["lowest"]  # type: ignore[index]
    return points[:3]


def spectra() -> sg.spectra.Law:
    """Laws, noise, statistics of levels."""
    law = sg.spectra.Semicircle(variance=0.25) + sg.spectra.MarchenkoPastur(ratio=0.5)
    assert_type(law, sg.spectra.Law)
    assert_type(sg.spectra.fit_outliers([4, 8, 16], [[1.0, 2.0], [0.9, 1.8], [0.6, 1.1]]), OutlierFit)
    assert_type(law.sample(10, rng=np.random.default_rng(1)).shape, tuple[Any, ...])
    assert_type(sg.montecarlo.sampled_spectrum(law, 10, samples=3, rng=1), SampledSpectrum)
    sg.goe.density(5, [0.0, 1.0])
    sg.spectra.spacing_ratios(np.linalg.eigvalsh(law.sample(10)))
    return 2.0 * law - 1.0


def pictures(c: Complexity, ax: matplotlib.axes.Axes) -> matplotlib.axes.Axes:
    """Axes in, Axes out."""
    assert_type(sg.plotting.complexity(c, ax), matplotlib.axes.Axes)
    assert_type(c.plot(ax, lw=2), matplotlib.axes.Axes)
    assert_type(sg.mean_count(sg.pure(3), 5, method="montecarlo").plot(), matplotlib.axes.Axes)
    sg.plotting.phase_diagram(lambda kappa, s: sg.gan(3, 3, s, kappa), ax, x=[0.2, 0.5], y=[1e-3, 1e-2], index=(0, 0))
    sg.figures.save("games-1", sg.figures.data("games-1", quick=True), "figures")
    assert_type(sg.latex(sg.symbolic.pure()), str)
    return sg.plotting.spectrum(sg.spectra.Semicircle(), ax=ax, color="k")
