"""Has a GAN with p = q = 3 local Nash equilibria at latent noise 0.01 and at 1, and how many equilibria has it?"""

# GAN with p = q = 3 and equal shares: does it have local Nash equilibria at sigma_z = 0.01 and at 1?
import numpy as np

import spinglass as sg

for sigma_z in (0.001, 0.01, 1.0):
    c = sg.complexity(sg.gan(p=3, q=3, sigma_z=sigma_z, kappa=0.5))
    nash = c.total(index=(0, 0))
    answer = "exponentially many" if nash > 0 else "none"
    print(f"sigma_z = {sigma_z}: all {c.total():.5f}, local Nash {nash:+.5f}, that is {answer}")

# Weak coupling: the discriminator is a pure 3-spin, the generator sees (1 + q)^6, a mixture with x1 = 192, x2 = 480;
# Auffinger and Ben Arous (2013): log(x2/x1)/2 of all points, less (x2 - x1)/(x2 + x1) of minima.
weak = sg.complexity(sg.gan(p=3, q=3, sigma_z=1e-6, kappa=0.5))
points = np.log(2) / 4 + np.log(480 / 192) / 4
assert abs(weak.total() - points) < 1e-5
assert abs(weak.total(index=(0, 0)) - (points - 1 / 6 - 288 / 672 / 2)) < 1e-5
