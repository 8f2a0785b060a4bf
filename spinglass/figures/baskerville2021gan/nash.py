"""Figure 7: where local Nash equilibria disappear, a phase diagram that the paper does not have."""

import functools

import numpy as np
from scipy.optimize import brentq

from spinglass.complexity.api import complexity
from spinglass.models import gan
from spinglass.plotting.style import GREY, frame, line

PAIRS = ((2, 2), (3, 3), (5, 5), (3, 5), (5, 3))


def nash_complexity(p, q, sigma_z, kappa):
    """Return the complexity of local Nash equilibria: both players at a local minimum of their own loss."""
    return complexity(gan(p, q, sigma_z, kappa)).total(index=(0, 0))


def critical_noise(p, q, kappa, low=1e-8, high=1e2):
    """Return the sigma_z at which the complexity of local Nash equilibria vanishes; 0 if it is negative throughout."""
    if nash_complexity(p, q, low, kappa) <= 0:
        return 0.0
    root = brentq(lambda x: nash_complexity(p, q, np.exp(x), kappa), np.log(low), np.log(high), xtol=1e-12)
    return float(np.exp(root))


def nash_phases(quick):
    """Return critical sigma_z against kappa, and the complexity of (0, 0) against sigma_z at kappa = .9."""
    # crowded at both ends, where the curves are steep
    kappa = 0.5 - 0.5 * np.cos(np.linspace(0.09, 0.91, 15 if quick else 121) * np.pi)
    sigma = np.geomspace(1e-5, 1.0, 41 if quick else 321)
    data: dict = {"kappa": kappa, "sigma_z": sigma}
    for p, q in PAIRS:
        data[f"critical {p} {q}"] = functools.partial(critical_noises, p, q, kappa)
        data[f"nash {p} {q}"] = functools.partial(nash_curve, p, q, sigma)
    return data


def critical_noises(p, q, kappa):
    """Return the critical sigma_z for an array of kappa."""
    return np.array([critical_noise(p, q, k) for k in kappa])


def nash_curve(p, q, sigma):
    """Return the complexity of local Nash equilibria for an array of sigma_z, at kappa = .9."""
    return np.array([nash_complexity(p, q, s, 0.9) for s in sigma])


def draw_nash_phases(data, axes):
    """Draw the phase diagram and the curves it comes from."""
    left, right = (frame(ax) for ax in axes[0])
    for i, (p, q) in enumerate(PAIRS):
        critical = data[f"critical {p} {q}"]
        left.plot(data["kappa"], np.where(critical > 0, critical, np.nan), label=f"$p={p},\\ q={q}$", **line(i))
        right.plot(data["sigma_z"], data[f"nash {p} {q}"], label=f"$p={p},\\ q={q}$", **line(i))
    left.set(yscale="log", xlim=(0, 1), xlabel=r"fraction of dimensions in the discriminator $\kappa$")
    left.set_ylabel(r"critical latent noise $\sigma_z^*$")
    left.set_title("local Nash equilibria abound below the curve", fontsize="medium")
    left.legend(frameon=False)
    right.axhline(0, color=GREY, linewidth=0.8)
    right.set(xscale="log", ylim=(-1.0, 0.2), xlim=(1e-5, 1.0), xlabel=r"latent noise $\sigma_z$")
    right.set_ylabel(r"complexity of index $(0, 0)$ (nats per dimension)")
    right.set_title(r"local Nash equilibria at $\kappa = 0.9$", fontsize="medium")
