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
# # Beyond the semicircle: products and percolated matrices
#
# Spectra of trained networks have most of their mass next to 0 and a few large eigenvalues, and no semicircle has.
# Granziol (*Beyond random matrix theory for deep networks*, 2020) looks at matrices of deficient rank instead:
# products of rectangular factors, and matrices of which most entries or rows are missing.
#
# **Conventions.** $Y Y^T$ with $Y = X_1 \cdots X_L$, $X_l$ of size $N_{l-1} \times N_l$ with entries of variance
# $1/N_l$; its law has mean 1. A sparse Wigner matrix has $c$ entries per row on average, normal of variance $1/c$.
# Atoms are weights: the fraction of eigenvalues that are 0.
#
# *Theory*: [Products and sparse matrices](../docs/theory/spectra.md#products-and-sparse-matrices),
# [Layers](../docs/theory/loss_surfaces.md#layers).

# %%
import matplotlib.pyplot as plt

from spinglass import figures
from spinglass.figures.granziol2020 import bottleneck, network, outliers, paths

plt.rcParams["figure.dpi"] = 110
quick = True  # False: larger matrices, more draws


def draw(name):
    data = figures.data(name, quick)
    figures.recipe(name).figure(data)
    return data


# %% [markdown]
# ## Beside a network
#
# The Hessian of a perceptron with 685 parameters, trained to tell the digits of scikit-learn, over all training
# images. Each law is given the moments of these eigenvalues and nothing else: mean and second moment; the sparse one
# has mean 0 and gets the second and the fourth. Bars and lines are means over the same bins, so that an atom is a
# bin like any other.

# %%
spectra = draw("granziol2020-1")

# %%
print("law               atom   Kolmogorov-Smirnov   Wasserstein / standard deviation")
for name in network.NAMES:
    kolmogorov, wasserstein = spectra[f"distances {name}"]
    print(f"{name:17s} {spectra[f'atom {name}']:.2f}   {kolmogorov:18.3f}   {wasserstein / spectra['deviation']:.3f}")

# %% [markdown]
# The products win by Wasserstein's distance, the deeper the better, because they put the large eigenvalues where they
# are. By Kolmogorov and Smirnov's distance the *semicircle* is best here: the network has many eigenvalues that are
# small and few that are zero, some of them negative, and a law with an atom misses all of them at once. Moments of all
# eigenvalues, outliers among them, are a poor way to fit a bulk, so that this says little about the laws themselves.
#
# ## Rank
#
# A product has the rank of its narrowest factor: an atom of weight $\max(0, 1 - \min_l N_l/N_0)$, at every size. The
# Gauss-Newton matrix of a batch of $b$ examples in ten classes has rank $9 b$ at most, since probabilities sum to 1.
# It has just this rank until the batch spans all directions that images have; then it stays above the bound,
# because some pixels are empty in every image of the batch.

# %%
ranks = draw("granziol2020-2")

# %% [markdown]
# ## Sparse matrices
#
# With $c$ entries per row the atom is more than the empty rows $e^{-c}$. The rank at generic entries is the size of
# the largest matching of the graph, which can be found for $2 \cdot 10^4$ rows at once (dots) and agrees with the
# formula to three digits; eigenvalues of small matrices (crosses) scatter around it. A symmetric matrix and a
# square one without symmetry have the same atom.

# %%
sparse = draw("granziol2020-3")

# %% [markdown]
# ## What is left of the layers
#
# In the pure spherical model the Hessian is a semicircle moved by the energy: the fraction of negative eigenvalues
# grows continuously from 0, like $\frac{2}{3\pi}(2 - t)^{3/2}$ at first, and finite indices have energies of their
# own. Which of this survives for $M + t$ with another $M$?

# %%
layers = draw("granziol2020-4")

