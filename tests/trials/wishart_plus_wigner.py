"""What is the density of eigenvalues of a Wishart plus a Wigner matrix, and does a sampled matrix have it?"""

import numpy as np
from scipy.stats import kstest

import spinglass as sg

ratio, variance, n = 0.5, 0.2, 400
law = sg.spectra.MarchenkoPastur(ratio) + sg.spectra.Semicircle(variance)
print(law)
print("support", law.support.tolist(), "negative", law.cdf(0.0))

rng = np.random.default_rng(5)
x = rng.standard_normal((n, int(n / ratio)))
a = rng.standard_normal((n, n))
matrix = x @ x.T / (n / ratio) + np.sqrt(variance) * (a + a.T) / np.sqrt(2 * n)
ax = sg.plotting.spectrum(law, matrix)
ax.set_title("Wishart + Wigner")
ax.figure.savefig("sum.png", dpi=150)

eigenvalues = np.linalg.eigvalsh(matrix)
print("negative in the sample:", np.mean(eigenvalues < 0))
# the levels are rigid: distribution functions differ by the order of 1 / n
assert kstest(eigenvalues, law.cdf).statistic < 6 / n
# variances add, and so do third cumulants: ratio^2 of the Wishart, none of the Wigner
assert abs(law.mean - 1) < 1e-12 and abs(law.variance - (ratio + variance)) < 1e-12
assert abs(law.moment(3) - (1 + 3 * (ratio + variance) + ratio**2)) < 1e-10
# outside the support 1/g + 1/(1 - ratio g) + variance g = z is the equation of Pastur for g
z = 4.5
g = law.stieltjes(z).real
assert abs(1 / g + 1 / (1 - ratio * g) + variance * g - z) < 1e-10
