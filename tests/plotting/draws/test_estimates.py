"""The convergence of an estimate: the history is what shorter runs would have said, and it is what is drawn."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import spinglass as sg
from spinglass.montecarlo import estimate as sampler
from spinglass.plotting import style


@pytest.fixture
def ax():
    return Figure().add_subplot()


def run(samples, **kwargs):
    return sg.mean_count(sg.pure(3), 4, method="montecarlo", samples=samples, rng=3, **kwargs)


def test_every_row_of_a_history_is_the_run_that_stopped_there(tmp_path):
    whole = run(4000)
    assert whole.history[:, 0].tolist() == [1024, 2048, 3072, 4000]
    for samples, *numbers in whole.history:
        shorter = run(int(samples), store=tmp_path / "run.sqlite")
        assert numbers == [shorter.log_mean, shorter.stderr, shorter.effective_samples]
    np.testing.assert_array_equal(run(4000, store=tmp_path / "run.sqlite").history, whole.history)


def test_long_histories_are_thinned_and_end_with_the_whole(monkeypatch):
    monkeypatch.setattr(sampler, "ROWS", 5)
    history = run(20_000).history
    assert len(history) <= 5 and history[0, 0] == 1024 and history[-1, 0] == 20_000
    np.testing.assert_array_equal(history[-1, 1:3], [run(20_000).log_mean, run(20_000).stderr])


def test_rows_without_a_hit_are_left_out():
    record = np.array([0.0, 3.0, 5.0, 3.0])
    rows = sampler.history([sampler.NOTHING, record, record], 3000, 1.0)
    assert rows[:, 0].tolist() == [2048, 3000]
    np.testing.assert_allclose(rows[:, 1], 1 + np.log(3 / rows[:, 0]))


def test_the_history_is_drawn_with_one_standard_error(ax):
    estimate, exact = run(4000), sg.mean_count(sg.pure(3), 4)
    assert sg.plotting.convergence(estimate, ax, exact=exact) is ax
    samples, log_mean, stderr = estimate.history.T[:3]
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), np.stack([samples, log_mean], axis=1))
    corners = ax.collections[0].get_paths()[0].vertices
    for edge in (log_mean - stderr, log_mean + stderr):
        assert all(np.any(np.all(np.isclose(corners, point), axis=1)) for point in zip(samples, edge, strict=True))
    assert set(ax.lines[1].get_ydata()) == {exact.log_mean}
    assert ax.get_xscale() == "log" and ax.lines[0].get_color() == style.SAMPLED
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    value, error = (float(x) for x in labels[0].removeprefix("Monte Carlo: ").split(r" $\pm$ "))
    assert abs(value - estimate.log_mean) <= error and error == pytest.approx(estimate.stderr, rel=0.5)
    assert labels[1] == f"exact: {exact.log_mean:.4f}"


def test_a_second_estimate_takes_another_colour_and_leaves_the_axis(ax):
    ax.set_xscale("linear")
    ax.plot([0, 5000], [3.0, 3.0], color="red")
    sg.plotting.convergence(run(3000), ax)
    sg.plotting.convergence(run(2000), ax, lw=3)
    first, second = ax.lines[1:]
    assert to_hex(first.get_color()) != to_hex(second.get_color()) and second.get_linewidth() == 3
    assert ax.get_xscale() == "linear"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sg.plotting.convergence(sg.mean_count(sg.pure(3), 3)), "expected one of method='montecarlo'"),
        (lambda: sg.plotting.convergence(sg.mean_count(sg.pure(3), [3, 4])), "of one question"),
        (lambda: sg.plotting.convergence(3.0), "estimate: expected an estimate"),
        (lambda: sg.plotting.convergence(run(2000), exact="x"), "exact: expected numbers"),
        (lambda: sg.plotting.convergence(run(2000), legend=1), "legend: expected True or False"),
    ],
)
def test_what_has_no_samples_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
