# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Two interacting spin glasses: the loss surface of a GAN
#
# A discriminator and a generator as two coupled spherical glasses, after Baskerville, Keating, Mezzadri and Najnudel
# (*A spin glass model for the loss surfaces of generative adversarial networks*, 2022).
#
# **The model.** Two unit spheres with shares $\kappa$ and $1 - \kappa$ of the $N$ dimensions, and two independent
# fields,
#
# $$E f_D f_D' = q_1^p, \qquad E f_G f_G' = (q_1 + q_2)^{p+q}, \qquad
# L_D = f_D - \sigma_z f_G, \quad L_G = \sigma_z f_G .$$
#
# **Conventions.** $L = \sqrt N u$ and rates in nats per dimension, as everywhere in this package. An equilibrium is a
# point at which each loss is stationary in its own player's variables; a *local Nash equilibrium* is one at which
# both are at a local minimum, index $(0, 0)$.
#
# *Theory*: [The one formula: spherical games](../docs/theory/spherical_games.md). *How to*: [A phase
# diagram](../docs/howto/phase_diagram.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg
from spinglass import figures

plt.rcParams["figure.dpi"] = 110
quick = True  # False: the grids of the published figures


def draw(name):
    data = figures.data(name, quick)
    figures.recipe(name).figure(data)
    return data


# %% [markdown]
# ## Where the exact law differs from the published code
#
# The code published with the paper contains constants that differ from the law which follows from the covariance.
# They are kept in `spinglass.figures.baskerville2021gan`, to draw its figures, and are used nowhere else:
#
# * two overlaps add up to $q_1 + q_2 = 2$ at one point, and the variances of the code's Hessian and gradients lack
#   factors that this brings;
# * the generator's field has two radial derivatives, one per sphere, of which the code keeps one;
# * the additive constant is too large. A discriminator without generator has to give $\frac12 \log(p - 1)$.
#
# This is about the code. Where it matters the figures show both, labelled. *Exact* means: for the two losses as they
# are written above. Whether these describe a trained GAN is another question, asked in the last section.
#
# ## Spectra
#
# The Hessian is a sum of a GOE matrix on both spheres, another one on the first sphere, and a shift between the two.
# Its spectrum has one bulk or two. Lines: the law, a quartic; bars: sampled matrices.

# %%
spectra = draw("baskerville2021gan-1")

# %% [markdown]
# ## The complexity of two energies
#
# $\Theta(u_D, u_G)$ counts equilibria with both losses at or below given energies: above with the published constants,
# below by the exact law. The right column is the difference from the smaller of the two one-player rates: how much one
# condition says about the other.

# %%
surface = draw("baskerville2021gan-4")

# %%
game = sg.complexity(sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9))
print(f"total, exact law:            {game.total():.6f}")
print(f"largest published value:     {surface['theta published'].max():.6f}")
print(f"lowest energies (D, G):      {game.lowest_energy(loss=0):.6f}, {game.lowest_energy(loss=1):.6f}")

# %% [markdown]
# ## Where the local Nash equilibria disappear
#
# There are exponentially many equilibria, but few of them are stable for both players. The complexity of index
# $(0, 0)$ is positive at small latent noise $\sigma_z$ only, and vanishes at a critical noise that depends on the
# shares of the dimensions: the phase diagram on the left, the curves whose zeros it shows on the right.

# %%
phases = draw("baskerville2021gan-7")

# %% [markdown]
# ## The exact law against counted games
#
# On two circles, $N_1 = N_2 = 2$, all equilibria of a drawn game can be found. Their mean numbers over draws, by the
# indices of the players, beside those that the Kac-Rice formula gives from the same law as the curves above:

# %%
small = sg.gan(p=2, q=1, sigma_z=0.5, kappa=0.5)
draws = [sg.critical_points(small.draw((2, 2), rng=seed), proof=False) for seed in range(100 if quick else 1500)]
print("index     counted         Kac-Rice")
for index in ((0, 0), (0, 1), (1, 0), (1, 1)):
    counts = np.array([np.sum(np.all(found.index == index, axis=1)) for found in draws])
    law = sg.mean_count(small, (2, 2), index=index, method="montecarlo", samples=20_000, rng=1)
    error = counts.std(ddof=1) / len(counts) ** 0.5
    print(f"{index}   {counts.mean():.2f} +/- {error:.2f}   {law.mean:.2f} +/- {law.mean * law.stderr:.2f}")

# %% [markdown]
# ## The experiment
#
# A small discriminator and generator, with a convolution each, play for the 8x8 digits of scikit-learn. Marks: the
# lowest loss of each player during a training, and that of its end, over seeds; lines: the lowest energies at which
# the two glasses have equilibria. Losses and energies have no common scale. What can be compared is the order of the
# points of a sweep, by a rank correlation with an interval over seeds.

# %%
experiment = draw("baskerville2021gan-9")

# %%
from spinglass.figures.baskerville2021gan.experiment import agreement

for (sweep, player, law), (rho, low, high) in agreement(experiment).items():
    print(f"lowest L_{player} against {sweep:8} {law:10} {rho:5.2f} [{low:5.2f}, {high:5.2f}]")

# %% [markdown]
# By 8 long trainings per point (`quick = False`) the lowest loss of the discriminator falls with the energy at large
# noise, and at small noise neither moves; in between the loss rises, which the energy does not. In all the rank
# correlation is 0.51 [0.37, 0.52], which 13 points in random order exceed in size in 8% of cases. The generator
# contradicts the theory: its lowest loss rises where the energy falls, -0.57 [-0.78, -0.42]. With the share of the
# discriminator both losses are monotone and the energies are not. Both laws order the points alike, so that an
# experiment of this kind cannot choose between them.
#
# ## Beside the paper
#
# * *The constants of the published code are those of the model as written.* The covariance of the two losses gives
#   another law: $\Theta$ is at most 0.6187 by it and 14.6 by the constants, at $p = q = 3$ (figure 4). **Fails.**
# * *$\frac1N \log E|\det(H - x)|$ is that of the limit.* Sampled matrices of size 50 are within $\frac1N \log N$ of it,
#   by both laws (figure 2). **Holds.**
# * *Large noise lowers the energies of equilibria.* The lowest $u_D$ and $u_G$ grow like $\sigma_z$ in size; the sum
#   does not (figure 6). **Holds.**
# * *Trained losses follow $\sigma_z$ as these energies do.* Here the discriminator's with 0.51 [0.37, 0.52], which
#   chance exceeds in 8% of cases, the generator's with -0.57 [-0.78, -0.42] (figure 9). **Fails for the generator.**
# * *And $\kappa$.* 0.26 and -0.26, of six points. **Open.**