# %% [markdown]
# * The *power* 3/2 survives wherever there is a smooth edge: for a product with a Wigner matrix inside and for a
#   percolated matrix as well (middle). Layers of finite index at the bottom do not need the semicircle.
# * The *continuity* does not: where the level crosses the atom the index jumps by it. No points have an index in
#   between.
# * Without an edge, for the sparse matrix, the lowest eigenvalue sinks on and on with the size (right): there is no
#   energy below which only minima are left.
#
# That the layers survive only for the semicircle is true if all of them are meant, from the lowest minima to the
# maxima. The lowest layers alone are more robust.
#
# ## Ways between minima
#
# If much of the Hessian is flat, minima may be joined by ways on which the loss hardly rises. Between two minima of a
# perceptron from different starts there are three ways here: the straight one; the straight one to the same function
# with hidden units in the best order and with the best signs, which change nothing; and from there a curve with one
# bend, $(1-t)^2 w + 2t(1-t)\, c + t^2 w'$, with $c$ found by a descent. The loss is the one that the training lowers,
# weight decay included, and the barrier is its height above the higher end.

# %%
ways = draw("granziol2020-5")

# %%
high, flat = paths.barriers(ways)
print("hidden units   flat share   barrier:  " + "  ".join(f"{way:>8s}" for way in paths.WAYS))
for k, width in enumerate(ways["widths"]):
    print(f"{width:12d}   {flat[k].mean():10.3f}             " + "  ".join(f"{row[k].mean():8.4f}" for row in high))

# %% [markdown]
# With all images and six pairs of starts (`quick = False`) the straight way has barriers of 0.76 nats at 2 hidden units
# and 0.30 at 30, the aligned way 0.09 and 0.003, the bent one 0.02 and 0.0003, and in between all three are highest at
# 3 units. Over all 36 pairs the barrier falls with the share of flat directions (rank correlations of -0.60, -0.72 and
# -0.84). Both come with the number of hidden units, so that this is no proof that one is the cause of the other. Most
# of what looks like a barrier is bookkeeping: the order and the signs of hidden units.
#
# ## Bulks without outliers
#
# The laws above were given moments of all eigenvalues. Now the outliers are taken out first, by a rule fixed before:
# as many of the largest eigenvalues as the network has outputs, since every class has its own mean gradient. The laws
# get moments of what is left, and two percolated ones join them. Seven networks, three sets of data.

# %%
bulks = draw("granziol2020-6")

# %%
found = outliers.by_network(bulks).mean(axis=(0, 1))
print("outliers              " + "".join(f"{rule:>22s}" for rule in outliers.RULES) + "            own matrix")
for measure, title in enumerate(("Kolmogorov-Smirnov", "Wasserstein / deviation")):
    print(title)
    for k, name in enumerate(outliers.LAWS):
        own = bulks["controls"][k, measure]
        print(f"  {name:20s}" + "".join(f"{x:22.3f}" for x in found[:, k, measure]) + f"{own:22.3f}")

# %% [markdown]
# In full (`quick = False`) the semicircle is 0.61 to 0.79 deviations from the seven networks in Wasserstein's distance,
# Marchenko and Pastur's law 0.18 to 0.26, products of two 0.11 to 0.17 and of three 0.08 to 0.15, percolated Wishart
# matrices 0.12 to 0.19, sparse and percolated Wigner ones 0.22 to 0.46. The bootstrap over three starts gives these
# numbers to 0.01, and a sampled matrix is 6 to 240 times nearer to its law. The three-fold product is nearest under
# every rule. Taking outliers out does not mend the fits: it is the bulk that they miss.
#
# In Kolmogorov and Smirnov's distance rules and trainings matter. The semicircle is nearest (0.33 to 0.40) but for
# the perceptron with more weight decay, where it has 0.28 and the three-fold product 0.22. With three times as many
# outliers these are 0.26 and 0.13, and for the other perceptron of digits 0.29 and 0.15 (0.33 and 0.34 before), but on
# cells and photographs 0.34 and 0.48, 0.38 and 0.53. The widest gap finds 1 to 10 outliers and the order of the rule.
#
# What laws miss is seen in the first panel. Of a perceptron's bulk a third is within 0.01 deviations of 0 or below,
# and spread there over orders of magnitude; a law with an atom has 50 to 96% in one point, and the semicircle
# a third at large negative eigenvalues, where the network has nothing. Kolmogorov and Smirnov's distance counts the
# first as heavily as the second.
#
# ## A bottleneck
#
# A product's atom is what its narrowest factor leaves out. Do networks with a narrow layer have it? In a deep linear
# network $f(x) = W_L \cdots W_1 x = Ax$ the Gauss-Newton matrix has as many non-zero eigenvalues as $A$ has
# directions to move in, which is the dimension of the matrices of rank $r$,
# $r (d_0 + d_L - r)$: of $P$ parameters the others are gauge.

