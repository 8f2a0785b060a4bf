r"""Products and percolated ensembles: laws with an atom at 0, beside the Hessian of a network.

Granziol (2020), Beyond random matrix theory for deep networks.  The spectra of trained networks have most of their
mass next to 0 and a few large eigenvalues, which no semicircle has.  Matrices of deficient rank do: products of
rectangular matrices, with the atom :math:`1 - \min_l N_l/N_0`, and sparse ones, with the atom of a random graph.  For
the complexity this matters, because the fraction of negative eigenvalues of :math:`M + t` jumps at the atom.
"""

from spinglass.figures.granziol2020 import bottleneck, layers, network, outliers, paths, products, sparse
from spinglass.figures.recipe import Recipe

RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "granziol2020-1",
        "laws beside the Hessian of a network",
        network.beside_a_network,
        network.draw_beside_a_network,
        2,
        3,
        (13, 7.5),
        claim="Of laws with the moments of the network's Hessian the three-fold product is nearest in Wasserstein's "
        "distance (0.15 deviations, the semicircle 0.69), and the semicircle in that of Kolmogorov and Smirnov "
        "(0.32): the network has many small eigenvalues, few zeros and no atom.",
        parameters="A perceptron with 685 parameters trained on the digits of scikit-learn, all training images, 6 "
        "(quick: 1) trainings; laws with its first two moments, the sparse one with the second and the fourth. "
        "Distances in the text: one training.",
        differs="A small network on small images.",
    ),
    Recipe(
        "granziol2020-2",
        "atom of a product",
        products.product_atom,
        products.draw_product_atom,
        1,
        2,
        (10.0, 4.2),
        claim="The fraction of zero eigenvalues of a product of random matrices is that of its narrowest factor, at "
        "every size. The Gauss-Newton matrix of a batch of $b$ digits has just the rank $9b$ for small batches, "
        "and less than that for large ones.",
        parameters="Products of one to three rectangular matrices and one with a Wigner matrix inside, 400 (quick: "
        "60) rows; logistic regression (650 parameters) and a perceptron (685), one batch per size.",
        published=r"An atom of weight $\max(0, 1 - \min_l N_l/N_0)$.",
    ),
    Recipe(
        "granziol2020-3",
        "atom of a sparse matrix",
        sparse.sparse_atom,
        sparse.draw_sparse_atom,
        claim="A sparse matrix with $c$ entries per row has more zero eigenvalues than empty rows $e^{-c}$: as many "
        "as its graph's largest matching leaves out. A symmetric matrix and a square one without symmetry have "
        "the same atom.",
        parameters="Matchings of graphs with 400 000 (quick: 20 000) rows; eigenvalues of 100 (quick: 4) matrices "
        "with 200 rows.",
        published=r"The atom $q + e^{-cq} + cqe^{-cq} - 1$ with the smallest root $q$ of $q = \exp(-c e^{-cq})$.",
    ),
    Recipe(
        "granziol2020-4",
        "index fraction of four laws",
        layers.layers,
        layers.draw_layers,
        1,
        3,
        (14.0, 4.2),
        claim="Wherever a law has an edge the fraction of negative eigenvalues of $M + t$ begins like the power 3/2 "
        "of the distance; where it has an atom the fraction jumps; without an edge (sparse) the lowest eigenvalue "
        "sinks with the size.",
        parameters=r"Second moment 1: semicircle, $XAX^T$ with a Wigner matrix inside ($\lambda = 1/2$), percolated "
        "with keep probability 1/2, sparse with $c = 3$. Marks: one matrix of 2000 (quick: 400) rows; lowest "
        "eigenvalues: means of 40 (quick: 6 to 16) draws.",
        published="The layered structure survives for the semicircle only.",
        differs="All layers survive for the semicircle only; the lowest ones do wherever the law has an edge.",
    ),
    Recipe(
        "granziol2020-5",
        "ways of low loss between minima",
        paths.paths,
        paths.draw_paths,
        1,
        3,
        (14.0, 4.2),
        claim="Between two minima the straight way passes a barrier of 0.3 to 1 nat. Hidden units in the best order "
        "and with the best signs take away 80 to 99% of it, and one bend leaves 0.04 nats at 3 hidden units and "
        "0.0003 at 30. The more flat directions the Hessian has the lower are the barriers (rank correlation -0.84 "
        "for the bent way).",
        parameters="Perceptrons of 2 to 30 hidden tanh units on the digits of scikit-learn, cross-entropy with weight "
        "decay $10^{-3}$, 6 (quick: 1) pairs of starts each, 1347 (quick: 200) images. Flat: less than $10^{-4}$ of "
        "the largest eigenvalue.",
        differs="Flat directions and low barriers both come with hidden units: that one is the cause of the other is "
        "not shown. A small network on small images.",
    ),
    Recipe(
        "granziol2020-6",
        "laws beside bulks without outliers",
        outliers.outliers,
        outliers.draw_outliers,
        2,
        2,
        (13, 8.5),
        claim="Without outliers the semicircle is 0.61 to 0.79 deviations from the bulk in Wasserstein's distance, "
        "Marchenko and Pastur's law 0.18 to 0.26, percolated Wishart matrices 0.12 to 0.19 and the three-fold product "
        "0.08 to 0.15, in this order on every network; sparse and percolated Wigner matrices 0.22 to 0.46. "
        "Sampled matrices are 0.003 to 0.03 from their own law. In the distance of Kolmogorov and Smirnov the "
        "semicircle is nearest to six of seven networks (0.33 to 0.40), as other laws have an atom where networks have "
        "small eigenvalues; with more weight decay (0.22 against 0.28), or three times as many outliers on the "
        "perceptron (0.15 against 0.29), the three-fold product is.",
        parameters="Perceptrons, a convolutional and a residual network of 386 to 775 parameters on digits, cells "
        "(breast cancer) and patches of photographs, up to 700 (quick: 150) examples, weight decay $10^{-3}$ (once "
        "$10^{-2}$), 200 (quick: 40) steps, 3 (quick: 2) starts. Outliers: as many of the largest eigenvalues as "
        "outputs. Laws: two moments of the rest, symmetric ones the second and the fourth. Bars: 95% by bootstrap "
        "over starts.",
        differs="Small networks. No percolated Wishart law has these third moments: the nearest is taken.",
    ),
    Recipe(
        "granziol2020-7",
        "atom of a network with a bottleneck",
        bottleneck.bottleneck,
        bottleneck.draw_bottleneck,
        1,
        3,
        (14.0, 4.4),
        claim="A deep linear network has the atom $1 - r(d_0 + d_L - r)/P$ exactly, $r/(d_0 + d_L)$ for one hidden "
        "layer: it grows with the width where the atom of a product falls, which is that of $A^T A$, a matrix on "
        "inputs. Units of tanh leave no atom: of whitened inputs no eigenvalue of the Gauss-Newton matrix is below "
        "$10^{-4}$ of the largest, trained or not, and for small inputs as many as in linear networks.",
        parameters="16 whitened principal components of digits, 10 outputs, squares, no biases; widths 1 to 20, beside "
        "a second hidden layer of 20. Tanh: 300 (quick: 60) images, 3 (quick: 1) starts, 300 (quick: 40) steps with "
        "weight decay $10^{-3}$.",
        published=r"An atom of weight $\max(0, 1 - \min_l N_l/N_0)$, of products.",
        differs="The paper has products as models of Hessians; here the widths of networks are put into its formula.",
    ),
)
