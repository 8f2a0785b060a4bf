r"""Universal characteristics of loss surfaces: outliers, a confined landscape, damping.

Baskerville, Keating, Mezzadri, Najnudel, Granziol (2022), Universal characteristics of deep neural network loss
surfaces from random matrix theory, J. Phys. A 55.  Figure 1: outliers of spiked matrices with three kinds of noise.
2: outliers of the Hessians of batches, with the fit of two cumulants of the noise.  3: Kac-Rice rate in a parabola.
4: what noise does to damping and to the best step of a preconditioned descent.
"""

from spinglass.figures.baskerville2022universal import batches, confinement, noise, preconditioning, spikes
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
        published=r"$\Omega(\theta) = \theta + s R_\mu(s g_\nu(\theta))$.",
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
        published=r"$\Omega \approx \theta + \kappa_2/(b\theta) + \kappa_3/(b^{3/2}\theta^2)$ for batch noise $s = "
        "b^{-1/2}$.",
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
        published=r"$\delta_{\mathrm{eff}} = \delta - s^2 |g_b(-\delta)|$ for Wigner noise.",
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
)
