"""Critical points as a sequence: single points go back into the draw, parts of a list know what they are."""

import json
import pickle
import sys

import numpy as np
import pytest

import spinglass as sg
from spinglass.counts import count_density
from spinglass.landscape import CriticalPoint, CriticalPoints

from ._games import GAMES

games = pytest.mark.parametrize(("game", "sizes"), GAMES.values(), ids=GAMES)


@pytest.fixture(scope="module")
def draw():
    return sg.pure(3).draw(4, rng=1)


@pytest.fixture(scope="module")
def points(draw):
    return sg.critical_points(draw, proof=False)


@games
def test_a_point_goes_straight_back_into_its_draw(game, sizes):
    draw = game.draw(sizes, rng=3)
    points = sg.critical_points(draw, proof=False)
    assert len(points) == points.count == len(list(points)) == len(np.asarray(points))
    assert np.asarray(points).shape == (points.count, sum(sizes))
    for place, point in enumerate(points):
        assert isinstance(point, CriticalPoint) and np.shape(point) == (sum(sizes),)
        assert np.abs(draw.gradient(point)).max() < 1e-11
        np.testing.assert_allclose(draw.energies(point), point.energies, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(draw.losses(point), np.sqrt(sum(sizes)) * point.energies, rtol=1e-12, atol=1e-14)
        assert draw.hessian(point).shape == (sum(sizes), sum(sizes))
        np.testing.assert_array_equal(draw.indices(point), np.atleast_1d(point.index))
        np.testing.assert_array_equal(points.index[place], point.index)
        assert [x.shape for x in point.x] == [(size,) for size in sizes]
        assert all(np.array_equal(x, rows[place]) for x, rows in zip(point.x, points.points, strict=True))
        for one, parts in zip(
            np.split(draw.gradient(point), np.cumsum(sizes)[:-1]), draw.gradient(point.x), strict=True
        ):
            np.testing.assert_array_equal(one, parts)
    if points.count:
        assert draw.gradient(points).shape == (points.count, sum(sizes))
        np.testing.assert_allclose(draw.energies(points), points.energies, rtol=1e-12, atol=1e-14)
        np.testing.assert_array_equal(draw.energies(points.points), draw.energies(points))


def test_energies_are_those_of_the_exact_count():
    """Minima that descents find lie where nearly all minima are; losses in their place would not."""
    n, model = 30, sg.pure(3)
    draw = model.draw(n, rng=5)
    x = np.random.default_rng(5).standard_normal((12, n))
    x /= np.linalg.norm(x, axis=1)[:, None]
    for _ in range(2000):
        x = x - 0.01 * draw.gradient(x)
        x /= np.linalg.norm(x, axis=1)[:, None]
    assert np.abs(draw.gradient(x)).max() < 1e-3 and (draw.indices(x) == 0).all()
    u = np.linspace(-2.2, -0.9, 400)
    below = np.exp(count_density(model, n, u, 0, cumulative=True) - sg.mean_count(model, n, index=0).log_mean)
    low, high = np.interp([1e-4, 1 - 1e-3], below, u)
    energies = draw.energies(x)[:, 0]
    assert -1.8 < low < energies.min() <= energies.max() < high < -1.1
    ground = sg.complexity(model).lowest_energy()  # -E_0, where the lowest of a large draw lies
    assert ground - 0.2 < energies.min() < ground + 0.2
    assert (draw.losses(x) / n > high).all() and (draw.losses(x) < low).all()


def test_one_place_gives_a_point_and_many_give_points(points):
    assert points[-1].energies == points[13].energies == points[np.int64(13)].energies
    assert type(points[0].index) is int and type(points[0].residual) is float and type(points[0].sign) is int
    low = points[points.index == 0]
    assert isinstance(low, CriticalPoints) and len(low) == 3 and (low.index == 0).all()
    assert [p.energies.tolist() for p in low] == [p.energies.tolist() for p in points if p.index == 0]
    for key in (slice(2, 5), [2, 3, 4], np.arange(2, 5), range(2, 5), np.isin(np.arange(14), [2, 3, 4]).tolist()):
        np.testing.assert_array_equal(np.asarray(points[key]), np.asarray(points)[2:5])
    assert len(points[:0]) == len(points[[]]) == 0 and np.asarray(points[:0]).shape == (0, 4)
    assert list(points[:0]) == [] and points[:0].morse_sum() == 0 and points[:0].table()


def test_a_part_of_a_complete_list_is_not_complete(points):
    part = points[:5]
    assert points.complete and not part.complete and part.roots == points.roots == 30
    assert part.note.startswith("5 of 14 points; ") and "at least" in repr(part)
    assert not points[[0] * 14].complete  # as many, but not all
    for whole in (points[:], points[::-1], points[points.condition > 0], points[np.argsort(points.index)]):
        assert whole.complete and whole.note == points.note and whole.morse_sum() == points.morse_sum()
    assert part[:2].note.startswith("2 of 5 points; 5 of 14 points; ")


def test_what_is_proven_of_single_points_is_proven_of_parts():
    pytest.importorskip("flint")
    points = sg.critical_points(sg.gan(2, 1, 0.5, 0.5).draw((2, 2), rng=1))
    nash = points[(points.index == 0).all(axis=1)]
    assert points.proven and nash.proven and not nash.complete and "each proven" in repr(nash)
    assert len(nash) == 4 and all(p.proven and p.radius < 1e-12 for p in nash)
    assert "(0, 0), proven" in repr(nash[0])
    assert not any(p.proven for p in sg.critical_points(sg.pure(3).draw(3, rng=1), proof=False))


@pytest.mark.parametrize(
    ("key", "error"),
    [
        *((key, IndexError) for key in (14, -15, 10**400, [20], [0, -15], [True], np.ones(15, bool))),
        *((key, TypeError) for key in (1.0, "a", (0, 1), [1.5], True, None, np.ones((2, 2), int), [[1], [2, 3]], 1j)),
        *((key, TypeError) for key in ({1: 2}, object(), np.array(1.0), np.array(["a"]), ...)),
    ],
)
def test_other_keys_are_refused_in_one_line(points, key, error):
    with pytest.raises(error, match="points: expected an integer below 14, a slice, a mask of 14") as caught:
        points[key]
    assert "\n" not in str(caught.value)


def test_points_survive_pickling(draw, points):
    again, one = pickle.loads(pickle.dumps(points)), pickle.loads(pickle.dumps(points[2]))
    assert again.to_dict() == points.to_dict() and repr(one) == repr(points[2])
    np.testing.assert_array_equal(one, points[2])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(draw)).losses(one), draw.losses(points[2]))


