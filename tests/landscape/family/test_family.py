"""What a family knows before any coefficient is drawn."""

import numpy as np
import pytest

import spinglass as sg
from spinglass.landscape.family import family as module
from spinglass.landscape.family.family import coefficients_of, family_of


def test_games_that_differ_by_sizes_share_a_family():
    """Couplings and coefficients of other sizes: the members differ, the family does not."""
    first = sg.SphericalGame([0.5, 0.5], [{(2, 1): 1}, {(1, 2): 1}], [[1, 2], [0.5, -1]], [[0], [1]])
    second = sg.SphericalGame([0.5, 0.5], [{(2, 1): 9}, {(1, 2): 3}], [[4, 1], [2, -0.5]], [[0], [1]])
    families = [family_of(game, (2, 3)) for game in (first, second)]
    assert families[0].key == families[1].key != family_of(first, (3, 2)).key
    np.testing.assert_array_equal(families[0].weights, families[1].weights)


def test_a_draw_is_a_member_of_its_family():
    """Gradients of a draw, from its own couplings, are those of the family's monomials at its coefficients."""
    game = sg.SphericalGame([0.5, 0.5], [{(2, 1): 1, (1, 0): 0.5}, {(1, 2): 1}], [[1, 2], [0.5, -1]], [[0], [1]])
    draw = game.draw((2, 3), rng=1)
    family, coefficients = family_of(draw.game, draw.sizes), coefficients_of(draw)
    for name in ("starts", "variables", "fields"):
        np.testing.assert_array_equal(getattr(family, name), getattr(draw, name))
    np.testing.assert_allclose(
        family.weights[family.fields].T * coefficients, draw.weights[draw.fields].T * draw.coefficients
    )


def test_no_monomial_is_listed_before_a_path_is_followed(monkeypatch):
    monkeypatch.setattr(module, "monomials", lambda *_: pytest.fail("monomials were listed"))
    family = family_of(sg.mixed({3: 1, 4: 0.321}), (12,))
    assert family.sharp and family.orbits == family.bound == 3**12 - 1
    assert family_of(sg.pure(3), (12,)).orbits == 2**12 - 1
