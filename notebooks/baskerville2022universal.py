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
# # Outliers, noise and damping
#
# What the noise of a batch does to the Hessian of a network, after Baskerville, Keating, Mezzadri, Najnudel and
# Granziol (*Universal characteristics of deep neural network loss surfaces from random matrix theory*, 2022).
#
# **The model.** The Hessian of a batch is $A + s X$: the Hessian $A$ of all examples with a few large eigenvalues
# ("spikes") beside a bulk, and noise $X$ in general position with $s = b^{-1/2}$ for a batch of $b$ examples.
#
# **Conventions.** $G(z) = \int \rho(t) / (z - t)\, dt$ and $R(g) = G^{-1}(g) - 1/g$, whose coefficients
# $\kappa_1, \kappa_2, \ldots$ are the free cumulants. $\theta$ is a spike, $\Omega(\theta)$ the place of its outlier.
#
# *Theory*: [Outliers](../docs/theory/spectra.md#outliers), [Damping](../docs/theory/loss_surfaces.md#damping). *How
# to*: [The spectrum of my Hessian](../docs/howto/hessian.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

import spinglass as sg
from spinglass import figures
from spinglass.figures.baskerville2022universal import batches, noise, preconditioning, spikes, trained
from spinglass.spectra.noise.outliers import outlier, outlier_overlap

plt.rcParams["figure.dpi"] = 110
quick = True  # False: finer grids, more samples


def draw(name):
    data = figures.data(name, quick)
    figures.recipe(name).figure(data)
    return data


# %% [markdown]
# ## Where a spike goes
#
# With a bulk of law $\nu$ and noise of law $\mu$
#
# $$\Omega(\theta) = \theta + s R_\mu(s\, g_\nu(\theta)), \qquad |\langle v, u \rangle|^2 = \Omega'(\theta).$$
#
# The formula asks for the noise's law only, not for independent entries. Here are three noises of the same variance: a
# Wigner matrix, a Wishart matrix without its mean, and given eigenvalues, skewed to the other side, with random
# eigenvectors. To second order all give $\theta + 1 / \theta$; the third cumulant tells them apart, and where the
# outlier begins depends on the whole law.

# %%
outliers = draw("baskerville2022universal-1")

# %%
print("noise                 Omega(2)   overlap   third moment")
for name, law in spikes.NOISES.items():
    third = np.mean(law.quantile((np.arange(2000) + 0.5) / 2000) ** 3)
    print(f"{name:<20}  {outlier(2.0, law):.6f}   {outlier_overlap(2.0, law):.4f}    {third:+.3f}")

# %% [markdown]
# ## Batches of a trained network
#
# A perceptron with 685 parameters tells the digits of scikit-learn apart. The largest eigenvalues of the Hessian of a
# batch lie above those of all examples, and the more so the smaller the batch. The fit has two cumulants for all
# eigenvalues and batch sizes,
#
# $$\lambda_j(b) = \theta_j + \frac{\kappa_2}{b\, \theta_j} + \frac{\kappa_3}{b^{3/2} \theta_j^2},$$
#
# with $1/b$ replaced by $1/b - 1/m$, since the batches are drawn without replacement from $m$ examples.

# %%
measured = draw("baskerville2022universal-2")

# %%
for state in batches.STATES:
    fit = batches.fit(measured, state)
    print(f"{state:<10} spikes {fit.spikes.round(3)}, all examples {measured[f'all {state}'].round(3)}")
    print(f"{'':<10} kappa_2 = {fit.kappa2:.1f}, kappa_3 = {fit.kappa3:.1f}, residual {fit.residual:.3f}")

# %% [markdown]
# The fitted spikes are the eigenvalues of the whole Hessian, which the fit has not seen, to about a tenth. Below 50
# to 90 examples $\kappa_2 / (b\, \theta^2)$ exceeds 1 after training: what was to be a correction is larger than what
# it corrects, three terms say nothing there, and their continuation (dotted) goes astray. That two numbers fit the
# outliers does not show that they are the cumulants of the noise.
#
# ## What the noise is
#
# Before a model of the noise is fitted, the noise can be measured. The Hessian of a batch is $H + N$, and in the
# eigenbasis $v$ of $H$ the variances $S_{ij}/b'$ of $v_i^T N v_j$ follow from single examples, for every batch size at
# once. The model takes all $S_{ij}$ for equal, and the eigenvectors of $N$ for random.

# %%
measured = draw("baskerville2022universal-5")

# %%
for state in noise.STATES:
    along, kappa = noise.directions(measured, state)
    print(f"{state:10s} kappa_2 = {kappa:.3f}   noise along the top eigenvector / mean: {along[0] / kappa:.0f}")
    for name, values in noise.tops(measured, state).items():
        print(f"    largest eigenvalue, {name:8s}", "  ".join(f"{mean:.3f}" for mean, _ in values))

# %% [markdown]
# With all examples (`quick = False`) $\kappa_2$ is 0.051 after training and 0.131 before, hundredfold less than the
# cumulants fitted above, since the fit has to make one number of a noise that is 35 times stronger where the curvature
# is. With this number the largest eigenvalue would not move: 0.358 at $b = 64$, where batches have 0.512(5). With the
# measured variances Gaussian noise gives 0.480(5) there and 0.436(4) at $b = 128$, where batches have 0.443(4),
# without a fit. The third moment of the noise falls like $b'^{-2.06(3)}$: a mean of independent matrices has
# $\operatorname{tr} E N^3 \propto b^{-2}$, while a fixed law scaled by $b^{-1/2}$ has $b^{-3/2}$.
#
# ## A landscape in a parabola
#
# The rate of the mean number of critical points of a random field on top of a parabola vanishes at $m = 1$: stronger
# confinement leaves one point. At finite $N$ the number is known exactly.

