"""Every bound that a proof of equilibria relies on, each where it alone decides."""

import itertools
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.landscape import api, collected
from spinglass.landscape.proof import candidates
from spinglass.landscape.proof.certificate import prove
from spinglass.landscape.proof.krawczyk import SHRUNK, Work
from spinglass.landscape.proof.real_roots import gershgorin_indices

flint = pytest.importorskip("flint")


# -- boxes that meet ---------------------------------------------------------------------------------------------------


def pairs(z, radii):
    return {tuple(pair) for pair in candidates.meeting(np.asarray(z), np.asarray(radii)).T.tolist()}


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_boxes_that_touch_in_a_corner_meet(n):
    """Centres apart along the signs of the direction of projection, where nothing else brings the shadows together."""
    for radii in ([1.0, 1.0], [1.0, 1e-3], [1e-9, 2e-9]):
        for signs in itertools.product((-1, 1), repeat=2 * n):
            corner = (np.array(signs[:n]) + 1j * np.array(signs[n:])) * sum(radii)
            z = np.zeros((2, n), dtype=complex)
            z[1] = corner * (1 - 1e-12)
            assert pairs(z, radii) == {(0, 1)}
            z[1] = corner * (1 + 1e-12)
            z[1, 1:] /= 2  # one coordinate is enough
            assert pairs(z, radii) == set()


def test_small_boxes_that_touch_far_away_meet_in_spite_of_rounding():
    """Centres are 2^40 radii from the origin: the rounding of their projections is larger than the boxes."""
    rng, signs = np.random.default_rng(1), np.array(list(itertools.product((-1, 1), repeat=4)))
    assert signs.shape == (16, 4)
    for corner in signs[:, :2] + 1j * signs[:, 2:]:
        for place in rng.integers(-(2**40), 2**40, size=(20, 2, 2)):
            z = place[0] + 1j * place[1]
            assert pairs(np.array([z, z + 2 * corner]) * 2.0**-20, [2.0**-20, 2.0**-20]) == {(0, 1)}


@pytest.mark.parametrize("seed", range(5))
def test_boxes_meet_where_every_pair_is_compared(seed):
    rng = np.random.default_rng(seed)
    z = rng.integers(-2, 3, size=(60, 2)) / 4 + 1j * rng.integers(-2, 3, size=(60, 2)) / 4
    radii = rng.choice([1 / 16, 1 / 8, 1 / 4], size=60)  # numbers whose sums are exact: many boxes just touch
    apart = z[:, None] - z[None, :]
    distance = np.maximum(np.abs(apart.real), np.abs(apart.imag)).max(axis=2)
    expected = {(i, j) for i, j in itertools.combinations(range(60), 2) if distance[i, j] <= radii[i] + radii[j]}
    touching = {(i, j) for i, j in expected if distance[i, j] == radii[i] + radii[j]}
    assert pairs(z, radii) == expected and 10 < len(touching) < len(expected)


# -- the test of Krawczyk ----------------------------------------------------------------------------------------------


def krawczyk(spread, value=0.0, centre=0.25):
    """Run the test on one unknown with an equation of this value and a slope in 1 +- spread; return what is known."""

    def at_balls(z, real):
        return [[flint.arb(value)]]

    def jacobians(z, real):
        return [[flint.arb(1, spread)]]

    equations = SimpleNamespace(n=1, unknowns=1, at_balls=at_balls, jacobians=jacobians)
    work = Work(flint, equations, np.full((1, 1), centre, dtype=complex), np.array([True]), np.array([0]))
    with flint.ctx.workprec(64):
        work._krawczyk([0], [[flint.arb(centre)]], [flint.arb_mat(1, 1, [1])], True)
    return work


def test_a_box_must_be_mapped_into_its_interior():
    assert krawczyk(0.98).isolated[0] and krawczyk(0.98).real[0]
    for spread in (SHRUNK + 1e-3, 1.0, 1.005):  # a slope that may be 0 may have two zeros
        work = krawczyk(spread)
        assert not work.isolated[0] and not work.real[0] and work.radii[0] == np.inf


def test_the_radius_holds_the_zero_after_the_step():
    """A line of uncertain slope: the box is the smaller image, around the new place."""
    for spread, value in itertools.product((0.05, 0.5), (2.0**-10, -(2.0**-10))):
        work = krawczyk(spread, value)
        zeros = [0.25 - value / (1 + spread), 0.25 - value / (1 - spread)]
        assert work.isolated[0] and np.abs(np.array(zeros) - work.z[0].real).max() <= work.radii[0] < 4 * abs(value)


def test_the_radius_is_that_of_the_least_known_coordinate():
    """Two lines, one of a slope known to a half, the other to a millionth: in either order."""
    for spreads in ((0.5, 1e-6), (1e-6, 0.5)):
        slopes = [flint.arb(1, spreads[0]), flint.arb(0), flint.arb(0), flint.arb(1, spreads[1])]
        equations = SimpleNamespace(
            n=2,
            unknowns=2,
            at_balls=lambda z, real: [[flint.arb(2.0**-10)], [flint.arb(2.0**-10)]],
            jacobians=lambda z, real, slopes=slopes: [slopes],
        )
        work = Work(flint, equations, np.zeros((1, 2), dtype=complex), np.array([True]), np.array([0]))
        with flint.ctx.workprec(64):
            work._krawczyk([0], [[flint.arb(0)], [flint.arb(0)]], [flint.arb_mat(2, 2, [1, 0, 0, 1])], True)
        zeros = [-(2.0**-10) / (1 - spread) for spread in spreads]
        assert work.isolated[0] and np.abs(work.z[0].real - zeros).max() <= work.radii[0]


