r"""How many complex equilibria a game can have: an exact integer, the top Chern class of a bundle.

Let :math:`L_s`, the loss of the player that moves sphere s, be a polynomial with multidegrees e in a support
:math:`A_s`, all with :math:`e_s \ge 1` (other terms do not enter :math:`d_s L_s`).  An equilibrium is a common zero
of the one-forms :math:`d_s L_s` on the product of the complex quadrics :math:`x_s \cdot x_s = 1`.

*The bundle.*  Close every quadric to the smooth projective quadric :math:`Q_s` by its hyperplane section at infinity
:math:`H_s`, of class :math:`h_s`, and let :math:`\phi_s(w) = \max_{e \in A_s} e \cdot w` on the orthant
:math:`w \ge 0` of orders of growth.  The functions :math:`\phi_s` are linear on the cones of a fan, which may be taken
smooth; it defines a blow-up X of :math:`\prod Q_s` inside the boundary, and a term of multidegree e is a section of
:math:`O(e \cdot h) \subset O(\phi_s)` there.  So :math:`(d_s L_s)_s` is a section of the bundle
:math:`E = \oplus_s\, \Omega_{Q_s}(\log H_s) \otimes O(\phi_s)` of rank dim X.  Over a cone on which
:math:`\phi_s = e \cdot w` the forms of multidegree e alone generate its summand: at a point p,
:math:`d_s[(a \cdot x_s) g]` with :math:`a \cdot p_s = 0` and :math:`d_s[(b \cdot x_s)^{e_s} g]` with
:math:`b \cdot p_s \ne 0` span all covectors.  So the games with these supports generate E; so do all
forms :math:`\sum F_i dx_i` with polynomials F_i of multidegrees e less one in :math:`x_s`, the rounded ones included.

*The bound.*  Let P be the family of all these F.  The pairs (F, zero of its section) form a vector bundle over X: they
are smooth, irreducible and of the dimension of P, and their projection to P is proper, of degree :math:`c_{top}(E)`.
P is smooth, so by Stein's factorisation no fibre has more connected components than this degree: a game with
:math:`c_{top}(E)` isolated solutions has no other solution, neither on a curve nor at infinity.  And a generic game
has that many, all simple and finite, since the boundary has a smaller dimension than the rank of E.  The same holds
when all spheres are moved with one generic loss: a zero at infinity would be a singular point of the leading part
of that loss, which Bertini's theorem excludes.

*The number.*  :math:`v \mapsto v \cdot dx_s` maps :math:`N_s O(\alpha - h_s)` onto
:math:`\Omega(\log H_s) \otimes O(\alpha)` with kernel :math:`O(\alpha - 2 h_s)`, spanned by :math:`v = x_s`, so the
top Chern class of the summand is the part of degree :math:`n_s = N_s - 1` of

.. math:: (1 + \phi_s - h_s)^{N_s} / (1 + \phi_s - 2 h_s),

a polynomial on every cone.  With :math:`\int_{Q_s} h_s^{n_s} = 2` and localisation, the count is

.. math:: 2^S [h_1^{n_1} .. h_S^{n_S}]\; h_1 \cdots h_S \sum_\sigma
    \frac{g_\sigma(h)}{m_\sigma \prod_{u \in \sigma} l_u(h)},

g_sigma the product of the classes on the simplicial cone sigma, l_u the coordinates in its rays u, m_sigma their
determinant.  The sum is a polynomial, known from its values at the points of a grid.

References
----------
Fulton (1998), Intersection Theory, ch. 12 and 14; Brion (1996), Piecewise polynomial functions, convex polytopes and
enumerative geometry; Cartwright, Sturmfels (2013), The number of eigenvalues of a tensor.
"""

import itertools
from fractions import Fraction
from math import comb, gcd, prod

from spinglass.inputs.capacity import within
from spinglass.inputs.checks import checked_integer

#: Evaluations of a class that a count may cost (about ten seconds); beyond it the bound of the box is given.
LARGEST_COST = 100_000
MOST = 10_000  # dimensions of a sphere: the counts are numbers of as many digits


