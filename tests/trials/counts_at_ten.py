"""How many equilibria has a small game of 10 dimensions on average: by Monte Carlo, and counted in drawn games?"""

# Mean number of equilibria at N = 10: Monte Carlo of the formula against all equilibria found in drawn games.
import numpy as np

import spinglass as sg

game = sg.SphericalGame(
    fractions=[0.5, 0.5],
    fields=[{(2, 0): 1, (1, 1): 1, (1, 0): 0.1}, {(0, 2): 1, (1, 1): 1, (0, 1): 0.1}],
    losses=[[1, 0], [0, 1]],
    players=[[0], [1]],
)
formula = sg.mean_count(game, 10, samples=2_000, rng=1)
found = [sg.critical_points(game.draw(10, rng=seed), proof=False) for seed in range(40)]
counted = np.array([points.count for points in found])
mean, error = counted.mean(), counted.std(ddof=1) / np.sqrt(len(counted))
print(f"formula {formula.mean:.2f} +/- {formula.mean * formula.stderr:.2f}, counted {mean:.2f} +/- {error:.2f}")

ax = sg.plotting.counts(found, by="energy", samples=1200, rng=1)
ax.figure.savefig("counts_at_ten.png")

assert all(points.complete and points.morse_sum() == 4 for points in found)  # Euler number of two 4-spheres
assert abs(formula.mean - mean) < 4 * np.hypot(error, formula.mean * formula.stderr)
