"""For which shares of the discriminator and latent noises has a GAN local Nash equilibria?"""

# Phase diagram of a GAN with p = q = 3, kappa against sigma_z: where do local Nash equilibria exist?
import numpy as np
from scipy.optimize import brentq

import spinglass as sg


def gan(kappa, sigma_z):
    """The GAN of these parameters."""
    return sg.gan(p=3, q=3, sigma_z=sigma_z, kappa=kappa)


kappa, sigma_z = np.linspace(0.1, 0.9, 9), np.geomspace(5e-4, 0.1, 7)
ax = sg.plotting.phase_diagram(gan, x=kappa, y=sigma_z, index=(0, 0))
ax.set(yscale="log", xlabel=r"$\kappa$", ylabel=r"$\sigma_z$", title="local Nash equilibria")
ax.figure.savefig("nash_phase_diagram.png")


def nash(share, log_sigma):
    """The rate of local Nash equilibria."""
    return sg.complexity(gan(share, np.exp(log_sigma))).total(index=(0, 0))


edge = [np.exp(brentq(lambda s, k=k: nash(k, s), np.log(1e-5), 0.0)) for k in kappa]
for k, e in zip(kappa, edge, strict=True):
    print(f"kappa = {k:.1f}: up to sigma_z = {e:.6f}")

# without noise two glasses alone: the rates of their minima, log(2)/2 - 1/3 and log(5/2)/2 - 3/7, by their shares
minima = kappa * (np.log(2) / 2 - 1 / 3) + (1 - kappa) * (np.log(2.5) / 2 - 3 / 7)
assert np.allclose([nash(k, np.log(1e-7)) for k in kappa], minima, rtol=0, atol=2e-6)
line = np.concatenate(ax.collections[-1].get_segments())
assert all(np.abs(line[np.isclose(line[:, 0], k), 1] / e - 1).min() < 0.02 for k, e in zip(kappa, edge, strict=True))
