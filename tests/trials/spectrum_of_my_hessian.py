"""How does the spectrum of my Hessian compare with a Wishart plus a Wigner matrix at given phi and epsilon?"""

# I have a square symmetric Hessian as a numpy array: draw its spectrum with the law of my phi and epsilon over it.
import numpy as np

import spinglass as sg

rng = np.random.default_rng(1)
parameters, examples, loss = 500, 2000, 0.25
gradients = rng.standard_normal((parameters, examples))
noise = rng.standard_normal((parameters, parameters))
H = gradients @ gradients.T / examples + np.sqrt(2 * loss) * (noise + noise.T) / np.sqrt(2 * parameters)

law = sg.spectra.network_hessian(phi=parameters / examples, energy=loss)
ax = sg.plotting.spectrum(law, H)
ax.set_title(r"my Hessian, $\varphi = 1/4$, $\varepsilon = 1/4$")
ax.figure.savefig("spectrum_of_my_hessian.png")

eigenvalues = np.linalg.eigvalsh(H)
distance = np.abs(law.cdf(eigenvalues) - (np.arange(parameters) + 0.5) / parameters).max()
print("edges of the law", law.support.round(3).tolist(), "of the matrix", eigenvalues[[0, -1]].round(3))
print(f"largest distance of the distribution functions {distance:.4f}")
print(f"negative: law {law.cdf(0.0):.4f}, matrix {np.mean(eigenvalues < 0):.4f}")

assert distance < 5 / parameters, "eigenvalues are rigid: a few places in n, not 1/sqrt(n)"
cubic = np.roots([2 * loss / 4, -2 * loss - 0.25, 0.25 - 1 + 1, -1])  # of G at z = 1, by Pennington and Bahri
assert abs(law.density(1.0) - np.abs(cubic.imag).max() / np.pi) < 1e-12
