r"""Hessians of neural networks as a Wishart matrix plus a Wigner matrix.

Pennington, Bahri (2017), Geometry of neural network loss surfaces via random matrix theory, ICML.  With
:math:`\phi` parameters per residual and the energy :math:`\epsilon`, the loss per output,
:math:`H = H_0 + H_1`: figures 1, 2 and 5 draw the laws, 3 and 4 compare them with the two parts of a network's
Hessian, and 6 with the critical points of networks.  The law of :math:`H_1` is that of the network, that of
:math:`H_0` is not.  7 tests the assumption that both are free of each other, 8 the critical energies and the power
with the scales of both parts measured.
"""

from spinglass.figures.pennington2017 import critical, freeness, laws, memorising, parts, scales
from spinglass.figures.recipe import Recipe


def _recipe(number, title, numbers, draw, *layout, **texts):
    return Recipe(f"pennington2017-{number}", title, numbers, draw, *layout, **texts)


RECIPES: tuple[Recipe, ...] = (
    _recipe(
        1,
        "Wishart plus Wigner: densities",
        laws.densities,
        laws.draw_densities,
        1,
        3,
        (13.0, 3.8),
        claim="The energy smears out a Marchenko-Pastur law, and the lower edge crosses 0 between the energies 0 and "
        r"0.1 for every $\phi$ drawn; eigenvalues of sampled matrices lie on the laws.",
        parameters=r"$\phi = 1/4, 1/2, 3/4$, $\epsilon = 0, 0.1, 0.5, 1$; 20 (quick: 8) matrices of 1000 (quick: 300) "
        "rows.",
        published=r"$R = 1/(1 - \phi g) + 2\epsilon g$.",
    ),
    _recipe(
        2,
        "Wishart plus Wigner: index against energy",
        laws.indices,
        laws.draw_indices,
        1,
        2,
        (10.0, 4.2),
        claim="The index begins like the power 3/2 of the distance from the critical energy, within 1% at a relative "
        "distance of 0.01, but only close to it: at twice the critical energy the power law is 60 to 85% too "
        "large.",
        parameters=r"$\phi = 1/4, 1/2, 3/4$; 40 (quick: 4) matrices of 1000 (quick: 400) rows.",
        published=r"$\epsilon_c = (1 - 20\phi - 8\phi^2 + (1 + 8\phi)^{3/2})/16$ and $\alpha \approx \alpha_0 "
        r"|(\epsilon - \epsilon_c)/\epsilon_c|^{3/2}$.",
    ),
    _recipe(
        3,
        "H_1 of a network of rectified units",
        parts.residual_part,
        parts.draw_residual_part,
        1,
        2,
        (10.0, 4.0),
        claim="The part of the Hessian that carries the residuals has the predicted law, which is no semicircle at "
        r"$\phi = 1/4$, in networks of 16 units; they add a narrow peak at 0.",
        parameters="One hidden layer of rectified units with normal weights, inputs and residuals, $n = 16$, "
        r"$\epsilon = 50$, $\phi = 1/16$ and $1/4$ (512 and 128 examples), 100 (quick: 10) networks.",
        published=r"$R = \epsilon\phi g/(2 - \epsilon\phi^2g^2)$.",
    ),
    _recipe(
        4,
        "the gap of H_0 of a network",
        parts.positive_part,
        parts.draw_positive_part,
        1,
        2,
        (10.0, 4.2),
        claim="The positive part of a network's Hessian is not Marchenko and Pastur's in units of its mean: its "
        r"smallest non-zero eigenvalue is about a tenth of the predicted edge, and its law is much wider. How the gap "
        r"depends on $\phi$ is as predicted from $1/\phi = 2$ to 12, with one fitted scale of 0.101(2) of the mean "
        r"($\chi^2 = 4.0$ for 5 degrees of freedom); beyond, it falls behind.",
        parameters=r"Networks of rectified units as in figure 3, 30 (quick: 3) per $\phi$; each has 16 zero "
        "eigenvalues more.",
        published=r"$R = \sigma/(1 - \sigma\phi g)$, with the edge $\sigma(1 - \sqrt\phi)^2$.",
    ),
    _recipe(
        5,
        "critical energies of both models",
        critical.energies,
        critical.draw_energies,
        1,
        2,
        (10.0, 4.2),
        claim="Sampled matrices become unstable where the formulas say, small ones a little later. Networks of tanh "
        "units do so near the published rule for minimisers, and not where the two models say in these units.",
        parameters=r"20 (quick: 6) pairs of matrices of 1000 (quick: 150) rows; networks of figure 6 with $\phi = 1/8$ "
        "to $2/3$. Factors in the text: networks of 8 units.",
        published=r"$\epsilon_c = (1 - 20\phi - 8\phi^2 + (1 + 8\phi)^{3/2})/16$; rectified units: $\epsilon_c = (27 - "
        r"18\chi - \chi^2 + 8\chi^{3/2})/(32\phi(1 - \phi)^3)$ with $\chi = 1 + 16\phi - 8\phi^2$; energy of "
        r"minimisers $\frac12(1 - \phi)^2$.",
        differs="Networks are drawn in the loss per output, the models in units in which the positive part has mean 1, "
        "which it does not have at critical points: with measured scales (figure 8) networks are below the "
        "prediction and not above. No network closer to 1 than 2/3 was tried.",
    ),
    _recipe(
        6,
        "networks that memorise noise: index and critical energy",
        memorising.memorising,
        memorising.draw_memorising,
        1,
        2,
        (11.0, 4.6),
        claim="Critical points of networks have more negative eigenvalues the higher they lie, from a critical energy "
        r"on that is that of minimisers, near $\frac12(1 - \phi)^2$ and not $\frac12(1 - \phi)$, the energy at which "
        "linear regression ends.",
        parameters="Tanh networks with 16 (quick: 8) inputs, hidden units and outputs, 60 (quick: 8) attempts per "
        r"$\phi$, points with $|\nabla L|^2 \leq 10^{-6}$; fits of $\epsilon_c + c\,\alpha^{2/3}$ to $\alpha \leq "
        "0.15$.",
        published=r"Energy of minimisers: $\frac12(1 - \phi)^2$.",
        differs="The fit takes the power 3/2 for granted; figure 8 does not. The prediction is drawn for a positive "
        "part of mean 1, which networks do not have (figure 8). Eigenvalues count as "
        r"negative below $-|\nabla L|$.",
    ),
    _recipe(
        7,
        "are the two parts free?",
        freeness.freeness,
        freeness.draw_freeness,
        1,
        3,
        (14.0, 4.2),
        claim="The free sum of the two parts is near the Hessian at random weights, at a distance of 0.02 to 0.04 "
        "where the noise is 0.006, and far from it at minimisers: 0.12 to 0.15 for tanh units, where it would have 12 "
        "to 15% of the eigenvalues negative and networks have 0.6 to 1.3%, and 0.07 to 0.10 for rectified units.",
        parameters="Networks with 16 (quick: 8) inputs, hidden units and outputs, 5 (quick: 1) per $\\phi$, after up "
        "to 3000 (quick: 300) steps; 6 random rotations of $H_1$ each. Negative: below $-10^{-9}$ of the largest.",
        published="$H_0$ and $H_1$ are taken to be freely independent.",
        differs="The free sum is that of the network's own two parts, so that their laws play no role.",
    ),
    _recipe(
        8,
        "critical energies with measured scales, and the exponent",
        scales.scales,
        scales.draw_scales,
        1,
        3,
        (14.0, 4.2),
        claim="With the scales of both parts measured at each critical point, networks have their first negative "
        "eigenvalues at lower energies than Wishart plus Wigner: at a third of the predicted one for $\\phi = 2/3$ and "
        "at less than a hundredth for $\\phi = 1/16$ (medians). The fitted power of the index is 1.5 (1.2 to 2.1) at "
        "$\\phi = 1/16$, 1.2 (1.0 to 1.5) at 1/8 and 0.7 to 1.0 from 1/4 on, where the intervals leave 3/2 out.",
        parameters="Tanh networks with 8 inputs, hidden units and outputs, 1500 (quick: 8) attempts per $\\phi$, more "
        "than 1000 of which end at critical points; unstable ones with $\\alpha \\leq 0.15$, intervals of 95% by "
        "bootstrap.",
        published=r"$\epsilon_c = (1 - 20\phi - 8\phi^2 + (1 + 8\phi)^{3/2})/16$ and the power 3/2.",
        differs="Small networks: indices come in steps of 1/128, and the power depends on the range that is fitted (up "
        "to 0.25: 0.8 at $\\phi = 2/3$, 1.8 at 1/16).",
    ),
)
