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
# # Counting in a hierarchical landscape
#
# The logarithm of a mean is not the mean of the logarithm. At low energies of some models the mean number of
# critical points is that of a few rare draws, and a typical draw has exponentially fewer. Kent-Dobias and Kurchan
# (*How to count in hierarchical landscapes*, 2023) compute the typical number by breaking the symmetry of replicas.
#
# **Model and conventions.** Their example "3+16" has $\xi(q) = \frac12 (q^3 + \frac1{16} q^{16})$ on one sphere. Here,
# as everywhere in this package, $H = N u$ and a covariance $E H H' = N \xi(q)$; this $\xi$ is the $f$ of the paper, so
# that energies are the same. Complexities are nats per dimension.
#
# *Theory*: [Is the mean typical?](../docs/theory/one_sphere.md#is-the-mean-typical).

# %%
import matplotlib.pyplot as plt

import spinglass as sg
from spinglass import figures

plt.rcParams["figure.dpi"] = 110
quick = True  # False: finer grids

# %% [markdown]
# ## Annealed and quenched
#
# From far the two complexities are the same curve (left). Close to the ground state they part (middle): the annealed
# one promises minima in the shaded region, where a typical draw has none. Right: by how much the mean exceeds the
# typical number, for all points and for minima.

# %%
recipe = figures.recipe("kentdobias2023-1")
data = figures.data(recipe.name, quick)
picture = recipe.figure(data)

# %% [markdown]
# ## The energies that matter

# %%
names = {
    "lowest annealed": "minima, by the mean number, down to",
    "lowest quenched": "E_0, typical minima down to",
    "lowest marginal": "typical marginal minima down to",
    "threshold quenched": "typical points are saddles above",
    "algorithmic": "algorithms in small steps come down to",
}
for key, text in names.items():
    print(f"{text:40s} {float(data[key]):.12f}")

# %% [markdown]
# The second and the third agree with the published $E_0 = -1.28760553053$ and $E_m = -1.28760552659$ to all digits
# given. The mean number of points of *any* index vanishes lower still, at $-1.288905$: saddles of rare draws.
#
# ## Where it makes no difference
#
# For a pure model both complexities agree at all energies, and so they do here above $u \approx -1.27$ for all
# points and $u \approx -1.285$ for minima: there the points do not know of each other.

# %%
for model in (sg.pure(3), sg.mixed({3: 1 / 2, 16: 1 / 32})):
    annealed, quenched = (sg.complexity(model, method) for method in ("annealed", "quenched"))
    for u in (annealed.lowest_energy(index=0) + 0.001, -1.25):
        print(f"u = {u:.6f}   annealed {annealed(u):.8f}   quenched {quenched(u):.8f}   {model}")

# %% [markdown]
# The quenched numbers here break the symmetry of replicas once. The 3+16 model is the paper's example for which this
# is enough; a model with a term of degree 2 would need more steps, and is refused where it does.
