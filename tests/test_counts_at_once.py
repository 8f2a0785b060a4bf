"""Several sizes, indices and windows at once: every number is that of its own call, to the last bit."""

import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg

INF = np.inf
PURE, MIXED, GAN, PAIR = sg.pure(3), sg.mixed({1: 0.3, 3: 1}), sg.gan(2, 1, 0.5, 0.5), sg.bipartite(1, 2, kappa=0.5)
FEW = {"samples": 300, "rng": 5}


@pytest.fixture(autouse=True)
def few_samples_are_enough_here():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the effective sample size is only")
        yield


@pytest.mark.parametrize("model", [PURE, MIXED], ids=["pure", "in a field"])
@pytest.mark.parametrize("digits", [None, 20])
def test_every_exact_number_is_that_of_its_own_call(model, digits):
    arithmetic = None if digits is None else sg.mp(digits)
    sizes, indices, windows = [3, 4], [None, 0], [(-INF, -1.2), (-1.2, 0.3)]
    at_once = sg.mean_count(
        model, np.array(sizes)[:, None, None], windows, np.array(indices)[:, None], arithmetic=arithmetic
    )
    assert at_once.log_mean.shape == at_once.mean.shape == at_once.stderr.shape == (2, 2, 2)
    for i, j, k in np.ndindex(2, 2, 2):
        one = sg.mean_count(model, sizes[i], windows[k], indices[j], arithmetic=arithmetic)
        assert at_once.log_mean[i, j, k] == one.log_mean and at_once.mean[i, j, k] == one.mean
    assert (at_once.stderr == 0).all() and at_once.method == "exact" and at_once.samples == 0


@pytest.mark.parametrize(
    ("model", "sizes", "indices"),
    [
        (GAN, [(2, 2), (2, 3)], [(0, 0), (1, None)]),
        (PAIR, [(2, 2), (3, 2)], [0, None]),
        (PURE, [[4], [6]], [1, None]),
    ],
    ids=["gan", "bipartite", "pure"],
)
def test_every_sampled_number_is_that_of_its_own_call(model, sizes, indices):
    options = {"method": "montecarlo", "samples": 300, "rng": 5}
    at_once = sg.mean_count(model, sizes, index=indices, **options)
    assert (at_once.method, at_once.samples, at_once.seed) == ("montecarlo", 300, 5)
    shape = (2, 2) if model is PURE else (2,)  # of all pairs, or of one with the other
    for i in range(2):
        one = sg.mean_count(model, sizes[i] if model is not PURE else sizes[i][0], index=indices[i], **options)
        for name in ("log_mean", "mean", "stderr", "effective_samples"):
            found = getattr(at_once, name)
            assert found.shape == shape and found[(i,) * len(shape)] == getattr(one, name)


def test_a_generator_gives_all_questions_one_seed():
    at_once = sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, rng=np.random.default_rng(3))
    assert at_once == sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, rng=at_once.seed)
    assert at_once == sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, rng=np.random.default_rng(3))
    assert at_once != sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, rng=at_once.seed + 1)
    alone = [sg.mean_count(GAN, sizes, samples=300, rng=at_once.seed).log_mean for sizes in ((2, 2), (3, 3))]
    assert at_once.log_mean.tolist() == alone
    unseeded = sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300)
    assert unseeded == sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, rng=unseeded.seed)


