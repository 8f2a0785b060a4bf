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
# # From zero sum to common interest
#
# Two players on two spheres, with losses of correlation $\rho$: opponents at $\rho = -1$, partners at $\rho = 1$.
# Does what they want from each other change how many equilibria there are?
#
# **The game.** $L_1 = f_1$ and $L_2 = \rho f_1 + \sqrt{1 - \rho^2}\, f_2$ with independent fields of the same
# covariance
#
# $$\xi(q_1, q_2) = q_1^2 q_2 + \tfrac12 q_1 q_2^2 + \tfrac3{10} q_1^3 + \tfrac4{10} q_2^3 ;$$
#
# player 1 moves a sphere with 0.4 of the dimensions, player 2 one with 0.6. Either loss alone has the same law at every
# $\rho$. Rates are nats per dimension.
#
# *Theory*: [The one formula: spherical games](../docs/theory/spherical_games.md). *How to*: [A new
# model](../docs/howto/new_model.md).

# %%
import matplotlib.pyplot as plt

import spinglass as sg
from spinglass import figures
from spinglass.figures import games

plt.rcParams["figure.dpi"] = 110
quick = True  # False: finer grids, more samples
xi = {(2, 1): 1.0, (1, 2): 0.5, (3, 0): 0.3, (0, 3): 0.4}


def game(rho, kappa=0.4):
    losses = [[1, 0], [rho, (1 - rho**2) ** 0.5]]
    return sg.SphericalGame(fractions=[kappa, 1 - kappa], fields=[xi, xi], losses=losses, players=[[0], [1]])


# %% [markdown]
# ## Equilibria and Nash equilibria
#
# An equilibrium is a point where neither player can gain to first order; at a local Nash equilibrium each is at a
# local minimum of its own loss, index $(0, 0)$. Left, both complexities against $\rho$, and mean numbers of local Nash
# equilibria in five dimensions: sampled from the Kac-Rice formula, and counted in drawn games, whose equilibria are all
# found by homotopy. In the middle the $\rho$ at which the local Nash equilibria disappear, for other shares of the
# dimensions. Right, how finite games come to the limit.

# %%
recipe = figures.recipe("games-1")
data = figures.data(recipe.name, quick)
picture = recipe.figure(data)

# %% [markdown]
# ## What it says
#
# The total does not depend on $\rho$ at all: it is attained where all scalars vanish, and there the log-determinant
# of the Jacobian does not see how its transposed entries are correlated. Stability does. Opponents have no local Nash
# equilibrium, exponentially surely; with independent losses there are barely some; partners have most.

# %%
print("  rho   all equilibria   local Nash")
for rho in (-1, -0.5, 0, 0.5, 1):
    c = sg.complexity(game(rho))
    print(f"{rho:+.1f}   {c.total():14.6f}   {c.total(index=(0, 0)):+10.5f}")

# %% [markdown]
# ## Finite games
#
# The way to the limit is long for local Nash equilibria. At the best energies each player's own Hessian has its edge at
# 0, and the exponent would still grow beyond: there are points whose whole edge was pushed, at the price of the left
# tail of the Tracy-Widom law. This adds powers of $N$ that follow from the slopes of the exponent,
#
# $$\log E\,\# = N \Sigma + c_1 \sqrt N - c_2 N^{1/4} + b \log N + c ,$$
#
# so that rates fall like $N^{-1/2}$ and not like $1/N$. With $c_1$ and $c_2$ known, a fit of the rest to sampled games
# (right, lines) ends near the complexity; of all equilibria, which no edge constrains, $c_1 = c_2 = 0$. Its error is
# statistical, and smaller powers of $N$ are left out: with `quick = False` it is 0.002, and the limits are met within
# 0.007.

# %%
print("  rho   extrapolated       limit     c_1      c_2")
for i, rho in enumerate(games.LADDER):
    (sigma, _, _), error = games.fitted(data, i)
    root, fourth = data["powers"][i]
    print(f"{rho:+.1f}   {sigma:+.3f} +- {error:.3f}   {data['limits'][i, 1]:+.5f}   {root:.3f}   {-fourth:.3f}")

# %% [markdown]
# ## One game, all of its equilibria
#
# Two spheres of dimensions 2 and 3, one draw, every equilibrium with the two indices of the players. The count is
# proved by an interval argument for each root.

# %%
found = sg.critical_points(game(0.5).draw((2, 3), rng=1))
print(f"{found.count} equilibria, proven: {found.proven}")
for energies, index in zip(found.energies, found.index, strict=True):
    print(f"energies {energies[0]:+.4f}, {energies[1]:+.4f}   index {tuple(index.tolist())}")
