"""What is the spectrum of a product of layers, one of which is narrow, so that there is an atom at 0?"""

# A product of three layers of widths 600 -> 300 -> 900 -> 600: the spectrum of Y Y^T with its atom, and one matrix.
from itertools import pairwise

import numpy as np

import spinglass as sg

widths = [600, 300, 900, 600]
law = sg.spectra.WishartProduct([widths[0] / width for width in widths[1:]])
rng = np.random.default_rng(1)
product = np.eye(widths[0])
for rows, columns in pairwise(widths):
    product = product @ rng.standard_normal((rows, columns)) / np.sqrt(columns)
H = product @ product.T

ax = sg.plotting.spectrum(law, H)
ax.figure.savefig("product_of_layers.png")

eigenvalues = np.linalg.eigvalsh(H)
print("atoms", law.atoms, "support", law.support.round(4).tolist())
print(f"sampled: zero {np.mean(eigenvalues < 1e-9):.4f}, largest {eigenvalues[-1]:.4f}")
print(f"mean {law.mean:.6f}, second moment {law.moment(2):.6f}; sampled {np.mean(eigenvalues**2):.4f}")

assert law.atoms == ((0.0, 0.5),) and np.mean(eigenvalues < 1e-9) == 0.5  # the rank of the narrow layer
assert abs(law.moment(2) - (1 + sum(widths[0] / width for width in widths[1:]))) < 1e-9  # 1 + sum of ratios
assert np.abs(law.cdf(eigenvalues) - (np.arange(600) + 0.5) / 600)[300:].max() < 0.01