# %%
landscape = draw("baskerville2022universal-3")

# %% [markdown]
# ## Damping and steps
#
# A noisy Hessian is used as a preconditioner $B = A + s X + \delta$. On vectors that do not know the noise its
# inverse acts like that of $A + \delta_{\mathrm{eff}}$,
#
# $$\delta_{\mathrm{eff}} = \delta + s R_\mu(s\, g_B(-\delta)) = \delta - s^2 |g_B(-\delta)|$$
#
# for Wigner noise: noise takes damping away, and the most from small batches. The best step along $B^{-1} g$ gets
# shorter, too, than a formula says that is blind to the noise.

# %%
damping = draw("baskerville2022universal-4")

# %%
print("  b   delta_eff: formula, sampled   best step: formula, sampled, noise-blind")
for b in preconditioning.SHOWN:
    (d, step), (ds, steps) = preconditioning.formulas(0.6, b)[:, 0], damping[f"sampled {b}"][:, :, 0]
    blind = preconditioning.blind_step(0.6)
    print(f"{b:3d}              {d:.4f}, {ds.mean():.4f}              {step:.4f}, {steps.mean():.4f}, {blind:.4f}")

# %% [markdown]
# The formulas hold for any law of the noise, such as this one:

# %%
skewed = sg.spectra.MarchenkoPastur(0.5) - 1.0
bulk, spike = sg.spectra.MarchenkoPastur(0.25), 5.0
for b in (8, 32, 128):
    print(f"b = {b:3d}   outlier of the spike {spike:g}: {outlier(spike, skewed, bulk, b**-0.5):.6f}")

# %% [markdown]
# ## Damping and steps of networks
#
# They ask for noise in general position to the curvature, and for a gradient that does not know it. The noise of
# batches is neither. Along two trainings the Gauss-Newton matrix of a batch, its diagonal and the root of its mean
# squared gradients (as in Adam) divide the gradient of all examples.

# %%
networks = draw("baskerville2022universal-6")

# %%
at, unit = trained.SHOWN[0], int(np.argmin(np.abs(networks["unit"] - trained.SHOWN[1])))
print("measured over predicted from one variance     damping taken away     best step")
for state in (state for state in trained.STATES if state in networks):
    for kind, (damping_ratio, step_ratio, _) in zip(
        trained.KINDS, np.moveaxis(trained.ratios(networks, state)[..., at, unit], 2, 0), strict=True
    ):
        taken, step = (f"{mean:.3f} +/- {error:.3f}" for mean, error in (damping_ratio, step_ratio))
        print(f"{state:12s} {kind:28s}    {taken}        {step}")
print("noise over its mean: along the top eigenvector, along the gradient\n", networks["along"].round(1))

# %% [markdown]
# With `quick = False` noise takes away 0.25 to 0.34 of the damping that one variance predicts, since it is strongest
# where the inverse is small. The best step is 0.948(5) of the noise-blind one at the start and 0.75(3) after Adam,
# where 0.997 and 0.967 are predicted, since the gradient lies where the noise is: along it noise is 17 and 5.6 times
# its mean, and steps are shortened 20 and 7.6 times as much as predicted. Wigner noise on the same matrix follows the
# formulas to 1%.
#
# ## Beside the paper
#
# The model is the paper's. The formulas are derived here from free addition: outliers and $\delta_{\mathrm{eff}}$,
# and from the same resolvents the overlaps, and the best step with its response to the noise.
#
# * *Outliers and overlaps follow from the law of the noise.* For noise in general position, with any of three laws
#   (figure 1). **Holds.**
# * *Two cumulants fit the outliers of batches.* From $b = 64$ on, with spikes right to a tenth; below, the series has
#   no meaning (figure 2). **Holds from 64 on.**
# * *The cumulants fitted are those of the noise.* $\kappa_2 = 0.051$ measured, 6 to 8 fitted (figure 5). On sampled
#   matrices the same fit returns what was put in. **Fails.**
# * *The noise is in general position to $H$.* It is 35 times its mean along the top eigenvector, 10 times before
#   training (figure 5). **Fails.**
# * *The noise has one law, scaled by $b^{-1/2}$.* The second moment falls like $1/b'$; the third like $b'^{-2.06(3)}$
#   and not $b'^{-3/2}$ (figure 5). **Fails in the third moment.**
# * *The law of the noise gives the outliers without a fit.* One variance does not move the largest eigenvalue; the
#   measured variances of all entries give it to 6% from $b = 64$ and to 2% from 128 (figure 5). **Fails; a profile
#   holds.**

# %% [markdown]
# * *The number of critical points in a parabola grows for $m < 1$ only.* It does, and at finite $N$ comes down to the
#   rate (figure 3). **Holds.**
# * *Noise reduces damping and best step.* In general position as the formulas say (figure 4); on networks both fall,
#   at each of six points of training (figure 6). **Holds.**
# * *The gradient does not know the noise.* Along the gradient it is 17 times its mean at the start and 1.3 to 5.6 times
#   later, along the top eigenvector of the Gauss-Newton matrix 32 to 46 times (figure 6). **Fails.**
# * *By what one variance says.* At $b = 64$, half the largest eigenvalue: 0.25 to 0.34 of the damping, each to 0.01,
#   and a best step of 0.777(26) to 0.975(3) of what is said (figure 6). **Fails.**
# * *The same for diagonals, as in Adam.* The diagonal of the Gauss-Newton matrix loses 0.42 to 0.77 of the damping
#   predicted, and steps are right to 0.7%; the root of mean squared gradients loses 1.5 to 2.3 times as much (figure
#   6). **Fails, but for the step of the diagonal.**
# * *The same for large networks.* Only 460 and 685 parameters were tried. **Open.**
