"""LaTeX of the symbolic derivation against a parser, and refusals."""

import functools
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest
import sympy
from matplotlib.mathtext import MathTextParser

import spinglass as sg
from spinglass import symbolic
from spinglass.symbolic import covariance

sys.path.append(str(Path(__file__).parent))
games = import_module("_games")
MODELS = games.MODELS
Q = games.Q
general_game = games.general_game
three_species = games.three_species


@pytest.fixture(scope="module", params=list(MODELS))
def model(request):
    return MODELS[request.param]()


@pytest.fixture(scope="module")
def parse():
    parser = MathTextParser("path")
    return functools.cache(lambda formula: parser.parse(f"${formula}$"))


# -- LaTeX ----------------------------------------------------------------------------------------------------------


def test_every_formula_of_a_derivation_parses(model, parse):
    text = symbolic.derivation(model)
    displayed = re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL)
    inline = re.findall(r"\$([^$]+)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.DOTALL))
    assert len(displayed) > 30 and len(inline) > 20
    assert text.count("$$") == 2 * len(displayed) and text.isascii() and r"\begin" not in text
    for formula in displayed + inline:
        parse(formula.replace("\n", " "))
    assert all(f"## Step {step}." in text for step in range(1, 7))


def test_latex_of_everything_parses(parse):
    law = symbolic.local_law(symbolic.gan())
    system = symbolic.dyson(law)
    gan = [law, system, symbolic.elimination(system), symbolic.mean_field(system)]
    game = sg.gan(3, 2, sigma_z=0.5, kappa=0.6)
    steps = [game, symbolic.of(game), symbolic.covariance_table(), *gan, sg.complexity(sg.mixed({3: 1, 4: 2}))]
    steps += [symbolic.complexity(symbolic.gan(), index=(1, 0)), symbolic.closed_forms(symbolic.bipartite())]
    steps += [symbolic.complexity(sg.pure(4), index=2), sg.complexity(game), sympy.eye(2), 3, 0.5]
    for step in steps:
        parse(symbolic.latex(step))
    assert symbolic.latex(sg.pure(3)).startswith(r"\xi_{1} = q_{1}^{3}")
    assert law._repr_markdown_().count("$$") == 2 * len(law.formulas())


# -- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: symbolic.pure(1), ValueError, "at least 2"),
        (lambda: symbolic.pure("p"), TypeError, "sympy expression"),
        (lambda: symbolic.gan(kappa=1), ValueError, "strictly between 0 and 1"),
        (lambda: symbolic.gan(sigma_z=0), ValueError, "positive"),
        (lambda: symbolic.mixed([3]), TypeError, "mapping"),
        (lambda: symbolic.mixed({3: -1}), ValueError, "positive number"),
        (lambda: symbolic.of(3), TypeError, "SphericalGame"),
        (lambda: symbolic.SymbolicGame([1, 1], [Q[0] * Q[1]], [[1]], [[0, 1]]), ValueError, "sum 1"),
        (lambda: symbolic.SymbolicGame([1], [Q[1]], [[1]], [[0]]), ValueError, "q_1"),
        (lambda: symbolic.SymbolicGame([1], [Q[0] * Q[1]], [[1]], [[0]]), ValueError, "got also q_2"),
        (lambda: symbolic.SymbolicGame([1], [Q[0] ** 2], [[1, 1]], [[0]]), ValueError, "1 weights"),
        (lambda: symbolic.SymbolicGame([1], [Q[0] ** 2], [[0]], [[0]]), ValueError, "does not depend"),
        (lambda: symbolic.SymbolicGame([1], [Q[0] ** 2], [[1]], [[1]]), ValueError, "players"),
        (lambda: symbolic.SymbolicGame([1], [], [[1]], [[0]]), ValueError, "at least one"),
        (
            lambda: symbolic.local_law(symbolic.SymbolicGame([1], [-(Q[0] ** 2)], [[1]], [[0]])),
            ValueError,
            "no covariance",
        ),
        (lambda: symbolic.elimination(three_species()), NotImplementedError, "3 species"),
        (lambda: symbolic.elimination(general_game()), NotImplementedError, "row signs"),
        (lambda: symbolic.elimination(symbolic.pure(), species=1), ValueError, "from 0 to 0"),
        (lambda: symbolic.elimination(symbolic.pure(), species=0.5), TypeError, "int"),
        (lambda: symbolic.mean_field(symbolic.bipartite()), ValueError, "v_12 = v_22"),
        (lambda: symbolic.closed_forms(three_species()), NotImplementedError, "3 species"),
        (lambda: symbolic.closed_forms(symbolic.pure())["E_inf"], KeyError, "threshold"),
        (lambda: symbolic.complexity(symbolic.mixed({1: 1})), ValueError, "linear"),
        (lambda: symbolic.complexity(symbolic.pure(), index=-1), ValueError, "at least 0"),
        (lambda: symbolic.complexity(symbolic.bipartite(), index=0), NotImplementedError, "2 species"),
        (lambda: symbolic.latex("x"), TypeError, "sympy expression"),
        (lambda: symbolic.latex([1]), TypeError, "sympy expression"),
        (lambda: symbolic.derivation("pure"), TypeError, "SphericalGame"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, error, words):
    with pytest.raises(error, match=re.escape(words)) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_user_symbols_without_assumptions_are_recognised():
    q = sympy.Symbol("q_1")
    assert symbolic.SymbolicGame([1], [q**3], [[1]], [[0]]) == symbolic.pure(3)
    assert hash(symbolic.pure(3)) == hash(symbolic.of(sg.pure(3)))


@pytest.mark.parametrize("left", [((0, 1, 2),), ((0,),), ([0, 1],), 3, ((0, 3),), ((1, 0),)])
def test_derivatives_are_pairs_of_a_sphere_and_a_coordinate(left):
    (q,) = covariance.overlaps(1)
    with pytest.raises(TypeError, match=r"^left: expected pairs \(sphere, coordinate\), .*"):
        covariance.moment(q**3, [q], left, ((0, 1),))
