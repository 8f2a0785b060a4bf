"""What does a random landscape on the 2-sphere look like, with its minima, saddles and maxima?"""

import numpy as np

import spinglass as sg

model = sg.mixed({2: 0.3, 3: 0.4, 5: 0.3})
draw = model.draw(3, rng=4)
points = sg.critical_points(draw)
print(points)
ax = sg.plotting.sphere(draw, points=points)
ax.figure.savefig("sphere.png", dpi=150)

minima, saddles, maxima = (points[points.index == k] for k in range(3))
print(len(minima), "minima", len(saddles), "saddles", len(maxima), "maxima")
print("lowest", minima.energies.min(), "highest", maxima.energies.max())
# Euler: minima - saddles + maxima = 2
assert points.proven and len(minima) - len(saddles) + len(maxima) == 2
# no point of a fine net of the sphere lies below the lowest minimum or above the highest maximum, and some come close
net = np.random.default_rng(1).standard_normal((200_000, 3))
energies = draw.energies(net / np.linalg.norm(net, axis=1, keepdims=True))[:, 0]
assert 0 <= energies.min() - minima.energies.min() < 1e-3
assert 0 <= maxima.energies.max() - energies.max() < 1e-3
