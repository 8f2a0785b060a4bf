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
# # A field, a spike and pairs of points
#
# Three papers, one figure each: how a random field makes a landscape trivial (Fyodorov, *High-dimensional random
# fields and random matrix theory*, 2013), how a hidden signal shapes it (Ben Arous, Mei, Montanari, Nica, *The
# landscape of the spiked tensor model*, 2019), and why the mean number of critical points is the typical one (Subag,
# *The complexity of spherical p-spin models - a second moment approach*, 2017).
#
# **Conventions.** Unit spheres, $L = \sqrt N u$, covariance $E f f' = \xi(q)$, natural logarithms per dimension. The
# spiked tensor keeps the scale of its paper, $f = \lambda \langle u, s\rangle^k + (2n)^{-1/2} W[s^k]$.
#
# *Theory*: [Further models](../docs/theory/further.md), [Is the mean
# typical?](../docs/theory/one_sphere.md#is-the-mean-typical).

# %%
import matplotlib.pyplot as plt

import spinglass as sg
from spinglass import figures

plt.rcParams["figure.dpi"] = 110
quick = True  # False: finer grids


def draw(name):
    data = figures.data(name, quick)
    figures.recipe(name).figure(data)
    return data


# %% [markdown]
# ## A field makes it trivial
#
# With $\xi(q) = q^3 + s q$ the linear term is a random field of strength $s$. The mean number of critical points is
# known in closed form at every $N$. At $s = 3$ the first and second derivatives of $\xi$ agree, and it is exactly
# $2N$; beyond, it falls to 2, a minimum and a maximum.

# %%
data = draw("fyodorov2013-1")

# %%
for n in (2, 10, 50):
    print(n, sg.mean_count(sg.mixed({1: 3, 3: 1}), n, arithmetic=sg.symbols).mean)

# %% [markdown]
# ## A spike in a random tensor
#
# Over the overlap $m$ with the spike and the value $x$: most critical points know nothing of it ($m$ near 0). From
# $\lambda_c$ on, maxima exist near the spike, apart from that band.

# %%
data = draw("bmmn2019-1")

# %%
print("critical strength, k = 3, 4:", [round(float(sg.spiked(k, 1.0).critical_lambda()), 6) for k in (3, 4)])

# %% [markdown]
# ## Pairs of critical points
#
# The rate $\Psi(r, u, u)$ of pairs at overlap $r$ is largest at $r = 0$, where it is $2\Theta(u)$, for energies
# between the ground state and the threshold: the second moment is the square of the first at exponential order, so
# that the mean is typical. For the mixture of the notebook *Counting in a hierarchical landscape* it is not.

# %%
data = draw("subag2017-1")
