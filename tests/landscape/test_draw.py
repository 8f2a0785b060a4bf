"""One draw has the covariance of its game, and derivatives that are derivatives."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass.landscape.draw import seed_of

from ._games import GAMES, along_geodesic, random_points, random_tangents, tangential

games = pytest.mark.parametrize(("game", "sizes"), GAMES.values(), ids=GAMES)
LARGEST_Z = 4.5  # of a few hundred z-scores in this file, fixed seeds


def xi(field, overlaps):
    return sum(float(c) * np.prod(np.power(overlaps, e)) for e, c in field)


def z_scores(samples, expected):
    """Return the z-scores of means over the first axis."""
    return (samples.mean(axis=0) - expected) / (samples.std(axis=0) / np.sqrt(len(samples)))


@pytest.mark.parametrize("name", ["mixed", "bipartite 2 1", "gan 2 1", "general"])
def test_losses_have_the_covariance_of_the_game(name):
    game, sizes = GAMES[name]
    rng = np.random.default_rng(1)
    x, y = random_points(sizes, rng), random_points(sizes, rng)
    both = [np.stack(pair) for pair in zip(x, y, strict=True)]
    losses = np.array([game.draw(sizes, rng=seed).losses(both) for seed in range(1500)])
    couplings = np.array(game.losses, dtype=float)
    for (i, one), (j, other) in [((0, x), (1, y)), ((0, x), (0, x)), ((1, y), (1, y))]:
        overlaps = [a @ b for a, b in zip(one, other, strict=True)]
        fields = np.diag([xi(field, overlaps) for field in game.fields])
        products = losses[:, i, :, None] * losses[:, j, None, :]
        assert np.abs(z_scores(products, couplings @ fields @ couplings.T)).max() < LARGEST_Z


@pytest.mark.parametrize("name", ["mixed", "gan 2 1", "general"])
def test_gradient_and_jacobian_have_the_local_law(name):
    game, sizes = GAMES[name]
    law = game.local_law()
    # at the point (e_1, e_1, ..) the other coordinates are tangential
    x = np.concatenate([np.eye(size)[0] for size in sizes])
    ends = np.cumsum(sizes)
    one, other = ends - 1, ends - np.array([2 if size > 2 else 1 for size in sizes])
    gradients, jacobians = [], []
    for seed in range(1200):
        draw = game.draw(sizes, rng=seed)
        gradients.append(draw.gradient(x))
        jacobians.append(draw.hessian(x))
    gradients, jacobians = np.array(gradients), np.array(jacobians)
    assert np.abs(z_scores(gradients[:, one] ** 2, law.gradient_variance)).max() < LARGEST_Z
    for s in range(len(sizes)):
        for t in range(len(sizes)):
            if one[s] != other[t]:  # an entry off the diagonal
                entry, mirrored = jacobians[:, one[s], other[t]], jacobians[:, other[t], one[s]]
                assert abs(z_scores(entry**2, law.jacobian_variance[s, t])) < LARGEST_Z
                assert abs(z_scores(entry * mirrored, law.jacobian_covariance[s, t])) < LARGEST_Z


@games
def test_derivatives_agree_with_differences_along_geodesics(game, sizes):
    rng = np.random.default_rng(2)
    draw = game.draw(sizes, rng=3)
    x = random_points(sizes, rng, (6,))
    v = random_tangents(x, rng)
    t = 1e-4
    forth, back = along_geodesic(x, v, t), along_geodesic(x, v, -t)
    slopes = (draw.losses(forth) - draw.losses(back)) / (2 * t)
    gradient = draw.gradient(x)
    for a, moved in enumerate(game.players):
        if len(moved) == len(sizes):
            predicted = sum((gradient[s] * v[s]).sum(axis=-1) for s in moved)
            np.testing.assert_allclose(slopes[:, a], predicted, atol=1e-5)
    # one sphere moved alone, so that the loss of its player changes by its own gradient
    for s, a in ((s, a) for a, moved in enumerate(game.players) for s in moved):
        ends = [[*x[:s], end[s], *x[s + 1 :]] for end in (forth, back)]
        slope = (draw.losses(ends[0]) - draw.losses(ends[1]))[:, a] / (2 * t)
        np.testing.assert_allclose(slope, (gradient[s] * v[s]).sum(axis=-1), atol=1e-5)
    changes = [(p - m) / (2 * t) for p, m in zip(draw.gradient(forth), draw.gradient(back), strict=True)]
    predicted = np.einsum("bij,bj->bi", draw.hessian(x), np.concatenate(v, axis=-1))
    np.testing.assert_allclose(np.concatenate(tangential(x, changes), axis=-1), predicted, atol=1e-4)


@games
def test_hessian_lives_on_the_tangent_spaces(game, sizes):
    draw = game.draw(sizes, rng=4)
    x = random_points(sizes, np.random.default_rng(5))
    hessian = draw.hessian(x)
    assert len(x) == len(sizes) > 0
    for s, y in zip(draw.spheres, x, strict=True):
        np.testing.assert_allclose(hessian[:, s] @ y, 0, atol=1e-12)
        np.testing.assert_allclose(y @ hessian[s], 0, atol=1e-12)
    if len(game.players) == 1:
        np.testing.assert_allclose(hessian, hessian.T, atol=1e-12)


@games
def test_index_is_that_of_the_hessian_in_tangent_coordinates(game, sizes):
    draw = game.draw(sizes, rng=6)
    x = random_points(sizes, np.random.default_rng(7), (5,))
    hessian = draw.hessian(x)
    indices = draw.indices(x)
    assert indices.shape == (5, len(game.players)) and game.players
    for b, counts in enumerate(indices):
        for moved, count in zip(game.players, counts, strict=True):
            frames = [scipy.linalg.null_space(x[s][b][None, :]) for s in moved]
            own = np.concatenate([np.r_[draw.spheres[s]] for s in moved])
            frame = scipy.linalg.block_diag(*frames)
            assert count == (np.linalg.eigvalsh(frame.T @ hessian[b][np.ix_(own, own)] @ frame) < 0).sum()


@games
def test_points_come_in_one_array_or_one_per_sphere(game, sizes):
    draw = game.draw(sizes, rng=8)
    x = random_points(sizes, np.random.default_rng(9), (2, 3))
    together = np.concatenate(x, axis=-1)
    np.testing.assert_array_equal(draw.losses(x), draw.losses(together))
    np.testing.assert_array_equal(draw.hessian(tuple(x)), draw.hessian(together))
    np.testing.assert_array_equal(np.concatenate(draw.gradient(x), axis=-1), draw.gradient(together))
    assert draw.losses(x).shape == (2, 3, len(game.players))
    assert [g.shape for g in draw.gradient(x)] == [y.shape for y in x]
    assert draw.gradient(together).shape == together.shape
    np.testing.assert_allclose(draw.losses([y[1, 2] for y in x]), draw.losses(x)[1, 2], atol=1e-13)
    np.testing.assert_allclose(draw.gradient(together[0, 1].tolist()), draw.gradient(together)[0, 1], atol=1e-13)


def test_arrays_of_different_spheres_broadcast():
    draw = sg.gan(2, 1, sigma_z=1, kappa=0.5).draw(6, rng=1)
    rng = np.random.default_rng(1)
    (x, _), (_, y) = random_points((3, 3), rng, (4,)), random_points((3, 3), rng)
    assert draw.losses((x, y)).shape == (4, 2)
    np.testing.assert_allclose(draw.losses((x, y))[2], draw.losses((x[2], y)), atol=1e-14)


@settings(deadline=None, max_examples=20)
@given(p=st.integers(2, 6), n=st.integers(2, 5), seed=st.integers(0, 1000))
def test_a_pure_loss_is_homogeneous(p, n, seed):
    draw = sg.pure(p).draw(n, rng=seed)
    x = random_points((n,), np.random.default_rng(seed))[0]
    np.testing.assert_allclose(draw.losses(-x), (-1) ** p * draw.losses(x))
    np.testing.assert_allclose(draw.multipliers(x), p * draw.losses(x))  # Euler


def test_large_draws_are_compact():
    draw = sg.pure(3).draw(100, rng=1)
    assert len(draw.coefficients) == 100 * 101 * 102 // 6
    # at a point that knows nothing of the draw the spectrum is a shifted semicircle of width 4 sqrt(6 N)
    eigenvalues = np.linalg.eigvalsh(draw.hessian(np.eye(100)[0]))
    assert 0.9 < (eigenvalues[-1] - eigenvalues[0]) / (4 * np.sqrt(6 * 100)) < 1.05


def test_the_seed_decides():
    model = sg.mixed({2: 1, 3: 1})
    x = np.eye(4)[0]
    first, second = model.draw(4, rng=7), model.draw(4, rng=8)
    assert first.losses(x) == model.draw(4, rng=7).losses(x) != second.losses(x)
    assert first.losses(x) == model.draw(4, rng=np.random.SeedSequence(7)).losses(x)
    spawned = np.random.SeedSequence(7).spawn(1)[0]
    generator = np.random.default_rng(7)
    for rng in (None, spawned, generator):
        draw = model.draw(4, rng=rng)
        assert model.draw(4, rng=draw.seed).losses(x) == draw.losses(x) != first.losses(x)
    assert seed_of(np.random.default_rng(1)) == seed_of(np.random.default_rng(1))


def test_sizes_are_rounded_from_the_fractions():
    assert sg.gan(2, 1, sigma_z=1, kappa=0.9).draw(10).sizes == (8, 2)
    assert sg.gan(2, 1, sigma_z=1, kappa=0.6).draw(10).sizes == (6, 4)
    assert sg.gan(2, 1, sigma_z=1, kappa=0.6).draw((3, 5)).sizes == (3, 5)
    assert sg.pure(3).draw((4,)).sizes == (4,)


@pytest.mark.parametrize(
    ("n", "rng", "error", "words"),
    [
        (1, 1, ValueError, "n: expected an integer of at least 2, got 1"),
        ((1,), 1, ValueError, r"n \(sizes of the spheres\): expected an integer of at least 2"),
        ((3, 3), 1, ValueError, r"n: expected 1 sizes \(one per sphere\), got 2"),
        (3.0, 1, TypeError, "n: expected an int"),
        ((3.0,), 1, TypeError, "expected an int"),
        (True, 1, TypeError, "n: expected an int"),
        (2000, 1, ValueError, "20000000 monomials in all fields, got 1335334000 .* try smaller"),
        (3, -1, ValueError, "rng: expected a non-negative int"),
        (3, "1", TypeError, "rng: expected an int"),
    ],
)
def test_a_draw_refuses(n, rng, error, words):
    with pytest.raises(error, match=words):
        sg.pure(3).draw(n, rng=rng)


def test_draws_of_huge_coefficients_are_those_of_others_times_a_number():
    x = np.eye(4)[0]
    huge, one = (sg.SphericalGame([1], [{3: 2.0**k}], [[2.0**-400]], [[0]]).draw(4, rng=1) for k in (1022, 0))
    for method in "losses", "gradient", "hessian":
        assert (getattr(huge, method)(x) == 2.0**511 * getattr(one, method)(x)).all()


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ([1.0, 0.0], "x: expected 4 coordinates"),
        (1.0, "x: expected 4 coordinates"),
        ([1.0, 0.0, 1.0, 1e-3], "length 1 on sphere 1"),
        ([1.0, 0.0, np.nan, 0.0], "expected finite numbers, got nan"),
        ([0.5, 0.0, 1.0, 0.0], r"length 0.5 on sphere 0; try x / \|x\|"),
        (([1.0, 0.0],), r"x: expected 2 arrays \(one per sphere\), got 1"),
        (([1.0, 0.0], [1.0, 0.0, 0.0]), "x: expected 4 coordinates"),
    ],
)
def test_points_off_the_spheres_are_refused(x, words):
    draw = sg.bipartite(1, 2, kappa=0.5).draw(4, rng=1)
    for method in (draw.losses, draw.gradient, draw.hessian, draw.indices, draw.multipliers):
        with pytest.raises(ValueError, match=words):
            method(x)
