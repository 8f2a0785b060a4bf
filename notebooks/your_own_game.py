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
# # A game of your own
#
# A new model is a covariance and who moves what. From there every answer of the package is a call away, and each
# checks the others: the derivation, the limit, finite $N$, one draw.
#
# *Theory*: [The one formula: spherical games](../docs/theory/spherical_games.md). *How to*: [A new
# model](../docs/howto/new_model.md), [All critical points of one draw](../docs/howto/one_draw.md).

# %%
from fractions import Fraction as F

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

import spinglass as sg

plt.rcParams["figure.dpi"] = 110

# %% [markdown]
# ## Write it down
#
# Two firms share a market. Each chooses a point on its own sphere, and its loss is a random function of both choices,
#
# $$L_1 = f_1, \qquad L_2 = \rho f_1 + \sqrt{1 - \rho^2}\, f_2, \qquad \xi(q_1, q_2) = q_1^2 q_2 + \tfrac12 q_1 q_2^2 +
# \tfrac3{10} q_1^3 + \tfrac4{10} q_2^3 ,$$
#
# with $\rho = 0.6$. Every term $c\, q_1^a q_2^b$ of the covariance is one entry of a dictionary. Fractions stay
# exact, also in the derivation below; floats would do.

# %%
xi = {(2, 1): 1, (1, 2): F(1, 2), (3, 0): F(3, 10), (0, 3): F(4, 10)}
game = sg.SphericalGame(
    fractions=[F(4, 10), F(6, 10)],
    fields=[xi, xi],
    losses=[[1, 0], [F(6, 10), F(8, 10)]],
    players=[[0], [1]],
)
print(str(game).replace(";  ", "\n"))

# %% [markdown]
# ## Its law at one point
#
# The variances of gradients, Jacobian and scalars are all that is used from here on.

# %%
law = game.local_law()
print(law.gradient_variance)
print(law.jacobian_variance)
print(law.jacobian_covariance)

# %% [markdown]
# ## The derivation
#
# How the complexity follows from the covariance, step by step, with the numbers of this game in it.

# %%
text = sg.symbolic.derivation(game)
Markdown(text.split("\n", 1)[1].replace("\n## ", "\n### "))

# %% [markdown]
# ## The complexity

# %%
c = sg.complexity(game)
print(f"equilibria             {c.total():.6f}")
print(f"local Nash equilibria  {c.total(index=(0, 0)):.6f}")
print(f"lowest losses          {c.lowest_energy(loss=0):.6f}, {c.lowest_energy(loss=1):.6f}")
ax = sg.plotting.contour(c)

# %% [markdown]
# ## Check it: sampled matrices
#
# The log-determinant of the Jacobian is the only large-$N$ ingredient. At the dominant point of all equilibria its
# shifts vanish. The formula against one matrix of size 1000:

# %%
hessian = game.hessian()
formula = sg.spectra.LogDeterminant(law)(hessian.shifts)
sampled = np.linalg.slogdet(hessian.sample(1000, rng=1))[1] / 1000
print(f"formula {formula:.4f}, one matrix {sampled:.4f}")

# %% [markdown]
# ## Check it: Monte Carlo at finite $N$
#
# The rates of the mean numbers approach the complexity.

# %%
for n in (10, 20, 40):
    count = sg.mean_count(game, n, samples=2_000, rng=1)
    print(f"N = {n:3d}   {count.log_mean / n:.4f} +/- {count.stderr / n:.4f}")
print(f"limit     {c.total():.4f}")

# %% [markdown]
# ## Check it: count the equilibria of drawn games
#
# On two circles all equilibria of a drawn game can be found, with a proof of each count. Their mean over draws is the
# number that Monte Carlo integrates, with no large $N$ anywhere.

# %%
counts = [sg.critical_points(game.draw((2, 2), rng=seed)).count for seed in range(60)]
mean, error = np.mean(counts), np.std(counts, ddof=1) / len(counts) ** 0.5
print(f"counted     {mean:.2f} +/- {error:.2f}")
expected = sg.mean_count(game, (2, 2), samples=20_000, rng=1)
print(f"Kac-Rice    {expected.mean:.2f} +/- {expected.mean * expected.stderr:.2f}")