def test_parts_can_be_stored(points):
    assert points.model == points[:2].model and "model" not in points.to_dict()
    content = json.loads(json.dumps(points[points.index == 1].to_dict()))
    assert content["count"] == len(content["index"]) == len(content["points"][0]) == 4
    assert content["complete"] is False and content["radius"] is None


def test_a_table_of_pandas(points):
    pandas = pytest.importorskip("pandas")
    frame = points.to_dataframe(coordinates=True)
    assert isinstance(frame, pandas.DataFrame) and len(frame) == 14
    np.testing.assert_array_equal(frame[["x1_1", "x1_2", "x1_3", "x1_4"]], points)
    np.testing.assert_array_equal(frame.energy, points.energies[:, 0])
    assert frame["index"].tolist() == points.index.tolist() and not frame.isna().any(axis=None)
    assert frame.attrs["complete"] and frame.attrs["roots"] == 30 and frame.attrs["seed"] == 1
    assert [c for c in points.to_dataframe() if c.startswith("x")] == []
    game = sg.critical_points(sg.gan(2, 1, 0.5, 0.5).draw((2, 3), rng=1), proof=False)
    frame = game.to_dataframe(coordinates=True)
    np.testing.assert_array_equal(frame[["index_1", "index_2"]], game.index)
    np.testing.assert_array_equal(frame[["energy_1", "energy_2"]], game.energies)
    np.testing.assert_array_equal(frame.filter(regex="^x2_"), game.points[1])
    assert len(game[:0].to_dataframe()) == 0


def test_without_pandas_a_table_is_refused_in_one_line(points, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas, or to_dict") as caught:
        points.to_dataframe()
    assert "\n" not in str(caught.value)
