"""Is the mixture (q^3 + q^16/16)/2 pure-like or full, and is its mean number of minima the typical one?"""

import numpy as np

import spinglass as sg

weights = {3: 1 / 2, 16: 1 / 32}
model = sg.mixed(weights)
kind = sg.complexity(model).classify()
print("the mixture is", kind.name, kind)

ax = sg.plotting.quenched(model, index=0)
ax.figure.savefig("mixture.png", dpi=150)
annealed, quenched = (sg.complexity(model, method).lowest_energy(index=0) for method in ("annealed", "quenched"))
print(f"minima down to {annealed:.9f} by their mean number, to {quenched:.9f} typically")

# the criterion of Auffinger and Ben Arous for xi / xi(1): pure-like where G > 0
v0, x1, x2 = (sum(c * f(p) for p, c in weights.items()) for f in (lambda p: 1, lambda p: p, lambda p: p * (p - 1)))
x1, x2 = x1 / v0, x2 / v0
g = np.log(x2 / x1) - (x2 - x1) * (x2 - x1 + x1**2) / (x2 * x1**2)
assert (g > 0) == (kind.name == "pure-like")
# Kent-Dobias and Kurchan (2023) print -1.28760553053
assert abs(quenched + 1.28760553053) < 1e-10 and annealed < quenched
