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
# # The Hessian of a network, from products to a law
#
# A Hessian with $P$ rows is seldom formed: what one has are its products with vectors, two gradients each. This
# notebook goes from such products to a density with errors, from the density to the law of another matrix, the Hessian
# of a batch, and to the eigenvalues that this law does not explain. The network is small, 685 parameters, so that
# everything can be compared with all eigenvalues.
#
# **Conventions.** A perceptron with one hidden layer of 9 tanh units, trained to tell the 8x8 digits of scikit-learn by
# the cross-entropy. $H_0 = J^T C J$ is the Gauss-Newton matrix, a mean over examples, with $J$ the derivatives of the
# ten outputs and $C$ the curvature of the loss in the outputs; $H = H_0 + H_1$.
#
# *How to*: [My network's Hessian](../docs/howto/products.md). *Theory*: [From eigenvalues to a
# law](../docs/theory/eigenvalues.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg
from spinglass import networks

plt.rcParams["figure.dpi"] = 110
trained = networks.digits("mlp")
untrained = trained.untrained()
print(f"{trained.size} parameters, accuracy {trained.accuracy():.3f}, before training {untrained.accuracy():.3f}")

# %% [markdown]
# ## From products to a density
#
# `trained.operator()` multiplies vectors with $H$; any scipy `LinearOperator` does. Ten random vectors and eighty steps
# of Lanczos cost 800 products; the twelve outermost eigenvalues at each end are found on the way.

# %%
found = sg.spectra.lanczos(trained.operator(), probes=10, steps=80, rng=1, extremes=12)
eigenvalues = trained.eigenvalues()  # all of them, for comparison
for k in range(1, 5):
    exact, error = np.mean(eigenvalues**k), found.moment_error(k)
    print(f"moment {k}: {found.moment(k):.3e} +/- {error:.0e}, exactly {exact:.3e}")
x = [0.0, 1e-3, 1e-2, 0.1]
print("at or below", x)
print("from products  ", found.cdf(x).round(4))
print("standard errors", found.cdf_error(x).round(4))
print("all eigenvalues", (eigenvalues[:, None] <= x).mean(axis=0).round(4))
print("largest:", found.extremes.top[-3:].round(6), "exactly", eigenvalues[-3:].round(6))

# %%
fig, ax = plt.subplots()
sg.plotting.lanczos(found, ax)
ax.set(xlim=(-0.02, 0.4), yscale="log", ylim=(1e-2, 400), title="H after training")

# %% [markdown]
# ## The law of a batch, with nothing to fit
#
# The Gauss-Newton matrix of a batch of $b = 64$ images is a mean of $9b$ dyads: nine, since ten probabilities add up to
# one. If these were independent Gaussian vectors with the covariance $H_0$ of all images, it would be a Wishart matrix
# with that covariance, whose law is a free product,
#
# $$\mu_{\mathrm{batch}} = \mu_{H_0} \boxtimes \mathrm{MP}\Big(\frac P{9b}\Big) .$$
#
# Nothing is free in it: $\mu_{H_0}$ is known, here from all of its eigenvalues, and $P/9b = 1.19$.

# %%
batch, count = 64, 4
independent = sg.spectra.MarchenkoPastur(trained.size / (9 * batch))


def of_batches(network):
    """The law of batches by the free product, and eigenvalues of batches, one row for each."""
    whole = np.maximum(network.eigenvalues("gauss_newton"), 0.0)  # no rounding below 0
    law = sg.spectra.Empirical(whole, hard_edge=0.0).times(independent)
    rows = [network.eigenvalues("gauss_newton", one) for one in network.batches(batch, count, rng=2)]
    return law, np.array(rows)


laws = {"before training": of_batches(untrained), "after training": of_batches(trained)}

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained", sharey=True)
places = np.geomspace(1e-7, 0.6, 300)
for ax, (name, (law, rows)) in zip(axes, laws.items(), strict=True):
    sizes = np.linspace(0, 1, rows.size, endpoint=False)
    ax.plot(np.sort(np.maximum(rows.ravel(), 1e-8)), sizes, color="0.6", lw=3, label=f"{count} batches of {batch}")
    ax.plot(places, law.cdf(places), "k", label="free product, no parameter")
    ax.set(xscale="log", xlim=(1e-7, 0.6), title=name, xlabel=r"eigenvalue $\lambda$")
axes[0].set_ylabel("at or below")
axes[0].legend(loc="upper left", frameon=False)

# %%
for name, (law, rows) in laws.items():
    values = np.sort(rows.ravel())
    apart = np.abs(law.cdf(values) - (np.arange(values.size) + 0.5) / values.size)
    print(f"{name}: distribution functions apart by {apart.max():.3f}, above 1e-4 by {apart[values > 1e-4].max():.3f}")
    edge, top = law.support[-1, 1], rows[:, -1]
    print(f"   edge of the law {edge:.3f}, largest eigenvalues {top.min():.3f} to {top.max():.3f}")
    print(f"   eigenvalues beyond the edge in each batch: {(rows > edge).sum(axis=1)}")

# %% [markdown]
# Before training the law holds without a parameter, but for the smallest eigenvalues: batches have some more zeros. No
# batch has an eigenvalue beyond its edge.
#
# After training it fails, by far more than batches differ from each other, and most batches have eigenvalues beyond the
# edge. How a batch of independent draws scatters about all images can be measured image by image: with $H_i$ the matrix
# of one,
#
# $$\frac{E\,\mathrm{tr} H_{\mathrm{batch}}^2 - \mathrm{tr} H_0^2}{(\mathrm{tr} H_0)^2} = \frac1b\Big(
# \frac{E\,(\mathrm{tr} H_i)^2}{(\mathrm{tr} H_0)^2}\, \frac{E\,\mathrm{tr} H_i^2}{E\,(\mathrm{tr} H_i)^2}
# - \frac{\mathrm{tr} H_0^2}{(\mathrm{tr} H_0)^2}\Big) :$$
#
# the first factor tells how unequal images are, the second how many dyads one of them is worth.

# %%
for name, network in (("before", untrained), ("after", trained)):
    images = [network.gauss_newton(np.array([i])) for i in range(0, len(network.inputs), 8)]
    traces, squares = np.array([(np.trace(h), np.sum(h * h)) for h in images]).T
    equal, dyads = traces.mean() ** 2 / (traces**2).mean(), (traces**2).mean() / squares.mean()
    print(f"{name} training: images as {equal:.2f} of them that are equal, each worth {dyads:.1f} dyads of nine")

# %% [markdown]
# After training fewer images count, and each with fewer dyads, very unequally: a Wishart matrix knows one number of
# equal dyads only. That neighbouring eigenvalues repel as those of the GOE do is another matter, in *Random matrices in
# the Hessians of networks*.
