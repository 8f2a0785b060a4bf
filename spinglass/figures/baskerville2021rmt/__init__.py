r"""Local statistics of the Hessians of networks, and Gaussian processes as loss surfaces.

Baskerville, Granziol, Keating (2022), Appearance of random matrix theory in deep learning, Physica A 590.  Spacings
and ratios of spacings of batch Hessians beside those of the GOE and of independent levels; the Hessians of a Gaussian
process, of deficient rank and with outliers; and the correlation of its gradients at a distance.
"""

from spinglass.figures.baskerville2021rmt import controls, distances, gradients, hardness, local, surfaces, survey
from spinglass.figures.recipe import Recipe

RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "baskerville2021rmt-1",
        "spacings and ratios of batch Hessians",
        local.of_networks,
        local.draw_of_networks,
        2,
        5,
        (15, 6.4),
        claim="Neighbouring eigenvalues of the Hessians of batches repel in every network drawn: no mean ratio is "
        "near the 0.386 of independent levels. Those of the trained perceptron and of its Gauss-Newton matrix are "
        "within two standard errors of the GOE's 0.531; untrained logistic regression is not.",
        parameters="Logistic regression (650 parameters) and a perceptron (685) on the digits of scikit-learn, 120 "
        "(quick: 16) batches of 64 images, eigenvalues above $10^{-4}$, unfolded by the other batches. Errors: "
        "scatter between batches.",
        differs="Small networks and small images. Batches share images, which makes the errors somewhat too small.",
    ),
    Recipe(
        "baskerville2021rmt-2",
        "Gaussian processes as loss surfaces",
        surfaces.surfaces,
        surfaces.draw_surfaces,
        2,
        4,
        (15, 6.8),
        claim="Degenerate zeros leave the ratios of spacings of all levels with the GOE, and 20 outliers among 500 "
        "hardly move them (mean ratio 0.526 or more, GOE 0.531). Outliers of independent spikes, taken by "
        "themselves, lie between the GOE and independent levels (mean ratios of about 0.48 at strength 5 and 0.44 "
        "at 10).",
        parameters="$n = 300$ and $k'' = 10^{-4}, 0.1, 10$; $n = 500$ with 100 ignored weights ($k'' = 0.001$), with "
        "20 spikes of strength 5 ($k'' = 0.1$) and 10 ($k'' = 0.01$); 100 (quick: 20) draws each. Errors: scatter "
        "between draws.",
        published="Sizes, $k''$, degeneracy and outliers are the published ones.",
        differs=r"Spikes are uniform between one and two times the strength in units of $\sqrt{k''n}$: a choice made "
        "here. Zeros that coincide have no spacing and are left out.",
    ),
    Recipe(
        "baskerville2021rmt-3",
        "gradients at a distance",
        gradients.gradients,
        gradients.draw_gradients,
        1,
        2,
        (10.0, 4.2),
        claim="Gradients of a Gaussian surface forget each other with the distance: along the displacement they turn "
        "against each other first, across it they do not. Sampled surfaces follow the formula within their "
        "errors.",
        parameters="$k(s) = e^s$ and $(1 - s/2)^{-2}$; surfaces are sums of 64 random waves with $N$ weights, 20 000 "
        "(quick: 1000) of them for each of 17 distances.",
        published=r"$\mathrm{Cov}(\partial_i L, \partial_j L') = \delta_{ij} k' - u_i u_j k''$.",
    ),
    Recipe(
        "baskerville2021rmt-4",
        "gradients of a network at a distance",
        distances.distances,
        distances.draw_distances,
        1,
        2,
        (10.0, 4.2),
        claim="The gradients of single examples forget each other with the distance as on a Gaussian surface, to 0.08 "
        "with one fitted length; between minima of different starts 0.04 of the correlation is left. Along the "
        "displacement they turn against each other much more and earlier than on such a surface: at less than one "
        "length, where the model has them agree, in 57 of 81 pairs, and to -0.89 between minima.",
        parameters="A perceptron with 685 parameters on the digits of scikit-learn, 1347 (quick: 68) examples, 6 "
        "(quick: 2) trainings, all pairs of 8 (quick: 3) places on the way of each.",
        published=r"$\mathrm{Cov}(\partial_i L, \partial_j L') = \delta_{ij} k' - u_i u_j k''$.",
        differs="A network is not stationary: correlations are those to the root of both variances. A descent chooses "
        "its displacement by the gradients, which the model does not know.",
    ),
    Recipe(
        "baskerville2021rmt-5",
        "controls: rounding, products, independent levels",
        controls.controls,
        controls.draw_controls,
        1,
        3,
        (14.0, 4.0),
        claim="Eigenvalues that are zero but for rounding have the ratios of the GOE (0.532(2) at rank 64 of 1000), so "
        "that a cut-off below the precision finds the GOE in any matrix. Independent levels, products and matrices "
        "in two blocks do not have them. Gauss-Newton matrices in single precision agree with those in double "
        r"down to about $10^{-7}$ of the largest eigenvalue; below are rounding errors.",
        parameters="20 matrices of 1000 (quick: 200) rows for each control, in single precision those of rounding "
        "errors; 60 (quick: 8) batches of 32 digits and a trained perceptron with 685 parameters.",
        published=r"The mean ratio of the GOE is 0.5307, that of independent levels $2\ln 2 - 1$.",
    ),
    Recipe(
        "baskerville2021rmt-6",
        "ratios of spacings in many networks",
        survey.survey,
        survey.draw_survey,
        size=(8.0, 7.5),
        claim="Before training neighbouring levels repel as in the GOE in most pairs of network and data: 13 of 17 "
        "mean ratios of Hessians are within two standard errors, as are 13 of Gauss-Newton matrices after training "
        "(all within three). Hessians of trained networks are so in 5 of 17; elsewhere their levels repel less, down "
        "to a mean ratio of 0.344(5) for three layers on the cells, below that of independent levels.",
        parameters="Five architectures with 11 to 898 parameters on four sets of data of scikit-learn, 300 "
        "quasi-Newton steps with decay 0.01, up to 23 (quick: 3) disjoint batches of 64 examples, positive levels "
        "above $10^{-6}$ of the largest. Errors: scatter of disjoint batches, of which small sets have 5 or 6.",
        published="Mean ratios near the GOE's 0.5307 in networks with trained weights.",
        differs="Small networks and other data. Why trained Hessians deviate is not shown here; the part that carries "
        "the residuals is in them, and not in the Gauss-Newton matrix.",
    ),
    Recipe(
        "baskerville2021rmt-7",
        "loss against steps: exponential or power law",
        hardness.hardness,
        hardness.draw_hardness,
        1,
        2,
        (10.0, 4.2),
        claim="The loss of a perceptron falls by a power law of the steps, with exponents of 0.85 to 0.95: the fit "
        "leaves 0.002 to 0.005 nats where an exponential leaves 0.03. Descents of a spin glass of 80 spins end in "
        "minima of different energies, four of six exponentially.",
        parameters="All digits in every step, 9 (quick: 4) hidden units, rate 1; a draw of 80 (quick: 30) spins, rate "
        "0.1; 6 (quick: 2) starts, steps 20 to 10 000 (quick: 300).",
        differs="Plain descent, no batches: the loss after each number of steps is that of one run. A perceptron that "
        "fits all digits has no minimum to end in, and a glass has.",
    ),
)
