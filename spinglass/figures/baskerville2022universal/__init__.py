r"""Universal characteristics of loss surfaces: outliers, a confined landscape, damping.

Baskerville, Keating, Mezzadri, Najnudel, Granziol (2022), Universal characteristics of deep neural network loss
surfaces from random matrix theory, J. Phys. A 55.  Figure 1: outliers of spiked matrices with three kinds of noise.
2: outliers of the Hessians of batches, with the fit of two cumulants of the noise.  3: Kac-Rice rate in a parabola.
4: what noise does to damping and to the best step of a preconditioned descent, where it is free.  5: what the noise of
batches is.  6: damping and best step on networks in training.
"""

from spinglass.figures.baskerville2022universal import (
    batches,
    confinement,
    noise,
    preconditioning,
    spikes,
    trained,
)
from spinglass.figures.recipe import Recipe


def _recipe(number, title, parts, draw, *layout, **texts):
    return Recipe(f"baskerville2022universal-{number}", title, parts, draw, *layout, **texts)


RECIPES: tuple[Recipe, ...] = (
    _recipe(
        1,
        "outliers with three kinds of noise",
        spikes.outliers,
        spikes.draw_outliers,
        1,
        2,
        (10.5, 4.4),
        claim="Where an outlier lies and how much of the spike's direction it keeps follows from the law of the noise "
        "alone: three noises of one variance, which differ by their skewness, have their own curves, and sampled "
        "matrices lie on them.",
        parameters="Wigner, centred Wishart (ratio 1/2) and given eigenvalues, skewed to the left, with random "
        "eigenvectors; size 800, 40 (quick: 4) samples with six spikes each. Bars: deviation of one sample.",
        published=r"A matrix plus noise in general position; $\Omega(\theta) = \theta + s R_\mu(s g_\nu(\theta))$ is "
        "derived here.",
    ),
    _recipe(
        2,
        "outliers of batch Hessians",
        batches.outliers,
        batches.draw_outliers,
        1,
        2,
        (10.5, 4.4),
        claim="The smaller the batch, the larger the top eigenvalues of its Hessian. Spikes and two cumulants fitted "
        "from 64 examples on give the eigenvalues of the Hessian of all examples, which the fit does not see, to "
        "about a tenth; continued to smaller batches the series fails.",
        parameters="A perceptron with 685 parameters on the digits of scikit-learn, trained and untrained, 200 "
        "(quick: 12) batches per size out of 1347 images.",
        published=r"Batch noise of scale $s = b^{-1/2}$ with two cumulants to fit; the series $\Omega \approx \theta + "
        r"\kappa_2/(b\theta) + \kappa_3/(b^{3/2}\theta^2)$ is derived here.",
        differs="Batches are drawn without replacement: $1/b$ is replaced by $1/b - 1/m$. A small network: at the "
        r"smallest batches fitted the term of $\kappa_2$ is as large as the spike.",
    ),
    _recipe(
        3,
        "critical points of a field in a parabola",
        confinement.confinement,
        confinement.draw_confinement,
        1,
        2,
        (10.0, 4.2),
        claim="The growth rate of the mean number of critical points vanishes at $m = 1$ and stays 0 beyond; at "
        "finite $N$ the number is known exactly and comes down to it.",
        parameters="$N = 2, 5, 10, 50, 200$ by the exact integral.",
        published=r"Total rate $(m^2 - 1)/2 - \ln m$ and minima $(-m^2 + 4m - 3)/2 - \ln m$ for $m < 1$, else 0.",
    ),
    _recipe(
        4,
        "damping and best step with noise",
        preconditioning.damping,
        preconditioning.draw_damping,
        2,
        2,
        (10.5, 8.0),
        claim="Noise in a preconditioner takes damping away and shortens the best step, most at small batches; at "
        "batches of 8 and damping 0.6 to 83% and 92% of what formulas say that are blind to it. Those that know "
        "of it agree with sampled preconditioners.",
        parameters="Hessian of size 200 with a Marchenko-Pastur bulk (1/2) and outliers 4, 6, 9; Wigner noise of "
        "variance $1/b$; 200 (quick: 10) samples. Bars: deviation of one sample.",
        published="Noise in general position changes the damping; for Wigner noise "
        r"$\delta_{\mathrm{eff}} = \delta - s^2 |g_b(-\delta)|$; it and the best step are derived here.",
    ),
    _recipe(
        5,
        "the noise of batch Hessians, measured",
        noise.noise,
        noise.draw_noise,
        2,
        2,
        (10.5, 8.0),
        claim="Noise of batches is not free of the Hessian: along its top eigenvector it is 35 (untrained: 10) times "
        r"what it is on average, and their overlaps with those of the noise have no $\chi^2_1$ law. With one variance, "
        r"the measured $\kappa_2 = 0.051$, the model does not move the largest eigenvalue; Gaussian noise with the "
        "measured variance of every entry gives it without a fit from 64 examples on to 6% and from 128 on to 2%. The "
        "second moment falls like $1/b'$, the third like $b'^{-2}$, which is no $b'^{-3/2}$.",
        parameters="A perceptron with 685 parameters on the digits of scikit-learn, all 1347 (quick: 16) single "
        "examples, 200 (quick: 5) batches of 16 to 512, 100 (quick: 3) samples of each model; overlaps: 20 batches of "
        "64. $1/b' = (1/b - 1/m)\\,m/(m-1)$.",
        published=r"$H_b = H + b^{-1/2}X$ with X in general position to H, of fixed cumulants.",
        differs="A small network on small images.",
    ),
    _recipe(
        6,
        "damping and best step on networks in training",
        trained.damping,
        trained.draw_damping,
        2,
        2,
        (10.5, 8.0),
        claim="The formulas of figure 4, with the variance that the noise has, fail on networks: at batches of 64 and "
        "a damping of half the largest eigenvalue noise takes away 0.25 to 0.34 of the damping that they say, each to "
        "0.01, and shortens the best step 2 to 20 times as much: to 0.948(5) of the noise-blind step before training, "
        "0.893(9) after SGD, 0.75(3) after Adam, where they say 0.997, 0.950 and 0.967. Wigner noise of this variance "
        "on the same matrix follows them to 1%. The excess is that of the noise along the gradient, 17 times its mean "
        "at the start and 1.3 to 5.6 times later (along the top eigenvector 32 to 46 times). Independent entries "
        "of the measured variances give the damping at batches of 256 to 4 to 12%, and overdo it at smaller ones.",
        parameters="Gauss-Newton matrices of a perceptron with 460 parameters on the digits of scikit-learn, after 100 "
        "(early) and 1000 (late) steps with batches of 64, and with 685 parameters at a minimum (quick: 160; start and "
        "100 steps of SGD); 20 (quick: 3) batches of each size, 80 (12) for diagonals. Bars: errors of means.",
        published="Wigner noise in general position to curvature and gradient.",
        differs="Small networks. What is of first order in the noise and has mean 0 is taken off each sample. "
        "Diagonals lose 0.42 to 0.77 of the damping of the formula; roots of mean squares 1.5 to 2.3 times as much as "
        "it says, for the root of a noisy mean is too small on average.",
    ),
)
