"""The quenched complexity beside the annealed one: both curves, their zeros, and where they meet."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.plotting.style import COLOURS

HIERARCHICAL = sg.mixed({3: 0.5, 16: 0.033})


@pytest.fixture
def ax():
    return Figure().add_subplot()


def curves(ax):
    return [line for line in ax.lines if str(line.get_label()).startswith(("annealed", "quenched"))]


def test_both_curves_over_the_window_where_they_differ(ax):
    assert sg.plotting.quenched(HIERARCHICAL, ax) is ax
    annealed, quenched = curves(ax)
    u = annealed.get_xdata()
    both = [sg.complexity(HIERARCHICAL, method) for method in ("annealed", "quenched")]
    np.testing.assert_allclose(annealed.get_ydata(), both[0](u), rtol=1e-14)
    some = slice(None, None, 10)
    wanted = both[1](u[some])
    np.testing.assert_allclose(quenched.get_ydata()[some], np.where(np.isfinite(wanted), wanted, np.nan))
    lowest = [c.lowest_energy() for c in both]
    assert u[0] < lowest[0] < lowest[1] < u[-1]
    gap = (annealed.get_ydata() - quenched.get_ydata())[np.isfinite(quenched.get_ydata())]
    assert gap[-1] == pytest.approx(0, abs=1e-9) and gap[0] > 1e-4 and np.all(gap > -1e-12)
    marked = [line.get_xydata() for line in ax.lines if line.get_marker() in ("o", "s")]
    np.testing.assert_allclose(np.concatenate(marked), [[lowest[0], 0], [lowest[1], 0]])
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [f"annealed: $u_0$ = {lowest[0]:.6g}", f"quenched: $u_0$ = {lowest[1]:.6g}"]


def test_the_colour_is_that_of_the_index_and_lines_tell_them_apart(ax):
    u = np.linspace(-1.2934, -1.291, 3)
    sg.plotting.quenched(HIERARCHICAL, ax, index=0, energies=u, mark=False)
    annealed, quenched = curves(ax)
    assert {to_hex(line.get_color()) for line in (annealed, quenched)} == {COLOURS[1].lower()}
    assert annealed.get_linewidth() > 2 * quenched.get_linewidth() and annealed.get_zorder() < quenched.get_zorder()
    assert annealed.get_alpha() < 0.5 and quenched.get_alpha() is None  # so that both are seen where they are one
    assert len(ax.lines) == 3  # with the line of height 0
    np.testing.assert_allclose(quenched.get_ydata(), sg.complexity(HIERARCHICAL, "quenched")(u, index=0))


def test_of_a_pure_model_they_are_the_same(ax):
    sg.plotting.quenched(sg.pure(3), ax, index=0, lw=3)
    annealed, quenched = curves(ax)
    np.testing.assert_array_equal(annealed.get_ydata(), quenched.get_ydata())
    assert annealed.get_linewidth() == quenched.get_linewidth() == 3
    assert quenched.get_label().endswith("(the same)")
    lowest = sg.complexity(sg.pure(3)).lowest_energy()
    assert annealed.get_xdata()[0] < lowest < annealed.get_xdata()[-1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sg.plotting.quenched(3), "model: expected"),
        (lambda: sg.plotting.quenched(sg.gan(2, 1, 0.5, 0.5)), "several spheres"),
        (lambda: sg.plotting.quenched(sg.mixed({1: 0.1, 3: 1})), "random field"),
        (lambda: sg.plotting.quenched(HIERARCHICAL, index=1), "index"),
        (lambda: sg.plotting.quenched(HIERARCHICAL, energies=[-1.29]), "at least two numbers"),
        (lambda: sg.plotting.quenched(HIERARCHICAL, mark=0), "mark: expected True or False"),
    ],
)
def test_what_has_no_quenched_complexity_is_refused(call, message):
    with pytest.raises((TypeError, ValueError, NotImplementedError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
