r"""Figure 4: the gradients of a network at a distance, along trainings and between minima.

The gradients :math:`g_x(w)` of the examples x scatter about their mean.  As a model each is the gradient of a Gaussian
surface, so that at two points with :math:`u = w - w'` the covariance over examples is
:math:`\delta_{ij}k' - u_iu_jk''`.  Whole gradients then have the correlation :math:`\rho(r)` of k' when there are many
weights, and along u it is :math:`\rho(r) + r\rho'(r)`, since :math:`k'' = -k'_r/r`: negative beyond one length.  A
network is not stationary, so correlations are those to the root of both variances.
"""

import functools

import numpy as np
from scipy.optimize import least_squares

from spinglass.networks import digits, split
from spinglass.networks.training.descent import minimise
from spinglass.plotting.style import COLOURS, GREY, MARKERS, THEORY, frame, line

STEPS = (0, 3, 6, 12, 25, 50, 100, 300)
FEW = (0, 10, 100)
COLUMNS = ("distance", "whole", "along")
#: rho(r) of the kernels of figure 3, r in units of their length.
KERNELS = {"exponential": lambda r: np.exp(-r * r / 2), "rational": lambda r: (1 + r * r / 4) ** -3.0}
BETWEEN = "between minima"


def centred_gradients(network, every):
    """Return the gradients of every so-many-th example about their mean."""
    rows = np.array([network.gradient([x]) for x in range(0, len(network.inputs), every)])
    return rows - rows.mean(axis=0)


def compared(one, other, gradients, others):
    """Return COLUMNS of two networks."""
    u = one.parameters - other.parameters
    r = np.linalg.norm(u)
    whole = np.sum(gradients * others) / np.sqrt(np.sum(gradients**2) * np.sum(others**2))
    here, there = gradients @ u, others @ u
    return r, whole, here @ there / np.sqrt((here @ here) * (there @ there))


def of_examples(seed, steps):
    """Return the networks of a training after some numbers of steps, on the same examples for every seed."""
    start = digits(seed=seed, steps=0)
    return [minimise(start, 0.01, count).on(*split(0)[0]) for count in steps]


def along_training(seed, steps, every):
    """Return COLUMNS of all pairs of places on the way of a training, one row each."""
    places = of_examples(seed, steps)
    rows = [centred_gradients(place, every) for place in places]
    pairs = [(i, j) for j in range(len(places)) for i in range(j)]
    return np.array([compared(places[i], places[j], rows[i], rows[j]) for i, j in pairs])


def between_minima(seeds, steps, every):
    """Return COLUMNS of all pairs of minima of different starts, one row each."""
    ends = [of_examples(seed, (steps,))[0] for seed in range(seeds)]
    rows = [centred_gradients(end, every) for end in ends]
    return np.array([compared(ends[i], ends[j], rows[i], rows[j]) for j in range(seeds) for i in range(j)])


def distances(quick):
    """Return correlations along trainings, and between minima."""
    seeds, steps, every = (2, FEW, 20) if quick else (6, STEPS, 1)
    data: dict = {"trainings": seeds}
    for seed in range(seeds):
        data[f"training {seed}"] = functools.partial(along_training, seed, steps, every)
    data[BETWEEN] = functools.partial(between_minima, seeds, steps[-1], every)
    return data


def pairs(data):
    """Return COLUMNS of all pairs along trainings."""
    return np.concatenate([data[f"training {seed}"] for seed in range(data["trainings"])]).T


def length(data, kernel):
    """Return the length of a kernel fitted to whole gradients along trainings, and the root of the mean square left."""
    r, whole, _ = pairs(data)
    found = least_squares(lambda x: KERNELS[kernel](r / x) - whole, x0=np.median(r))
    return float(found.x[0]), float(np.sqrt(np.mean(found.fun**2)))


def draw_distances(data, axes):
    """Draw correlations of whole gradients, and of their components along the displacement, with the kernels."""
    found, ends = pairs(data), data[BETWEEN].T
    fine = np.linspace(1e-3, 1.1 * max(found[0].max(), ends[0].max()), 300)
    for k, (ax, title) in enumerate(zip(axes[0], ("whole gradients", "along the displacement"), strict=True)):
        frame(ax)
        marks = {"linestyle": "none", "markersize": 4}
        ax.plot(found[0], found[1 + k], MARKERS[0], color=COLOURS[1], label="on the way of a training", **marks)
        ax.plot(ends[0], ends[1 + k], MARKERS[1], color=COLOURS[2], label=BETWEEN, **marks)
        for name, style in zip(KERNELS, ("-", "--"), strict=True):
            scale, _ = length(data, name)
            rho = KERNELS[name](fine / scale)
            values = rho if k == 0 else rho + fine * np.gradient(rho, fine)
            label = rf"{name}, length {scale:.1f}"
            ax.plot(fine, values, label=label, **line(0, linestyle=style, linewidth=1.2) | {"color": THEORY})
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.set(xlabel="distance $|w - w'|$", ylim=(-1.1, 1.1), ylabel="correlation over examples")
        ax.set_title(title, fontsize="medium")
    axes[0, 0].legend(frameon=False, fontsize="small", loc="lower left")
