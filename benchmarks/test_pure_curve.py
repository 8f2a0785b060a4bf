"""How many logarithms does a point of a one-sphere complexity cost?"""

import numpy as np
import pytest

import spinglass as sg

POINTS = 1_000_000
LIMIT = 10.0

MODELS = {"pure": sg.pure(3), "mixed": sg.mixed({3: 0.5, 4: 0.5})}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("index", [None, 1])
def test_curve(race, report, name, index):
    energies = np.linspace(-2.0, -1e-6, POINTS)
    sizes = -energies
    c = sg.complexity(MODELS[name])
    limited = name == "pure" and index is None
    ours, logarithms = race(lambda: c(energies, index=index), lambda: np.log(sizes), rounds=15)
    report(
        question=f"{name} c(u), {'any index' if index is None else f'index {index}'}, a point",
        size=f"{POINTS} energies",
        ours=ours / POINTS,
        baseline=logarithms / POINTS,
        against="numpy.log",
        least=1 / LIMIT if limited else None,
    )
