"""Where does the outlier of a spike show through Wigner noise, and how does it look in sampled matrices?"""

# Where does the outlier of a spike show through noise? Against the spike, with one sampled matrix for each.
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

noise = sg.spectra.Semicircle(variance=0.25)
n, spikes = 400, np.array([0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0])
place = sg.spectra.outlier(spikes, noise)
overlap = sg.spectra.outlier_overlap(spikes, noise)

rng = np.random.default_rng(1)
top, seen = [], []
for spike in spikes:
    w = rng.standard_normal((n, n))
    values, vectors = np.linalg.eigh(0.5 * (w + w.T) / np.sqrt(2 * n) + spike * np.diag(np.eye(n)[0]))
    top.append(values[-1])
    seen.append(vectors[0, -1] ** 2)
    print(f"spike {spike}: outlier {sg.spectra.outlier(spike, noise):.4f}, largest eigenvalue {top[-1]:.4f}")

fine = np.linspace(0.1, 2.2, 200)
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
left.plot(fine, sg.spectra.outlier(fine, noise))
left.plot(spikes, top, "o")
left.set(xlabel="spike", ylabel="largest eigenvalue")
right.plot(fine, sg.spectra.outlier_overlap(fine, noise))
right.plot(spikes, seen, "o")
right.set(xlabel="spike", ylabel="squared overlap")
fig.savefig("outlier_of_a_spike.png")

# Baik, Ben Arous, Peche: theta + s^2/theta from theta = s = 1/2 on, the edge 2 s before
assert np.allclose(place, np.where(spikes > 0.5, spikes + 0.25 / spikes, 1.0), atol=1e-9)
assert np.abs(place - top).max() < 5 * np.sqrt(2 * 0.25 / n)  # the outlier scatters with variance 2 s^2/n at most
