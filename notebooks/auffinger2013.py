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
# # Complexity of the pure and the mixed spherical models
#
# Critical points of a spherical spin glass, counted by energy and index. The formulas and the questions are those of
# Auffinger, Ben Arous and Cerny (*Random matrices and complexity of spin glasses*, 2013) and of Auffinger and Ben Arous
# (*Complexity of random smooth functions on the high-dimensional sphere*, 2013).
#
# **Conventions.** $H = N u$ on the sphere of radius $\sqrt N$, covariance $\xi(q)$ with $\xi(1) = 1$. The papers draw
# $\Theta_k(u) = \lim \frac1N \log E\,\#\{\text{index } k, \text{ energy} \le u\}$, which is `c.below(u, index=k)` here.
#
# *Theory*: [One sphere at large N](../docs/theory/one_sphere.md), [Exact at finite N](../docs/theory/finite_n.md).
# *How to*: [Digits, with proof](../docs/howto/digits.md).

# %%
import matplotlib.pyplot as plt

import spinglass as sg
from spinglass import figures

plt.rcParams["figure.dpi"] = 110
quick = True  # False: the grids of the published figures


def draw(name):
    data = figures.data(name, quick)
    figures.recipe(name).figure(data)
    return data


# %% [markdown]
# ## Layers
#
# The Hessian of the pure model at a point of energy $u$ is a GOE matrix shifted by $-p\,u$. Its lower edge stays
# above 0 until $u = -E_\infty$; at lower energies a typical point is a minimum, and a saddle of index $k$ has to pull
# $k$ eigenvalues out of the semicircle. The cost is paid $k + 1$ times, because the count itself is biased by it
# once, and so the curves start one after the other.

# %%
layers = draw("auffinger2013-1")

# %% [markdown]
# The energies at which they start, to thirty digits. The first is also the energy of the ground state.

# %%
c = sg.complexity(sg.pure(3))
for k in (0, 1, 2, 100):
    print(f"E_{k:<3} = {-c.lowest_energy(index=k, arithmetic=sg.mp(30))}")
print(f"E_inf = {-c.threshold(arithmetic=sg.mp(30))}")

# %% [markdown]
# ## Degrees
#
# $E_0$ grows with the degree $p$, while $E_\infty = 2 \sqrt{(p-1)/p}$ stays below 2. The band of energies that hold
# minima but no saddle of high index widens.

# %%
thresholds = draw("auffinger2013-2")

# %% [markdown]
# ## Mixtures
#
# On the segment between two degrees the number
#
# $$G = \log\frac{x_2}{x_1} - \frac{(x_2 - x_1)(x_2 - x_1 + x_1^2)}{x_2\, x_1^2}, \qquad
# x_1 = \xi'(1),\ x_2 = \xi''(1)$$
#
# decides: where it is positive the mixture has layers like a pure model, where it is negative (shaded) there are still
# minima and saddles of all indices together at the lowest energies.

# %%
mixtures = draw("auffinger2013-3")

# %% [markdown]
# ## Finite $N$
#
# The mean number of minima is known exactly at every $N$ (a Pfaffian), and its growth rate approaches $\Theta_0$ like
# $\log N / N$.

# %%
limit = c.total(index=0)
print(" N    rate      limit")
for n in (5, 10, 20, 40) if quick else (5, 10, 20, 50, 100):
    print(f"{n:3d}   {sg.mean_count(sg.pure(3), n, index=0).log_mean / n:.6f}  {limit:.6f}")

# %% [markdown]
# ## Beside the papers
#
# The curves are the closed forms of the papers, evaluated; no constant was adjusted. What is added here: digits and
# enclosures of $E_k$, the exact numbers at finite $N$, and the segments between degrees drawn as a map.
