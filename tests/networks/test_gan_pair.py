"""Two networks that play against each other: exact gradients, the layers they are made of, keyed training, errors."""

import numpy as np
import pytest

from spinglass.networks.data import digits
from spinglass.networks.tasks.gan_pair import Discriminator, Generator, play, players

D, G = Discriminator(3), Generator(2, latent=4)


def differences(function, place, step=1e-6):
    """Return the central differences of a function along every axis."""
    return np.array([(function(place + e) - function(place - e)) / (2 * step) for e in step * np.eye(len(place))])


def at_random(seed=1):
    """Return parameters with biases that are not 0, images and latent vectors."""
    draw = np.random.default_rng(seed)
    d, g = (player.start(seed) + 0.1 * draw.standard_normal(player.size) for player in (D, G))
    return d, g, np.tanh(draw.standard_normal((5, 64))), draw.standard_normal((4, 4))


def test_gradients_agree_with_differences():
    d, g, real, z = at_random()
    fake, kept = G.images(g, z)
    slope = differences(lambda w: D.loss(w, real, fake)[0], d)
    np.testing.assert_allclose(D.loss(d, real, fake)[1], slope, atol=1e-9)
    slope = differences(lambda w: G.loss(w, G.images(w, z)[1], D, d)[0], g)
    np.testing.assert_allclose(G.loss(g, kept, D, d)[1], slope, atol=1e-9)
    assert np.abs(slope).min() > 0  # every parameter takes part


def test_the_layers_are_convolutions():
    d, g, real, z = at_random()
    K, b1, v, b2 = D.arrays(d)
    padded = np.pad(real.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))[:, ::2, ::2]
    h = np.einsum("mijkl,klc->mijc", seen, K.reshape(3, 3, -1)) + b1
    expected = np.where(h > 0, h, 0.2 * h).reshape(5, -1) @ v + b2
    np.testing.assert_allclose(D.outputs(d, real)[0], expected[:, 0], rtol=1e-12)
    W, b1, K, b2 = G.arrays(g)
    h = z @ W + b1
    a = np.where(h > 0, h, 0.2 * h).reshape(4, 4, 4, 2)
    padded = np.pad(a.repeat(2, axis=1).repeat(2, axis=2), ((0, 0), (1, 1), (1, 1), (0, 0)))
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    expected = np.tanh(np.einsum("mijckl,ckl->mij", seen, K.reshape(2, 3, 3)) + b2)
    np.testing.assert_allclose(G.images(g, z)[0], expected.reshape(4, 64), rtol=1e-12)


def test_losses_are_cross_entropies():
    d, g, real, z = at_random()
    fake, kept = G.images(g, z)
    true, false = (1 / (1 + np.exp(-D.outputs(d, x)[0])) for x in (real, fake))
    assert D.loss(d, real, fake)[0] == pytest.approx(-np.log(true).mean() - np.log(1 - false).mean(), rel=1e-12)
    assert G.loss(g, kept, D, d)[0] == pytest.approx(-np.log(false).mean(), rel=1e-12)


def test_a_seed_gives_the_same_game_and_the_start_does_not_know_the_noise():
    x, pair = digits().train[0], players(0.5, 600)
    losses, parameters = play(*pair, x, 0.3, 8, rng=5)
    again, _ = play(*pair, x, 0.3, 8, rng=np.random.SeedSequence(5))
    assert np.array_equal(losses, again)
    assert [len(w) for w in parameters] == [player.size for player in pair]
    assert not np.array_equal(losses, play(*pair, x, 0.3, 8, rng=6)[0])
    # of another noise the starts and the images are the same: only what the generator does with it changes
    starts = [play(*pair, x, noise, 1, rng=5, rate=1e-12)[1] for noise in (1e-3, 30.0)]
    np.testing.assert_allclose(starts[0][0], starts[1][0], atol=1e-11)
    np.testing.assert_allclose(starts[0][1], starts[1][1], atol=1e-11)


def test_a_discriminator_alone_learns_and_a_pair_comes_to_the_mean_of_the_images():
    x = digits().train[0]
    pair = players(0.5, 600)
    losses, (_, g) = play(*pair, x, 1.0, 400, rng=1, batch=32, rate=5e-3)
    made = pair[1].images(g, np.random.default_rng(2).standard_normal((500, 6)))[0]
    start = pair[1].images(pair[1].start(1), np.random.default_rng(2).standard_normal((500, 6)))[0]
    assert losses[0, 0] > 1.0  # two times log 2 without a preference
    spread = [np.mean((y.std(axis=0) - x.std(axis=0)) ** 2) for y in (made, start)]
    assert spread[0] < 0.3 * spread[1]


def test_sizes_follow_the_share():
    for share in (0.1, 0.3, 0.5, 0.9):
        d, g = players(share, 2000)
        assert abs(d.size + g.size - 2000) <= 13  # half a channel of the discriminator
        assert abs(d.size - 2000 * share) <= 61 + 13  # half a channel of the generator


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Discriminator(0), "channels: expected an integer of at least 1, got 0"),
        (lambda: Generator(2, latent=0), "latent: expected an integer of at least 1, got 0"),
        (lambda: players(0.99, 2000), "share: expected one that leaves both players a channel of 2000 .*, got 0.99"),
        (lambda: players(1.5, 2000), "share: expected one .*, got 1.5"),
        (lambda: play(D, G, np.zeros((9, 63)), 1.0, 1), r"images: expected shape \(m, 64\), got \(9, 63\)"),
        (lambda: play(D, G, np.full((9, 64), 2.0), 1.0, 1), "images: expected values from -1 to 1, got 2"),
        (lambda: play(D, G, np.zeros((9, 64)), 1.0, 1), "batch: expected an integer from 1 to 9, got 64"),
        (lambda: play(D, G, np.zeros((64, 64)), 0.0, 1), "noise: expected a positive number, got 0"),
        (lambda: play(D, G, np.zeros((64, 64)), 1.0, 1, rate=-1.0), "rate: expected a positive number, got -1.0"),
        (lambda: play(D, G, np.zeros((64, 64)), 1.0, 0), "steps: expected an integer of at least 1, got 0"),
    ],
)
def test_errors_say_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_losses_that_are_not_finite_are_refused():
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="try a smaller rate"):
        play(*players(0.5, 600), digits().train[0], 1.0, 5, rate=1e150)