# %%
narrow = draw("granziol2020-7")

# %%
print("r    atom of a product   linear, one hidden layer   linear, eigenvalues   tanh trained, below 1e-2, 1e-4, 1e-6")
mean, _ = bottleneck.by_width(narrow)
for r, row in zip(narrow["tanh widths"], mean[:, 1, 0], strict=True):
    zeros, product = narrow["linear r"][list(narrow["widths"]).index(r)]
    tanh = "  ".join(f"{x:.3f}" for x in row)
    print(f"{r:2d}   {product:17.3f}   {bottleneck.exact_atom((int(r),)):24.3f}   {zeros:19.3f}   {tanh}")

# %% [markdown]
# The formula for products tells the zeros of $A^T A$, a matrix on inputs, and not those of a matrix on parameters: with
# one hidden layer the atom is $r/(d_0 + d_L)$, which *grows* with $r$. Between wide layers it first falls and then
# grows. With tanh the gauge directions cost something: no eigenvalue of the Gauss-Newton matrix is below $10^{-4}$ of
# the largest, and what is left of the atom are eigenvalues below $10^{-2}$, in training more than before (0.23 against
# 0.11 at 10 units, 0.46 against 0.31 at 20). Where inputs are small, units are linear and the atom is back (right).
#
# ## Beside the paper
#
# * *Semicircle and Marchenko-Pastur fail, even allowing for outliers.* On seven networks 0.61 to 0.79 and 0.18 to 0.26
#   deviations from the bulk, 0.003 is noise (figure 6). **Holds.**
# * *Products do better.* In Wasserstein's distance on every network, 0.08 to 0.17, and under every rule; in Kolmogorov
#   and Smirnov's the semicircle is nearer to six of seven networks (figure 6). **Holds, but for the atom.**
# * *Percolated matrices do better.* Wishart ones do, 0.12 to 0.19; Wigner ones, 0.22 to 0.46, are farther than
#   Marchenko and Pastur's law (figure 6). **Holds for Wishart.**
# * *The atom is $\max(0, 1 - \min_l N_l/N_0)$.* Of products, at every size (figure 2); of linear networks it is
#   $1 - r(d_0 + d_L - r)/P$, which may grow with $r$ (figure 7). **Holds for products, fails for widths of networks.**
# * *Networks have an atom at 0.* Of the Hessians of figure 6 just the weights of empty pixels and a shift of all
#   outputs are exact zeros, 3 to 7%; with whitened inputs and squares no eigenvalue of the Gauss-Newton matrix is below
#   $10^{-4}$ of the largest (figure 7). **Fails: many small eigenvalues, few zeros.**
# * *The atom of sparse matrices.* Twice exactly, by the formula and by matchings (figure 3). **Holds.**
# * *The layers of the index survive for the semicircle only.* All of them; the lowest do wherever there is an edge
#   (figure 4). **Holds in part.**
# * *Flat directions join minima.* They come together, rank correlation -0.84 (figure 5); no cause is shown. **Open.**
