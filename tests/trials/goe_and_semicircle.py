"""Do the eigenvalues of a symmetric Gaussian matrix fill a semicircle, as a histogram with the law?"""

import numpy as np
from scipy.stats import kstest

import spinglass as sg

n = 400
a = np.random.default_rng(1).standard_normal((n, n))
matrix = (a + a.T) / np.sqrt(2 * n)
law = sg.spectra.Semicircle()
ax = law.plot(eigenvalues=matrix)
ax.figure.savefig("semicircle.png", dpi=150)

eigenvalues = np.linalg.eigvalsh(matrix)
distance = kstest(eigenvalues, law.cdf).statistic
print(f"eigenvalues from {eigenvalues[0]:.4f} to {eigenvalues[-1]:.4f}, law {law.support[0]}")
print(f"largest difference of the distribution functions: {distance:.5f}")
# a textbook's semicircle, its even moments the numbers of Catalan; levels are rigid: a difference of order 1 / n
assert np.allclose(law.density([0, 1, 1.9]), np.sqrt(4 - np.array([0, 1, 1.9]) ** 2) / (2 * np.pi))
assert np.allclose([law.moment(k) for k in (2, 4, 6, 8)], [1, 2, 5, 14])
assert abs(np.mean(eigenvalues**4) - 2) < 0.05 and distance < 5 / n

# the exact density at finite size: all eigenvalues of a matrix of two rows
x = np.linspace(-8, 8, 4001)
assert abs(np.sum(sg.goe.density(2, x)) * (x[1] - x[0]) - 2) < 1e-9
