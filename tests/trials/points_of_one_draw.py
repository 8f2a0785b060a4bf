"""What are all critical points of one draw of a 3-spin in 5 dimensions, how many of each index, against the mean?"""

import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

model = sg.pure(3)
draw = model.draw(5, rng=7)
points = sg.critical_points(draw)
table = points.to_dataframe()
print(points)
print(table[["energy", "index", "radius"]].to_string())

mean = sg.mean_count(model, 5, index=[0, 1, 2, 3, 4]).mean
counts = table["index"].value_counts().reindex(range(5), fill_value=0)
for k in range(5):
    print(f"index {k}: {counts[k]} here, {mean[k]:.3f} on average")
print("alternating sum:", points.morse_sum())
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
points.plot(ax=left)
sg.plotting.counts(points, right)
fig.savefig("points.png", dpi=150)

# the 4-sphere has the Euler characteristic 2; an odd landscape is its own mirror image, index k at x and 4 - k at -x
assert points.proven and points.morse_sum() == 2 == sum((-1) ** k * counts[k] for k in range(5))
assert list(counts) == list(counts[::-1])
assert np.abs(draw.gradient(points)).max() < 1e-12