@pytest.mark.parametrize(
    ("model", "arguments", "shape"),
    [
        (PURE, (5,), ()),
        (PURE, ((5,),), ()),
        (PURE, (np.int64(5),), ()),
        (PURE, (np.array(5),), ()),
        (PURE, ([5],), (1,)),
        (PURE, ([(5,), 6],), (2,)),
        (PURE, (range(4, 7),), (3,)),
        (PURE, ([[4, 5], [6, 7]],), (2, 2)),
        (PURE, (5, None, (1,)), ()),
        (PURE, (5, None, [1]), (1,)),
        (PURE, (5, None, [None, 0, (1,)]), (3,)),
        (PURE, (5, None, range(5)), (5,)),
        (PURE, (5, (-1, 1)), ()),
        (PURE, (5, [-1, 1]), ()),
        (PURE, (5, ((-1, 1),)), ()),
        (PURE, (5, [(-1, 1)]), (1,)),
        (PURE, (5, np.array([[-1, 1], [1, 2]])), (2,)),
        (PURE, (5, [(-INF, "-0.1"), ("-1/10", INF)]), (2,)),
        (PURE, (5, np.full((2, 3, 2), [-1, 1])), (2, 3)),
        (PURE, ([4, 5, 6], [[(-1, 0)], [(0, 1)]], [0, 1, None]), (2, 3)),
        (GAN, (6,), ()),
        (GAN, ((3, 3),), ()),
        (GAN, ([3, 3],), ()),
        (GAN, ([(3, 3)],), (1,)),
        (GAN, ([[3, 3], [2, 4]],), (2,)),
        (GAN, (np.array([4, 4]),), (2,)),
        (GAN, (np.array([4, 5, 6]),), (3,)),
        (GAN, (range(4, 6),), (2,)),
        (GAN, ([(3, 3), 6],), (2,)),
        (GAN, (np.array([[3, 3], [2, 4]]),), (2,)),
        (GAN, (6, None, [0, 0]), ()),
        (GAN, (6, None, [(0, 0), None]), (2,)),
        (GAN, (6, None, np.array([[0, 0], [0, 1], [1, 0]])), (3,)),
        (GAN, (6, [(-9, 9), (-9, 9)]), ()),
        (GAN, (6, ((-9, 9), (-9, 9))), ()),
        (GAN, (6, [[(-9, 9), (-9, 9)]]), (1,)),
        (GAN, (6, np.full((3, 2, 2), [-9, 9])), (3,)),
    ],
)
def test_tuples_are_one_question_and_lists_are_many(model, arguments, shape):
    options = {} if model is PURE else {"samples": 70, "rng": 1}
    estimate = sg.mean_count(model, *arguments, **options)
    assert np.shape(estimate.log_mean) == np.shape(estimate.mean) == np.shape(estimate.stderr) == shape
    assert np.shape(estimate.effective_samples) == shape
    assert "\n" not in repr(estimate) + str(estimate) and len(repr(estimate)) < 200


@settings(deadline=None, max_examples=10)
@given(
    st.lists(st.integers(2, 7), min_size=1, max_size=3),
    st.lists(st.none() | st.integers(0, 1), min_size=1, max_size=3),
    st.lists(st.tuples(st.floats(-3, 0.5), st.floats(0.6, 3)), min_size=1, max_size=2),
    st.sampled_from([PURE, MIXED]),
)
def test_any_grid_of_questions(sizes, indices, windows, model):
    grid = sg.mean_count(model, [[[n]] for n in sizes], windows, [[k] for k in indices]).log_mean
    assert grid.shape == (len(sizes), len(indices), len(windows))
    for i, j, k in np.ndindex(grid.shape):
        assert grid[i, j, k] == sg.mean_count(model, sizes[i], windows[k], indices[j]).log_mean


