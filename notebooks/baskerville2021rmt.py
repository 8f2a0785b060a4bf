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
# # Random matrices in the Hessians of networks, locally
#
# No semicircle fits the spectrum of a network, but neighbouring eigenvalues may still repel as those of a random
# matrix do. Baskerville, Granziol and Keating (*Appearance of random matrix theory in deep learning*, 2022) find the
# statistics of the Gaussian orthogonal ensemble (GOE) in the Hessians of batches, and propose Gaussian processes as
# loss surfaces.
#
# **Conventions.** Spacings $s$ are unfolded to mean 1 by the *other* batches: a spectrum that unfolds itself loses
# its own fluctuations. Ratios $r = \min(s_i, s_{i+1}) / \max(s_i, s_{i+1})$ do not depend on that; their mean is
# 0.5307 for the GOE and $2 \log 2 - 1 = 0.3863$ for independent levels. The curves are
#
# $$\text{GOE:}\ \ \tfrac{\pi s}2 e^{-\pi s^2/4}, \quad \tfrac{27}4 \frac{r + r^2}{(1 + r + r^2)^{5/2}}, \qquad
# \text{independent:}\ \ e^{-s}, \quad \frac2{(1 + r)^2} .$$
#
# *Theory*: [Local statistics](../docs/theory/spectra.md#local-statistics). *How to*: [The spectrum of my
# Hessian](../docs/howto/hessian.md).

# %%
import matplotlib.pyplot as plt

from spinglass import figures
from spinglass.figures.baskerville2021rmt import controls, distances, hardness, local

plt.rcParams["figure.dpi"] = 110
quick = True  # False: more batches and draws


def draw(name):
    data = figures.data(name, quick)
    figures.recipe(name).figure(data)
    return data


# %% [markdown]
# ## Batches of digits
#
# Logistic regression (650 parameters) and a perceptron with one hidden layer (685), trained to tell the digits of
# scikit-learn; Hessians of batches of 64 images, eigenvalues above $10^{-4}$. Without a hidden layer the Hessian is
# the Gauss-Newton matrix; for the perceptron both are shown. The same networks before training are the control.

# %%
networks = draw("baskerville2021rmt-1")

# %%
print("                           mean ratio          errors from   distance from GOE")
print("Hessian                                        GOE           spacings   ratios")
for name in local.MATRICES:
    row = local.split(networks[name])[2]
    mean, error = row["mean ratio"], row["standard error"]
    apart = f"{row['spacings from GOE']:8.3f}   {row['ratios from GOE']:.3f}"
    print(f"{name:24s}   {mean:.4f} +/- {error:.4f}   {(mean - 0.5307) / error:+5.1f}         {apart}")

# %% [markdown]
# Errors come from the scatter between batches; batches share images, which makes them somewhat too small. Distances
# are those of Kolmogorov and Smirnov from the curves, which are not the GOE themselves: 120 sampled GOE matrices of
# this size lie at 0.007.
#
# *What agrees.* Levels repel in every case, beyond any doubt. The mean ratio of the trained perceptron is that of the
# GOE, and so is that of its Gauss-Newton matrix: with 120 batches (`quick = False`) 0.5303(14) and 0.5322(16).
#
# *What does not.* Before training the repulsion is weaker: 0.5164(13) for logistic regression and 0.5258(16) for the
# perceptron, with 120 batches. An untrained classifier gives similar probabilities to all images, and its Hessian is
# closer to a Kronecker product, whose eigenvalues are products that know little of each other: for logistic regression
# at a relative distance of 0.18, after training of 0.66. Its spacings cannot be unfolded by the other batches either,
# which ratios do not need. The trained logistic regression is low with 16 batches and at 0.5298(15) with 120.
#
# The paper finds the GOE in larger networks; in these small ones the trained ones agree, the untrained do not.
#
# ## Gaussian processes
#
# For a loss of covariance $k(-\frac12 |w - w'|^2)$ the Hessian at a point is $\sqrt{k''(0)}\,(Q + \zeta)$: a GOE matrix
# and one random level, the same at $k'' = 10^{-4}, 0.1$ and 10 but for its scale (left: three kinds of marks). A loss
# that ignores 100 of 500 weights adds an atom at 0 (stem), twenty spikes on the diagonal add outliers at
# $\theta + k'' n / \theta$. Spikes are uniform between one and two times the strength in the title, in units of
# $\sqrt{k'' n}$, where outliers leave the bulk: a choice made here. $n_{\mathrm{eff}}$ weights are not ignored. This is
# the Hessian at a point of any loss; at a known loss $L$ its mean is $-k' L / k$, a variant that is not drawn here.

# %%
surfaces = draw("baskerville2021rmt-2")

