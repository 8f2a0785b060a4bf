"""How does the complexity of a GAN depend on both losses, and on each of them alone?"""

# Contour of the complexity over both losses of the GAN with p = q = 3, sigma_z = 1, kappa = 0.9, and its curves.
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

gan = sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)
c = sg.complexity(gan)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
sg.plotting.contour(c, left)
c.plot(right)
fig.savefig("gan_contour.png")
for loss, player in enumerate(("discriminator", "generator")):
    print(f"{player}: lowest {c.lowest_energy(loss=loss):.4f}, most numerous at {c.typical_energy(loss=loss):.4f}")

# the curve of one loss is the ridge of the surface, and the rates of finite games come to that of a window
u_d, u_g = np.linspace(-14.0, 0.0, 15), np.linspace(-20.0, 20.0, 401)
ridge = c.below(u_d[:, None], u_g[None, :]).max(axis=1)
assert np.abs(ridge - c.below(u_d, np.inf)).max() < 1e-6
window = [(-np.inf, -5.0), (-np.inf, np.inf)]
part, whole = [sg.mean_count(gan, 40, energies=w, samples=8000, rng=1) for w in (window, None)]
share = (part.log_mean - whole.log_mean) / 40
print(
    f"losses of D below -5: rate at N = 40 less {-share:.4f}, at large N less {c.total() - c.below(-5.0, np.inf):.4f}"
)
assert abs(share - (c.below(-5.0, np.inf) - c.total())) < np.log(40) / 40  # a power of N