def root_count(supports, sizes):
    r"""Return how many complex equilibria games with these multidegrees have.

    On one sphere with terms up to degree d the count is :math:`2\,[(d-1)^N - 1]/(d-2)`, that is 2N for d = 2.

    Parameters
    ----------
    supports : sequence of S collections of tuples of int
        For every sphere s the multidegrees e = (e_1, .., e_S) of the loss that moves it, those with e_s >= 1.
    sizes : sequence of S int
        Dimensions N_s >= 1.

    Returns
    -------
    count : int
        No game with these multidegrees has more isolated complex equilibria, at infinity included; a game with this
        many has no other equilibrium.
    sharp : bool
        Whether generic losses have exactly so many, all simple and finite.  False only for three spheres or more
        whose count would take too long: then the count is that of the multidegrees below the largest ones.

    Raises
    ------
    ValueError, TypeError
        If a support is empty, or the exponents do not fit the spheres.

    Notes
    -----
    *Accuracy*: exact integers.

    References
    ----------
    Cartwright, Sturmfels (2013), The number of eigenvalues of a tensor (one sphere, one degree).

    Examples
    --------
    >>> from spinglass.landscape.family.root_count import root_count
    >>> root_count([[(3,)]], [8])
    (510, True)
    >>> generator = [(a, 3 - a) for a in range(4)]  # the two players of sg.gan(2, 1, ..)
    >>> root_count([generator[1:], generator[:-1]], [3, 3])
    (196, True)
    """
    sizes = [within("sizes", checked_integer("sizes", size, 1), MOST, "try smaller sizes") for size in sizes]
    supports = [_checked_support(s, support, len(sizes)) for s, support in enumerate(supports)]
    if len(supports) != len(sizes):
        raise ValueError(f"supports: expected one per sphere ({len(sizes)}), got {len(supports)}")
    cones = linearity_cones(supports)
    if len(cones) == 1:
        return _box_count(supports, sizes), True
    if (sum(sizes) + 1) ** (len(sizes) - 1) * len(cones) > LARGEST_COST:
        boxes = [{tuple(map(max, zip(*support, strict=True)))} for support in supports]
        return _box_count(boxes, sizes), False
    cones = [(cone, [_leader(cone, support) for support in supports]) for cone in cones]
    return 2 ** len(sizes) * _coefficient(lambda h: _localised(cones, sizes, h), sizes), True


def linearity_cones(supports):
    """Return simplicial cones (tuples of primitive rays) that fill the orthant, every phi_s linear on each of them."""
    species = len(supports)
    todo = [tuple(tuple(int(i == j) for j in range(species)) for i in range(species))]
    done = []
    while todo:
        cone = todo.pop()
        wall = next((wall for support in supports if (wall := _bend(cone, support))), None)
        if wall is None:
            done.append(cone)
        else:
            todo.extend(_cut(cone, wall))
    return done


def _bend(cone, support):
    """Return e - e' for two exponents, largest on different rays, that change order inside the cone, or None."""
    largest = [max(_dot(e, ray) for e in support) for ray in cone]
    if _leader(cone, support) is not None:
        return None
    for u, v in itertools.combinations(range(len(cone)), 2):
        for e, f in itertools.product(support, repeat=2):
            if _dot(e, cone[u]) == largest[u] > _dot(f, cone[u]) and _dot(f, cone[v]) == largest[v] > _dot(e, cone[v]):
                return tuple(a - b for a, b in zip(e, f, strict=True))
    raise AssertionError("sets of largest exponents without such a pair are nested, so that they have one in common")


def _leader(cone, support):
    """Return the exponent that is the largest on the whole cone, or None."""
    return next((e for e in support if all(_dot(e, r) >= _dot(f, r) for f in support for r in cone)), None)


