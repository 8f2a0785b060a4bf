"""Numbers of figures in quick mode, and a recipe of two parts to try caches, tables and pictures on."""

import functools

import numpy as np
import pytest

from spinglass import figures
from spinglass.figures import results


class Laboratory:
    """A recipe whose computations are counted and can be told to fail."""

    def __init__(self):
        self.done, self.broken = [], set()

    def part(self, key, size):
        if key in self.broken:
            raise ArithmeticError(key)
        self.done.append(key)
        return np.arange(size) + 0.5

    def parts(self, quick):
        size = 2 if quick else 4
        return {"x": np.arange(size), **{key: functools.partial(self.part, key, size) for key in ("a b", "c/d")}}

    def recipe(self, name="paper-1"):
        def parts(quick):
            return self.parts(quick)

        return figures.Recipe(name, "a title", parts, lambda data, axes: axes[0, 0].plot(data["x"], data["a b"]))


@pytest.fixture
def laboratory(monkeypatch):
    made = Laboratory()
    monkeypatch.setattr(results, "recipe", made.recipe)
    return made


@pytest.fixture(scope="session")
def computed():
    """Return a function that computes a figure in quick mode, once."""
    made = {}

    def data(name):
        if name not in made:
            made[name] = figures.data(name, quick=True)
        return made[name]

    return data
