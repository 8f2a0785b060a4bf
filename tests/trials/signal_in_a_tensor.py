"""From which signal strength on has a spiked tensor of order 3 good minima of -f (maxima of f) near the signal?"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import bisect

import spinglass as sg

critical = sg.spiked(3, 1.0).critical_lambda()
print(f"maxima near the signal from lambda = {critical:.10f} on")

fig, axes = plt.subplots(1, 3, figsize=(13, 3.5), layout="constrained")
for ax, strength in zip(axes, (0.6, critical, 1.2), strict=True):
    sg.spiked(3, strength).plot(ax=ax)
    ax.set_title(rf"$\lambda = {strength:.3f}$")
fig.savefig("signal.png", dpi=150)

# when are they better than all that the noise alone has to offer, E_0 of the pure 3-spin?
noise = -sg.complexity(sg.pure(3)).lowest_energy() / np.sqrt(2)


def gain(strength):
    spiked = sg.spiked(3, strength)
    return spiked.best_value(spiked.spike_overlap(), maxima=True) - noise


best = bisect(gain, critical + 1e-9, 3.0)
print(f"the best of all from lambda = {best:.8f} on")

# climb from the signal in one tensor of 100 dimensions: a maximum keeps it only above the critical strength
n = 100
tensor = np.random.default_rng(1).standard_normal((n, n, n))
overlaps = {}
for strength in (0.6, 1.2):
    s = np.eye(n)[0]
    for _ in range(200):
        last, first = tensor @ s, np.tensordot(s, tensor, 1)
        noise_gradient = (last @ s + s @ last + s @ first) / np.sqrt(2 * n)
        s = noise_gradient + 3 * strength * s[0] ** 2 * np.eye(n)[0] + 3 * s
        s /= np.linalg.norm(s)
    overlaps[strength] = s[0]
    print(f"lambda = {strength}: the climb from the signal ends at overlap {s[0]:.4f}")
assert abs(critical - np.sqrt(2 / 3)) < 1e-12
# the lowest energy -sqrt(2) f over all overlaps is that of the noise up to there, and then falls
below, above = (sg.complexity(sg.spiked(3, best + step)).lowest_energy(index=0) for step in (-1e-3, 1e-3))
assert abs(below + np.sqrt(2) * noise) < 1e-10 and above < below - 1e-4
assert overlaps[0.6] < np.sqrt(1 / 2)  # the overlap at which the maximum appears
assert abs(overlaps[1.2] - sg.spiked(3, 1.2).spike_overlap()) < 0.03  # scatter of order 1 / sqrt(n)
