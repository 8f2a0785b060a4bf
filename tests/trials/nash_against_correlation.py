"""At which correlation of the two losses does my own game get local Nash equilibria?"""

# My own two-player game, covariances as a dict: at which correlation of the losses do local Nash equilibria appear?
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import brentq

import spinglass as sg


def game(rho, coupling=1.0):
    """Two players of equal shares; losses of equal law and correlation rho."""
    xi = {(3, 0): 1.0, (0, 3): 1.0}
    if coupling:
        xi |= {(2, 1): coupling, (1, 2): coupling}
    losses = [[1, 0], [rho, np.sqrt(1 - rho**2)]]
    return sg.SphericalGame(fractions=[0.5, 0.5], fields=[xi, xi], losses=losses, players=[[0], [1]])


def nash(rho):
    """The rate of local Nash equilibria."""
    return sg.complexity(game(rho)).total(index=(0, 0))


critical = brentq(nash, -0.99, 0.99, xtol=1e-8)
print(f"local Nash equilibria from rho = {critical:.6f} on")
rho = np.linspace(-1, 1, 21)
fig, ax = plt.subplots(figsize=(5, 3.4), layout="constrained")
ax.plot(rho, [sg.complexity(game(r)).total() for r in rho], label="all equilibria")
ax.plot(rho, [nash(r) for r in rho], label="local Nash")
ax.axhline(0, color="k", lw=0.5)
ax.axvline(critical, color="k", ls=":")
ax.set(xlabel=r"correlation $\rho$", ylabel="complexity")
ax.legend()
fig.savefig("nash_against_correlation.png")

# without coupling: two pure 3-spins, log(2)/2 - 1/3 of minima (Auffinger, Ben Arous and Cerny 2013), at any rho
assert abs(sg.complexity(game(critical, coupling=0)).total(index=(0, 0)) - (np.log(2) / 2 - 1 / 3)) < 1e-9
counts = [sg.mean_count(game(r), 8, index=(0, 0), samples=4000, rng=1) for r in (critical - 0.3, critical + 0.3)]
assert counts[1].log_mean - counts[0].log_mean > 3 * np.hypot(counts[0].stderr, counts[1].stderr)  # more with partners