def _cut(cone, wall):
    """Return the pieces of a cone on both sides of a hyperplane, by bisecting edges that cross it."""
    sides = [_dot(wall, ray) for ray in cone]
    crossing = next(((i, j) for i, a in enumerate(sides) for j, b in enumerate(sides) if a > 0 > b), None)
    if crossing is None:
        return [cone]
    i, j = crossing
    crossed = [-sides[j] * a + sides[i] * b for a, b in zip(cone[i], cone[j], strict=True)]
    ray = tuple(a // gcd(*crossed) for a in crossed)
    return [piece for k in crossing for piece in _cut((*cone[:k], ray, *cone[k + 1 :]), wall)]


def _localised(cones, sizes, h):
    """Return the value at h of the sum over the cones; ZeroDivisionError where a coordinate of h vanishes."""
    total = Fraction(0)
    for cone, leaders in cones:
        determinant = _determinant(cone)  # positive: cuts keep the orientation
        minors = [_determinant([*cone[:i], h, *cone[i + 1 :]]) for i in range(len(cone))]
        classes = [_top_class(size, _dot(e, h), h[s]) for s, (e, size) in enumerate(zip(leaders, sizes, strict=True))]
        total += Fraction(prod(classes) * determinant ** (len(cone) - 1), prod(minors))
    return prod(h) * total


def _top_class(size, phi, h):
    """Return the part of degree size - 1 of (1 + phi - h)^size / (1 + phi - 2 h), for numbers phi and h."""
    n = size - 1
    return sum(comb(size, k) * (phi - h) ** k * (2 * h - phi) ** (n - k) for k in range(n + 1))


def _coefficient(polynomial, sizes):
    """Return the coefficient of prod h_s^{N_s - 1} of a homogeneous polynomial, from values on a grid with h_1 = 1."""
    degree = sum(sizes) - len(sizes)
    for shift in itertools.count(1):
        # Negative slopes are no rays, and coordinates of different size seldom lie on a plane through rays.
        nodes = [[-(shift * 7 ** (2 * s) + j) for j in range(degree + 1)] for s in range(len(sizes) - 1)]
        weights = [_taylor_weights(t, size - 1) for t, size in zip(nodes, sizes[1:], strict=True)]
        grid = zip(itertools.product(*nodes), itertools.product(*weights), strict=True)
        try:
            return int(sum(prod(w) * polynomial((1, *t)) for t, w in grid))
        except ZeroDivisionError:
            continue


def _taylor_weights(nodes, power):
    """Return w with f_power = sum_j w_j f(t_j), the coefficient of t^power of polynomials of degree < len(nodes)."""
    weights = []
    for node in nodes:
        others = [t for t in nodes if t != node]
        lagrange = [1]
        for t in others:
            lagrange = [a - t * b for a, b in zip([0, *lagrange], [*lagrange, 0], strict=True)]
        weights.append(Fraction(lagrange[power], prod(node - t for t in others)))
    return weights


def _box_count(supports, sizes):
    """Return the count when one exponent of every sphere dominates the others, so that phi_s is linear everywhere."""
    species = len(sizes)
    orthant = [tuple(int(i == j) for j in range(species)) for i in range(species)]
    product = {(0,) * species: 2**species}
    for s, (support, size) in enumerate(zip(supports, sizes, strict=True)):
        phi = _leader(orthant, support)
        first = [e - (s == t) for t, e in enumerate(phi)]
        second = [2 * (s == t) - e for t, e in enumerate(phi)]
        # Horner in second, while product carries the powers of first.
        total = product
        for k in range(1, size):
            product = _times_linear(product, first, sizes)
            total = _times_linear(total, second, sizes)
            for e, c in product.items():
                total[e] = total.get(e, 0) + comb(size, k) * c
        product = total
    return product.get(tuple(size - 1 for size in sizes), 0)


def _times_linear(polynomial, linear, sizes):
    """Return a polynomial in h, a mapping of exponents, times a linear form, without what vanishes on the quadrics."""
    result = {}
    for e, c in polynomial.items():
        for t, factor in enumerate(linear):
            if factor and e[t] + 1 < sizes[t]:
                raised = (*e[:t], e[t] + 1, *e[t + 1 :])
                result[raised] = result.get(raised, 0) + factor * c
    return result


def _determinant(rows):
    """Return the determinant of a small matrix of exact numbers."""
    if not rows:
        return 1
    return sum(
        (-1) ** j * a * _determinant([[*row[:j], *row[j + 1 :]] for row in rows[1:]])
        for j, a in enumerate(rows[0])
        if a
    )


def _dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def _checked_support(s, support, species):
    support = {tuple(checked_integer(f"supports[{s}]", x, 0) for x in e) for e in support}
    if not support or any(len(e) != species or e[s] < 1 for e in support):
        raise ValueError(
            f"supports[{s}]: expected multidegrees ({species} integers) of which entry {s} is at least 1, "
            f"got {sorted(support)}"
        )
    return sorted(support)
