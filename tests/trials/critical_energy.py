"""At which loss do minima of a network turn into saddles, and how many directions are negative at twice that loss?"""

# At which loss do minima turn into saddles, against the parameters per example, and what is the index at twice it?
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

phi = np.linspace(0.02, 0.98, 49)
critical = sg.spectra.critical_energy(phi)
index = sg.spectra.negative_fraction(phi, 2 * critical)

fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
left.plot(phi, critical)
left.set(xlabel=r"parameters per example $\varphi$", ylabel=r"critical loss $\varepsilon_c$")
right.plot(phi, index)
right.set(xlabel=r"parameters per example $\varphi$", ylabel=r"index at $2 \varepsilon_c$")
fig.savefig("critical_energy.png")
for p in (0.125, 0.25, 0.5):
    at = sg.spectra.critical_energy(p)
    print(f"phi = {p}: critical loss {at:.6f}, index at twice that {sg.spectra.negative_fraction(p, 2 * at):.5f}")

# the closed form of Pennington and Bahri (2017), and the eigenvalues of one matrix
assert np.allclose(critical, (1 - 20 * phi - 8 * phi**2 + (1 + 8 * phi) ** 1.5) / 16, rtol=0, atol=1e-13)
n, m, energy = 1000, 4000, 2 * sg.spectra.critical_energy(0.25)
x, w = np.random.default_rng(1).standard_normal((n, m)), np.random.default_rng(2).standard_normal((n, n))
sampled = np.mean(np.linalg.eigvalsh(x @ x.T / m + np.sqrt(energy / n) * (w + w.T)) < 0)
print(f"one matrix at phi = 0.25: index {sampled:.4f}")
assert abs(sampled - sg.spectra.negative_fraction(0.25, energy)) < 3 / n  # counts of a rigid spectrum
