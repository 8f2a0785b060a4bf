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
# # Quickstart
#
# From a covariance to its complexity: as a curve, as digits, as a proof, at finite $N$ and with sliders. Energies are
# densities, complexities natural logarithms per dimension, and the index is the number of negative eigenvalues of the
# Hessian.
#
# *Theory*: [One sphere at large N](../docs/theory/one_sphere.md), [The one formula: spherical
# games](../docs/theory/spherical_games.md). *How to*: [Digits, with proof](../docs/howto/digits.md), [Mean numbers at
# finite N](../docs/howto/finite_n.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg

plt.rcParams["figure.dpi"] = 110

# %% [markdown]
# ## A landscape in layers
#
# The pure 3-spin glass is the Gaussian function on a sphere with $E f(x) f(x') = (x \cdot x')^3$. How many critical
# points of index $k$ lie at or below an energy $u$?

# %%
c = sg.complexity(sg.pure(3))
ax = c.plot()

# %% [markdown]
# Every curve starts at its own energy $-E_k$: the lowest points are minima, then saddles of index 1 join, and so on
# up to the threshold $-E_\infty$, where all indices come together.

# %%
for k in range(4):
    print(f"-E_{k} = {c.lowest_energy(index=k):.12f}")
print(f"-E_inf = {c.threshold_energy:.12f}")

# %% [markdown]
# ## The same formula, other numbers
#
# With `arithmetic=` the same lines give digits, an enclosure with proof, or an expression.

# %%
print(c.lowest_energy(arithmetic=sg.mp(50)))
print(c.lowest_energy(arithmetic=sg.balls(50)).str(50))
print(c.total(arithmetic=sg.symbols))

# %% [markdown]
# ## Two players
#
# In a GAN, a discriminator and a generator live on a sphere each and lower a loss each. The contours show how many
# equilibria have both losses at or below $(u_D, u_G)$. On the line the complexity is zero: nothing lies beyond it.

# %%
gan = sg.gan(p=3, q=3, sigma_z=1.0, kappa=0.9)
game = sg.complexity(gan)
ax = sg.plotting.contour(game)

# %%
print(f"equilibria:             {game.total():+.6f}")
print(f"local Nash equilibria:  {game.total(index=(0, 0)):+.6f}")

# %% [markdown]
# The number of equilibria grows exponentially, but at this coupling there is no local Nash equilibrium among them, a
# point at which both players are at a local minimum of their own loss. Their Hessian shows why: its spectrum reaches
# far across 0.

# %%
hessian = gan.hessian()
ax = sg.plotting.spectrum(hessian.law, hessian.sample(400, rng=1))

# %% [markdown]
# ## Finite $N$
#
# The mean number itself, not only its growth: exactly on one sphere, by Monte Carlo for any game. The standard error
# of the logarithm comes with it.

# %%
print(sg.mean_count(sg.pure(3), 20, index=0).mean)
print(sg.mean_count(sg.pure(3), 20, index=0, method="montecarlo", samples=5_000, rng=1))
print(sg.mean_count(gan, 20, samples=2_000, rng=1))

# %% [markdown]
# ## Sliders
#
# What do the degrees, the latent noise $\sigma_z$ and the share $\kappa$ of the discriminator do? Left, the spectrum
# of the Hessian at the most numerous equilibria; right, how many equilibria lie at or below an energy of one player.
# The second cell shows its sliders in Jupyter; those of the site are in the [explorer](../docs/explorer.md).


# %%
def redraw(p=3, q=3, sigma_z=1.0, kappa=0.9):
    model = sg.gan(p, q, sigma_z, kappa)
    rate = sg.complexity(model)
    left, right = plt.subplots(1, 2, figsize=(10, 3.6))[1]
    sg.plotting.spectrum(model.hessian().law, ax=left)
    v = model.local_law().losses
    for player, name in enumerate(("discriminator", "generator")):
        u = np.linspace(-4, 1, 41) * np.linalg.norm(v[player])
        losses = (u, np.inf) if player == 0 else (np.inf, u)
        right.plot(u, rate.below(*losses), label=name)
    right.axhline(0, color="0.55", linewidth=0.8)
    right.set(xlabel="energy density of the player", ylabel="complexity (nats per dimension)", ylim=(-1, None))
    right.set_title(f"total {rate.total():.4f}, local Nash {rate.total(index=(0, 0)):.4f}", fontsize="medium")
    right.legend(frameon=False)
    plt.show()


redraw()

# %% tags=["skip-execution"]
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider, interact

sliders = interact(
    redraw,
    p=IntSlider(3, 2, 8),
    q=IntSlider(3, 1, 8),
    sigma_z=FloatLogSlider(1.0, min=-4, max=1),
    kappa=FloatSlider(0.9, min=0.05, max=0.95, step=0.05),
)
