"""Which fraction of the eigenvalues of the Hessian is negative at energy u, in a pure and in a mixed glass?"""

# Fraction of negative eigenvalues of the Hessian at energy u of the pure 3-spin and of a 3+4 mixture, as curves.
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

pure, mixture = sg.pure(3), sg.mixed({3: 0.5, 4: 0.5})
fig, ax = plt.subplots(figsize=(5, 3.4), layout="constrained")
sg.plotting.index_fraction(sg.complexity(pure), ax, label="pure 3-spin")
sg.plotting.index_fraction(sg.complexity(mixture), ax, label="3+4")
fig.savefig("negative_fraction_at_energy.png")

u = np.linspace(-1.6, 1.6, 9)
fraction = np.array([pure.hessian(e).law.cdf(0.0) for e in u])
for e, f in zip(u, fraction, strict=True):
    print(f"u = {e:+.1f}: pure {f:.5f}, mixture {mixture.hessian(e).law.cdf(0.0):.5f}")

# pure: a semicircle shifted by -3 u, so that only u / E_inf counts
x = np.clip(u / (2 * np.sqrt(2 / 3)), -1, 1)
assert np.allclose(fraction, 0.5 + (x * np.sqrt(1 - x**2) + np.arcsin(x)) / np.pi, atol=1e-12)
# mixture: the mean index of the critical points in a window of energies, exactly by Kac-Rice, without its 1/N part
finite = {}
for n in (10, 20):
    numbers = sg.mean_count(mixture, n, energies=(-0.82, -0.78), index=list(range(n))).mean
    finite[n] = numbers @ np.arange(n) / numbers.sum() / (n - 1)
    print(f"mixture at u = -0.8: {finite[n]:.4f} at N = {n}")
assert abs(2 * finite[20] - finite[10] - mixture.hessian(-0.8).law.cdf(0.0)) < 0.003  # 1/N^2 is left