def test_radii_hold_irrational_roots_that_floats_miss():
    """Eigenvectors of 2 x 2 matrices: roots are off by the rounding of float64, more than their balls are wide."""
    off = []
    for a, b, d in [(0.0, 1.0, 0.0), (1.0, 2.0, -1.0), (0.5, 3.0, 0.25), (1.0, 1.0, 0.0), (2.0, 0.125, 1.0)]:
        system = SimpleNamespace(sizes=(2,), exponents=np.eye(2, dtype=int), coefficients=np.array([[a, b], [b, d]]))
        vectors = np.linalg.eigh([[a, b], [b, d]])
        proof = prove(system, np.column_stack([vectors[1].T, vectors[0]]), 4, [[1, 1], [-1, -1]])
        assert proof.proven and len(proof.solutions) == 2
        with mpmath.workdps(40):
            for z, radius in zip(proof.solutions, proof.radii, strict=True):
                root = mpmath.sqrt((mpmath.mpf(a) - d) ** 2 / 4 + mpmath.mpf(b) ** 2)
                value = (mpmath.mpf(a) + d) / 2 + (root if z[2].real > (a + d) / 2 else -root)
                x, y = mpmath.mpf(b), value - a
                size = mpmath.sqrt(x * x + y * y) * (1 if z[0].real * b > 0 else -1)
                errors = [abs(mpmath.mpf(v.real) - w) for v, w in zip(z, (x / size, y / size, value), strict=True)]
                off.append(float(max(errors)))
                assert max(errors) <= radius
    assert max(off) > 2e-17


# -- the index ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "decided"), [(1.9, True), (2.05, False), (2.3, False), (3.9, False)])
def test_discs_that_reach_zero_leave_the_index_open(size, decided):
    """All entries off by size / k: the rows add up, and from 2 k / (k - 1) on a sign is another one."""
    n = 9
    floats = np.eye(n + 1)
    floats[n, n] = 1.0  # times -1 as the constraint is bordered
    exact = np.diag([1.0] * n + [-1.0])
    exact[:n, :n] -= size / (2 * (n + 1))
    equations = SimpleNamespace(
        sizes=(n,), n=n, unknowns=n + 1, sphere=np.zeros(n, dtype=int), at_floats=lambda z: (None, None, floats[None])
    )
    work = SimpleNamespace(
        equations=equations,
        real=np.array([True]),
        z=np.zeros((1, n + 1), dtype=complex),
        jacobians={0: [flint.arb(v) for v in exact.ravel().tolist()]},
    )
    index = int((np.linalg.eigvalsh(exact) < 0).sum()) - 1
    assert index == int(size > 2 * (n + 1) / n)
    assert gershgorin_indices(flint, work, [[0]], np.array([0])).tolist() == [[index if decided else -1]]


# -- the count ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bound", "words"), [(3, "4 roots are proven, more than the bound 3"), (5, "4 of 5 roots")])
def test_a_list_that_differs_from_its_bound_by_one_is_not_proven(bound, words):
    system = SimpleNamespace(sizes=(2,), exponents=np.eye(2, dtype=int), coefficients=np.diag([1.0, 2.0]))
    proof = prove(system, [[1, 0, 1], [0, 1, 2]], bound, [[1, 1], [-1, -1]])
    assert not proof.proven and proof.count == 4 and words in proof.reason


# -- points, energies and their images ---------------------------------------------------------------------------------


def test_bounds_of_an_image_change_places():
    bounds = np.array([[[-1.0, 3.0], [2.0, 5.0]], [[0.0, 0.5], [-4.0, -3.0]]])  # (points, losses, 2)
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [0, 1]])
    images = collected._image_bounds(bounds, signs)
    assert images.shape == (8, 2, 2)
    assert images[:4, 0].tolist() == [[-1, 3], [-3, 1], [-3, 1], [-np.inf, np.inf]]
    assert images[:4, 1].tolist() == [[2, 5], [2, 5], [-5, -2], [2, 5]]
    assert images[4:, 0].tolist() == [[0, 0.5], [-0.5, 0], [-0.5, 0], [-np.inf, np.inf]]


@pytest.mark.parametrize("seed", range(3))
def test_energies_of_images_lie_between_their_bounds(seed):
    """An odd loss: half of the points are images, with the opposite energy."""
    draw = sg.pure(3).draw(4, rng=seed)
    points = sg.critical_points(draw)
    low, high = np.moveaxis(points.energy_bounds[:, 0], -1, 0)
    assert points.proven and points.count > 0 and np.all(low < high)
    np.testing.assert_allclose(np.sort(low), -np.sort(high)[::-1], rtol=0, atol=0)


def test_a_point_moved_onto_its_sphere_moves_away_from_its_root(monkeypatch):
    """Off the root by delta in every coordinate, a point may move by half as much again as it is normalised."""
    root, delta = np.array([0.5, 0.5, 0.5, -0.5]), 2.0**-20
    near = np.append(root + delta, 1.0)
    certificate = SimpleNamespace(
        proven=True,
        reason="made up",
        solutions=near[None].astype(complex),
        real=np.array([True]),
        radii=np.array([delta]),
        energies=np.zeros((1, 1, 2)),
        index=np.zeros((1, 1), dtype=int),
    )
    monkeypatch.setattr(api, "prove_solutions", lambda *_: certificate)
    points = sg.critical_points(sg.pure(3).draw(4, rng=1))
    errors = np.abs(np.abs(points.points[0]) - np.abs(root)).max(axis=1)
    assert points.proven and np.all(errors > 1.49 * delta) and np.all(errors <= points.radius)
