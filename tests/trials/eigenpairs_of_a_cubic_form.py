"""How many real eigenpairs has a random cubic form in 3 variables: exactly on average, and counted in draws?"""

import numpy as np

import spinglass as sg

exact = sg.real_eigenpairs(3, 3, arithmetic=sg.symbols)
print("mean number of real eigenpairs:", exact, "=", float(exact))

# critical points of the form on the sphere come in pairs x, -x; each pair is one eigenpair
model = sg.pure(3)
draws = [sg.critical_points(model.draw(3, rng=seed), proof=False) for seed in range(300)]
pairs = np.array([points.count / 2 for points in draws])
error = pairs.std(ddof=1) / np.sqrt(len(pairs))
print(f"in {len(pairs)} draws: {pairs.mean():.3f} +/- {error:.3f}")
values, times = np.unique(pairs, return_counts=True)
for value, number in zip(values, times, strict=True):
    print(f"{value:.0f} eigenpairs: {number} draws")
ax = sg.plotting.counts(draws)
ax.figure.savefig("eigenpairs.png", dpi=150)

# Breiding (2017) has 1 + 8 sqrt(14) / 7; a draw has an odd number, at most 2^3 - 1 = 7 (Cartwright and Sturmfels)
assert abs(float(exact) - (1 + 8 * np.sqrt(14) / 7)) < 1e-12
assert abs(pairs.mean() - float(exact)) < 4 * error
assert set(values) <= {1, 3, 5, 7}