@pytest.mark.parametrize(
    ("model", "arguments", "keywords", "error", "words"),
    [
        (PURE, ([],), {}, ValueError, "n: expected at least one entry"),
        (PURE, ([[5], [5, 6]],), {}, ValueError, "n: expected lists of one length"),
        (PURE, (np.array([5.0]),), {}, TypeError, "n: expected an integer"),
        (PURE, (np.array([True]),), {}, TypeError, "n: expected an integer"),
        (PURE, (np.ma.masked_array([5, 6], [0, 1]),), {}, TypeError, "n: expected numbers, got masked entries"),
        (PURE, (np.arange(20_000),), {}, ValueError, "n: expected at most 10000 entries"),
        (PURE, (range(10**12),), {}, ValueError, "n: expected at most 10000 entries"),
        (PURE, (np.full((200, 1), 5), None, np.zeros((1, 200), int)), {}, ValueError, "expected at most 10000"),
        (PURE, ([5, 6], None, [0, 1, 2]), {}, ValueError, r"n, energies, index: expected shapes that broadcast"),
        (PURE, (5, None, [0, 9]), {}, ValueError, "index: expected at most N - 1 = 4"),
        (PURE, (5, None, [0.5]), {}, TypeError, "index: expected None"),
        (PURE, (5, None, [np.ma.masked]), {}, TypeError, "index: expected"),
        (PURE, (5, [(0, 1), (1, 0)]), {}, ValueError, "energies: expected lo < hi"),
        (PURE, (5, [(0, 1), (1,)]), {}, ValueError, "energies: expected lists of one length"),
        (PURE, (5, [(0, 1, 2)]), {}, ValueError, "energies: expected 1 pairs"),
        (PURE, (5, [(0, np.nan)]), {}, ValueError, "energies: expected numbers, got nan"),
        (PURE, (5, []), {}, ValueError, "energies: expected 1 pairs"),
        (PURE, ([5, 6],), {"method": "exactly"}, ValueError, "method: expected one of exact, montecarlo"),
        (GAN, ([4, 5, 6],), {}, ValueError, r"n: expected 2 entries, .* or np.array\(\[4, 5, 6\]\) for totals"),
        (GAN, (np.array([[4, 4, 4]]),), {}, ValueError, "n: expected 2 entries"),
        (GAN, (6, None, [0, 0, 0]), {}, ValueError, "index: expected 2 entries"),
        (GAN, (6, None, [(0, 0), 0]), {}, ValueError, "index: expected a tuple of 2"),
        (GAN, (6, [(-1, 1)]), {}, ValueError, "energies: expected 2 pairs"),
        (GAN, ([(3, 3), (2, 4)],), {"store": "."}, ValueError, "store: expected the path of a file"),
        (GAN, ([(3, 3), (2, 4)],), {"store": 3}, TypeError, "store: expected a path"),
        (GAN, ([(3, 3), (2, 1)],), {}, ValueError, "n .sizes of the spheres.: expected an integer of at least 2"),
        (GAN, (6,), {"arithmetic": sg.mp(9)}, NotImplementedError, "leave it out for method='montecarlo'"),
        (GAN, (6,), {"method": "exact"}, NotImplementedError, "expected one sphere, got 2"),
        (
            GAN,
            (6,),
            {"method": "montecarlo", "arithmetic": sg.mp(9)},
            ValueError,
            "no closed form",
        ),
    ],
)
def test_other_questions_are_refused_in_one_line(model, arguments, keywords, error, words):
    with pytest.raises(error, match=words) as caught:
        sg.mean_count(model, *arguments, **({"samples": 70} if model is GAN else {}), **keywords)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("model", [PURE, MIXED], ids=["pure", "in a field"])
@pytest.mark.parametrize("index", [None, 0])
def test_ends_beyond_all_energies_are_infinite(model, index):
    for arithmetic in (None, sg.mp(12)):
        far = sg.mean_count(model, 4, [(-1e300, 1e300), (-0.5, 1e300), (-1e300, -0.5)], index, arithmetic=arithmetic)
        infinite = sg.mean_count(model, 4, [(-INF, INF), (-0.5, INF), (-INF, -0.5)], index, arithmetic=arithmetic)
        np.testing.assert_allclose(far.mean.astype(float), infinite.mean.astype(float), rtol=1e-12)
    with pytest.raises(ValueError, match="energies: expected moderate or infinite ends for "):
        sg.mean_count(model, 4, (-1e300, -0.5), index, arithmetic=sg.balls(12))
    for arithmetic in (None, sg.mp(12), sg.balls(12)):
        with pytest.raises(ValueError, match="energies: expected a window of width 1e-200 at least"):
            sg.mean_count(model, 4, (0, 5e-324), index, arithmetic=arithmetic)


def test_a_list_that_holds_itself_is_refused():
    endless: list = []
    endless.append(endless)
    with pytest.raises(ValueError, match="n: expected at most 10000 entries in at most 8 axes"):
        sg.mean_count(PURE, endless)


