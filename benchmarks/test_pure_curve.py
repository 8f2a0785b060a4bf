"""How many logarithms does a point of a one-sphere complexity cost?"""

import numpy as np
import pytest

import spinglass as sg

POINTS = 1_000_000
LIMIT = 10.0

MODELS = {"pure": sg.pure(3), "mixed": sg.mixed({3: 0.5, 4: 0.5})}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("index", [None, 1])
def test_curve(median, baseline, report, name, index):
    energies = np.linspace(-2.0, -1e-6, POINTS)
    sizes = -energies
    c = sg.complexity(MODELS[name])
    limited = name == "pure" and index is None
    row = report(
        question=f"{name} c(u), {'any index' if index is None else f'index {index}'}, a point",
        size=f"{POINTS} energies",
        ours=median(lambda: c(energies, index=index), rounds=15) / POINTS,
        baseline=baseline(lambda: np.log(sizes), rounds=15) / POINTS,
        against="numpy.log",
        limit=f"{LIMIT:g} x slower" if limited else "",
    )
    if limited:
        assert row.ratio >= 1 / LIMIT