# %% [markdown]
# The ratios of all levels, outliers among them, keep to the GOE: 20 of 500 levels hardly change a histogram. Zeros that
# coincide have no spacing, and are left out. The outliers among themselves are in between: independent spikes, coupled
# by entries of size $\sqrt{k''}$, repel at short distances only, and less so the farther they are apart.
#
# ## Gradients at a distance
#
# $\mathrm{Cov}(\partial_i L, \partial_j L') = \delta_{ij} k' - u_i u_j k''$ with $u = w - w'$. Along $u$ gradients are
# anticorrelated before they forget each other; across, which is nearly all directions when there are many weights,
# they decay without a change of sign. Marks: surfaces drawn as sums of waves, others at every distance. Right, the same
# of whole gradients, $E\,\nabla L \cdot \nabla L' / E\,|\nabla L|^2$.

# %%
gradients = draw("baskerville2021rmt-3")

# %% [markdown]
# ## Gradients of a network at a distance
#
# Are the gradients of the examples of a network like that? Each example $x$ has its loss surface, and the scatter of
# $\nabla L_x$ over examples at two places on the way of a training, or at two minima, takes the place of the average
# over surfaces. One length is fitted to whole gradients (left); along the displacement (right) nothing is fitted.

# %%
seen = draw("baskerville2021rmt-4")
for kernel in distances.KERNELS:
    length, rest = distances.length(seen, kernel)
    print(f"{kernel:12s} length {length:.1f}, root mean square of what is left {rest:.3f}")

# %% [markdown]
# *What agrees.* Gradients forget each other with the distance: with all examples and six trainings (`quick = False`)
# the exponential kernel with a length of 6.4 leaves a root mean square of 0.08, and between minima of different starts,
# 12 to 14 apart, the correlation is 0.04 on average.
#
# *What does not.* Along the displacement gradients turn against each other far more than any of the two kernels allows:
# on the way of a training in 57 of 81 pairs that are less than one length apart, where the model has them agree, and to
# -0.89 between minima. The displacement of a descent is made of these gradients, and in the model it is any direction.
#
# ## Controls
#
# The ratios of the GOE are easily found where nothing is: eigenvalues that are zero but for rounding have them. The
# Gauss-Newton matrix of 32 digits has rank 288 at most among 685; in single precision the others pile up at $10^{-9}$
# of the largest eigenvalue, and by decades their ratios are those of the GOE (squares, middle). A cut-off has to be
# above the precision. Products and matrices in two blocks are told from the GOE, as independent levels are.

# %%
controls_seen = draw("baskerville2021rmt-5")
for name in controls.CONTROLS:
    mean, error = controls_seen[name]
    print(f"{name:20s} mean ratio {mean:.3f} +/- {error:.3f}")

# %% [markdown]
# ## Many networks
#
# Is the GOE found in all networks? Every mark is the mean over disjoint batches of 64 examples, so that errors are
# those of independent matrices. Data: digits, patches of two photographs (which of them?), measurements of cells
# (benign?) and of patients (a regression); untrained, after 300 quasi-Newton steps, on other examples, and the
# Gauss-Newton matrix.

# %%
many = draw("baskerville2021rmt-6")

# %% [markdown]
# With all of them (`quick = False`) 13 of 17 untrained Hessians have the mean ratio of the GOE within two errors, and
# so have 13 of 17 Gauss-Newton matrices after training. Of trained Hessians only 5 do: regression, the perceptron and
# the three layers on digits, and two other regressions. Elsewhere their levels repel less, down to 0.344(5) for three
# layers on cells, less than independent ones. The Gauss-Newton matrix of the same networks has the GOE's ratios, so it
# is the part with the residuals that deviates.
#
# ## Exponential or power law?
#
# The loss of plain gradient descent from several starts, of a perceptron on the digits and of a pure 3-spin glass, with
# the fits of $a + b\,e^{-cT}$ and $a + b\,T^{-c}$. $\Delta$ is the difference of Akaike's criterion, positive where the
# power law is nearer.

# %%
hard = draw("baskerville2021rmt-7")
for name in hardness.SYSTEMS:
    print(f"{name:22s} differences", hardness.preferences(hard, name).round(1))

# %% [markdown]
# With 10 000 steps and six starts (`quick = False`) $\Delta$ is 115 to 158 for the perceptron, whose loss falls like
# $T^{-0.85}$ to $T^{-0.95}$. Draws of 80 spins end in minima at energies from -1.67 to -1.49: $\Delta$ is -28 to -53 in
# four of six, and 24 and 27 in the other two.
#
# ## Beside the paper
#
# * *Hessians of batches have the local statistics of the GOE.* Before training 13 of 17 mean ratios are within two
#   errors, after it 5 of 17; Gauss-Newton matrices 13 of 17 (figure 6). **Holds in part.**
# * *Zeros and outliers leave local statistics as they are.* In Gaussian ensembles mean ratios are 0.526 or more
#   (figure 2). **Holds.**
# * *Gradients decorrelate as on a Gaussian surface.* Whole gradients do, to 0.08; along the displacement they turn
#   against each other far more (figure 4). **Holds in part.**
# * *The loss falls exponentially with the budget.* That of a perceptron follows a power law, $\Delta \geq 115$
#   (figure 7). **Fails here.**
# * Eigenvalues that are rounding errors have the GOE's ratios, 0.532(2) (figure 5): a control that such claims need.