def test_every_question_keeps_its_own_store(tmp_path):
    path = tmp_path / "run.sqlite"
    first = sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, store=path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["run-0.sqlite", "run-1.sqlite"]
    (tmp_path / "run-1.sqlite").unlink()  # a run that was stopped before its second question
    assert sg.mean_count(GAN, [(2, 2), (3, 3)], samples=300, store=path) == first
    alone = sg.mean_count(GAN, (3, 3), samples=300, store=tmp_path / "run-1.sqlite")
    assert (alone.seed, alone.log_mean) == (first.seed, first.log_mean[1])
    with pytest.raises(ValueError, match="belongs to another run"):
        sg.mean_count(GAN, [(3, 3), (2, 2)], samples=300, store=path)


def test_which_question_met_no_samples_is_said():
    with pytest.raises(ArithmeticError, match=r"n=\(30, 10\), energies=None, index \(1, 1\): none of 64 samples met"):
        sg.mean_count(sg.gan(3, 3, 1.0, 0.9), (30, 10), index=[(None, None), (1, 1)], samples=64, rng=1)


def test_the_method_is_the_one_that_exists():
    assert sg.mean_count(PURE, 5).method == "exact" and sg.mean_count(PURE, 5, arithmetic=sg.mp(9)).method == "exact"
    sampled = sg.mean_count(PURE, 5, method="montecarlo", **FEW)
    assert sampled.method == sg.mean_count(GAN, 5, **FEW).method == "montecarlo"
    assert sg.mean_count(GAN, 5, **FEW) == sg.mean_count(GAN, 5, method="montecarlo", **FEW)


def test_estimates_say_what_they_are():
    exact = sg.mean_count(PURE, 10, index=0)
    assert repr(exact) == "Estimate(mean 6.08039, log_mean 1.80507, exact)"
    assert str(exact) == "log mean 1.80507 +/- 0 (mean 6.08039, exact)"
    sampled = sg.mean_count(PURE, 10, method="montecarlo", samples=2000, rng=1)
    assert f"+/- {sampled.stderr:.2g}, montecarlo, 2000 samples worth" in repr(sampled) and "seed 1)" in repr(sampled)
    huge = sg.mean_count(PURE, [2000, 4000])
    assert (huge.mean == INF).tolist() == [False, True] and huge.log_mean[1] > 1000 and "inf" in repr(huge)
    for estimate in (exact, sampled, huge, sg.mean_count(PURE, [3, 4], arithmetic=sg.mp(20))):
        assert pickle.loads(pickle.dumps(estimate)) == estimate != sg.mean_count(PURE, 3)
        assert hash(pickle.loads(pickle.dumps(estimate))) == hash(estimate)
    assert exact != 6.08


@pytest.mark.parametrize("cumulative", [False, True])
def test_curves_of_several_indices(cumulative):
    u = [[-1.7, -1.5, 0.2], [-1.3, 0.0, 1.0]]
    curves = sg.count_density(MIXED, 6, u, [[0, None], [2, 5]], cumulative=cumulative)
    assert curves.shape == (2, 3, 2, 2)
    for place, k in np.ndenumerate(np.array([[0, None], [2, 5]])):
        np.testing.assert_array_equal(curves[(..., *place)], sg.count_density(MIXED, 6, u, k, cumulative=cumulative))
    assert sg.count_density(PURE, 4, -1.0, [1]).shape == (1,)
    digits = sg.count_density(PURE, 4, [-1.0, 0.5], range(2), cumulative=cumulative, arithmetic=sg.mp(20))
    np.testing.assert_allclose(
        digits.astype(float), sg.count_density(PURE, 4, [-1.0, 0.5], [0, 1], cumulative=cumulative)
    )
    with pytest.raises(ValueError, match="try index='each' alone"):
        sg.count_density(PURE, 4, 0.0, ["each"], cumulative=cumulative)


def test_warnings_say_which_question_they_are_of():
    game = sg.gan(2, 1, 0.5, 0.5)
    with pytest.warns(RuntimeWarning) as caught:
        sg.mean_count(game, (8, 8), index=[(0, 0), (1, 0)], samples=64, rng=1)
    texts = [str(one.message) for one in caught]
    assert [f"sizes [8, 8], index [{k}, 0]" in text for k, text in enumerate(texts)] == [True, True]
    assert all(one.filename == __file__ for one in caught)
