"""How are the critical points of the pure 4-spin layered by index, and what are the lowest energies of the layers?"""

import numpy as np

import spinglass as sg

c = sg.complexity(sg.pure(4))
ax = c.plot(indices=(0, 1, 2, 3, None))
ax.set_title("pure 4-spin")
ax.figure.savefig("layers.png", dpi=150)

lowest = [c.lowest_energy(index=k) for k in range(5)]
for k, energy in enumerate(lowest):
    print(f"index {k}: no points below -E_{k} = {energy:.10f}")
print(f"all layers end at -E_inf = {c.threshold_energy:.10f}")

# between -E_0 and -E_1 there are minima only
between = (lowest[0] + lowest[1]) / 2
assert c.below(between, index=0) > 0 > c.below(between, index=1)
# E_inf = 2 sqrt((p - 1) / p), and the energies E_k decrease to it
assert abs(c.threshold_energy + np.sqrt(3)) < 1e-12
assert np.all(np.diff(lowest) > 0) and lowest[-1] < c.threshold_energy
