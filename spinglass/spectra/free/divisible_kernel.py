r"""The physical root of :math:`z = w + \sum_k c_k/(w - p_k)` in compiled code.

Here :math:`w = 1/G(z)`, :math:`c_k > 0` and :math:`\sum_k c_k = 1`.  Exactly one root is physical: for Im z > 0 the
only one in the upper half-plane; on the real axis the one with Im w > 0 or, if there is none, the only one where the
right-hand side H has a positive slope (it is the point that the map :math:`w \mapsto z - \sum_k c_k/(w - p_k)` of the
half-plane into itself attracts).

Two monotone functions make every search safe.  :math:`H' = 1 - \sum_k c_k/(w - p_k)^2` is concave between two poles, so
there is at most one gap of the spectrum between neighbouring poles, and its edges are the zeros of H'.  And the roots
of given Im z form a curve :math:`u + i v(u)`, where v is the zero of a monotone function and Re H rises with u.

References: Bercovici, Voiculescu (1993), on freely infinitely divisible laws; Biane (1997), Huang (2015), on the curve.
"""

import numpy as np

from spinglass.running.compiled import kernel, part

CLOSED = 1e-13  # gaps where H' stays below count as closed
STEPS = 80


@part
def pole_sum(p, c, w, power):
    """Return sum c/(w - p)^power at real w, for a power of 1, 2 or 3."""
    total = 0.0
    for k in range(len(p)):
        x = w - p[k]  # a power that is not known when this is compiled costs a call
        total += c[k] / (x if power == 1 else x * x if power == 2 else x * x * x)
    return total


@part
def real_image(p, c, w):
    """Return H(w) at real w."""
    return w + pole_sum(p, c, w, np.int64(1))


@part
def crossing(p, c, power, level, below, above):
    """Return where sum c/(w - p)^power crosses a level, the last place on the side below it, by bisection."""
    while True:
        w = 0.5 * (below + above)
        if w == below or w == above:
            return below
        if pole_sum(p, c, w, power) < level:
            below = w
        else:
            above = w


@part
def find_gaps(p, c, edges, tops, places):
    """Fill edges of the bulks in w, ascending, where the gaps between are steepest, and images of edges; count gaps.

    An edge is the zero of H' between a place with H' > 0 and one with H' < 0.  Between two poles H' is largest where
    H'', which falls from one to the other, vanishes.
    """
    n, gaps, square, cube = len(p), 0, np.int64(2), np.int64(3)
    edges[0] = crossing(p, c, square, 1.0, p[0] - 1.01, p[0])
    for k in range(n - 1):
        top = crossing(p, c, cube, 0.0, p[k + 1], p[k])
        if pole_sum(p, c, top, square) < 1.0 - CLOSED:
            tops[gaps] = top
            edges[2 * gaps + 1] = crossing(p, c, square, 1.0, top, p[k])
            edges[2 * gaps + 2] = crossing(p, c, square, 1.0, top, p[k + 1])
            gaps += 1
    edges[2 * gaps + 1] = crossing(p, c, square, 1.0, p[n - 1] + 1.01, p[n - 1])
    for k in range(2 * gaps + 2):
        places[k] = real_image(p, c, edges[k])
    return gaps


@part
def height(p, c, u, y):
    """Return v for Re w = u and Im z = y: the zero of 1 - sum c/|w - p|^2 - y/v, which rises with v."""
    low, high = y, y + 1.0
    if y == 0.0:
        # the square of v at least reaches what the nearest pole alone asks for
        square = 0.0
        for k in range(len(p)):
            square = max(square, c[k] - (u - p[k]) ** 2)
        for _ in range(STEPS):  # convex and falling: Newton's method from the left is monotone
            value, slope = -1.0, 0.0
            for k in range(len(p)):
                term = 1.0 / ((u - p[k]) ** 2 + square)
                value += c[k] * term
                slope += c[k] * term * term
            if not value > 1e-15:
                break
            square += value / slope
        return np.sqrt(square)
    while True:
        v = 0.5 * (low + high)
        if v == low or v == high:
            return v
        value = 1.0 - y / v
        for k in range(len(p)):
            value -= c[k] / ((u - p[k]) ** 2 + v * v)
        if value < 0.0:
            low = v
        else:
            high = v


@part
def image(p, c, re, im):
    """Return H and H' at w, as real and imaginary parts."""
    h_re, h_im, d_re, d_im = re, im, 1.0, 0.0
    for k in range(len(p)):
        x = re - p[k]
        scale = 1.0 / (x * x + im * im)
        x, y = x * scale, -im * scale
        h_re += c[k] * x
        h_im += c[k] * y
        d_re -= c[k] * (x * x - y * y)
        d_im -= c[k] * 2.0 * x * y
    return h_re, h_im, d_re, d_im


@part
def fill_table(p, c, low, high, table):
    """Fill in nodes of the curve over one bulk: x = H, u = Re w and v^2, which is smooth in x also at the edges."""
    nodes = table.shape[1]
    for i in range(nodes):
        u = low + (high - low) * 0.5 * (1.0 - np.cos(np.pi * i / (nodes - 1)))
        v = 0.0 if i == 0 or i == nodes - 1 else height(p, c, u, 0.0)
        table[0, i] = real_image(p, c, u) if v == 0.0 else image(p, c, u, v)[0]
        table[1, i], table[2, i] = u, v * v
    for i in range(1, nodes):  # rounding must not turn the order
        table[0, i] = max(table[0, i], table[0, i - 1])


@kernel
def fill_chart(p, c, edges, tops, places, tables):
    """Fill what :func:`chart` returns; return the number of gaps."""
    gaps = find_gaps(p, c, edges, tops, places)
    for b in range(gaps + 1):
        fill_table(p, c, edges[2 * b], edges[2 * b + 1], tables[b])
    return gaps


def chart(p, c, nodes):
    """Return the curve of the roots over the real line.

    Returns
    -------
    edges, tops, places : float arrays
        The edges of the bulks in w, ascending, where the gaps between are steepest, and the images of the edges.
    tables : float array of shape (bulks, 3, nodes)
        See :func:`fill_table`.
    """
    n = len(p)
    edges, tops, places, tables = np.empty(2 * n), np.empty(n - 1), np.empty(2 * n), np.empty((n, 3, nodes))
    gaps = fill_chart(p, c, edges, tops, places, tables)
    return edges[: 2 * gaps + 2], tops[:gaps], places[: 2 * gaps + 2], tables[: gaps + 1]


@part
def in_gap(p, c, edges, tops, places, gap, x):
    """Return the real root in a gap (0: left of all bulks) by Newton's method, monotone after its first step."""
    last = len(edges) // 2
    if gap == 0 or gap == last:
        side = -1.0 if gap == 0 else 1.0
        edge = 0 if gap == 0 else 2 * last - 1
        low, high = (-np.inf, edges[edge]) if gap == 0 else (edges[edge], np.inf)
    else:
        top = tops[gap - 1]
        convex = x < real_image(p, c, top)
        side = 1.0 if convex else -1.0
        edge = 2 * gap - 1 if convex else 2 * gap
        low, high = (edges[edge], top) if convex else (top, edges[edge])
    # both are lower bounds of the distance from the edge: H'' is largest there, and H' < 1
    far = abs(x - places[edge])
    w = edges[edge] + side * max(far, np.sqrt(2.0 * far / abs(2.0 * pole_sum(p, c, edges[edge], np.int64(3)))))
    w = min(max(w, low), high)
    for _ in range(STEPS):
        slope = 1.0 - pole_sum(p, c, w, np.int64(2))
        if not slope > 0.0:
            break
        step = (real_image(p, c, w) - x) / slope
        new = min(max(w - step, low), high)
        if abs(new - w) <= 2e-16 * abs(w):
            return new
        w = new
    return w


@part
def climb(p, c, re, im, x, y):
    """Improve a root for z = x + iy by Newton's method; return it and whether it is the physical one."""
    for _ in range(STEPS):
        h_re, h_im, d_re, d_im = image(p, c, re, im)
        scale = 1.0 / (d_re * d_re + d_im * d_im)
        h_re, h_im = h_re - x, h_im - y
        step_re, step_im = (h_re * d_re + h_im * d_im) * scale, (h_im * d_re - h_re * d_im) * scale
        re, im = re - step_re, im - step_im
        square, step = re * re + im * im, step_re * step_re + step_im * step_im
        # the next error is about step^2/distance from a double root, which is on the real axis: below 3e-17 |w|
        if step * step <= 1e-33 * square * im * im:
            return re, im, im > 0.0 and im >= y * (1.0 - 1e-6) - 1e-14 * np.sqrt(square)
        if not square < 1e300:
            break
    return re, im, False


@part
def by_curve(p, c, x, y):
    """Return the root for z = x + iy by bisection along the curve of constant Im z; slow, and always there."""
    low, high = x - 1.0, x + 1.0
    while image(p, c, low, height(p, c, low, y))[0] > x:
        low -= high - low
    while image(p, c, high, height(p, c, high, y))[0] < x:
        high += high - low
    while True:
        u = 0.5 * (low + high)
        v = height(p, c, u, y)
        if u == low or u == high:
            return u, v
        if image(p, c, u, v)[0] < x:
            low = u
        else:
            high = u


@part
def from_chart(table, x, low):
    """Return a first guess of the root at real x in a bulk, and the cell of x; ``low`` is the cell to try first."""
    last = table.shape[1] - 1
    if not (low < last and table[0, low] <= x < table[0, low + 1]):
        low, high = 0, last
        while high - low > 1:
            middle = (low + high) // 2
            if table[0, middle] <= x:
                low = middle
            else:
                high = middle
    high = low + 1
    width = table[0, high] - table[0, low]
    part = (x - table[0, low]) / width if width > 0.0 else 0.5
    u = table[1, low] + part * (table[1, high] - table[1, low])
    return u, np.sqrt(table[2, low] + part * (table[2, high] - table[2, low])), low


@part
def solve_one(p, c, edges, tops, places, table, x, y):
    """Return the physical w for z = x + iy, y >= 0, as real and imaginary parts."""
    at = 0
    while at < len(places) and places[at] < x:
        at += 1
    if at % 2 == 0 or x == places[min(at, len(places) - 1)]:
        if y == 0.0 or x * x + y * y < 36.0:
            re = in_gap(p, c, edges, tops, places, (at + 1) // 2, x)
            if y == 0.0:
                return re, 0.0
            im = y
        else:
            re, im = x, y
    else:
        re, im, _ = from_chart(table[at // 2], x, np.int64(0))
    if y > 1.0:
        re, im = x, y
    re, im, good = climb(p, c, re, im + (1e-300 if im == 0.0 else 0.0), x, y)
    if not good:
        re, im = by_curve(p, c, x, y)
    return re, max(im, y)


@kernel
def solve_many(p, c, edges, tops, places, table, x, y, w):
    """Fill w at all z = x + iy, y >= 0."""
    for i in range(len(x)):
        re, im = solve_one(p, c, edges, tops, places, table, x[i], y[i])
        w[i] = complex(re, im)


@kernel
def densities(p, c, places, table, mean, scale, x, out):
    """Fill the density at all real x, for a law of this mean and standard deviation."""
    cell = np.int64(0)
    for i in range(len(x)):
        place = (x[i] - mean) / scale
        out[i] = 0.0
        at = 0
        while at < len(places) and places[at] < place:
            at += 1
        if at % 2 == 1 and place < places[at]:
            re, im, cell = from_chart(table[at // 2], place, cell)
            re, im, good = climb(p, c, re, im, place, 0.0)
            if not good:
                re, im = by_curve(p, c, place, 0.0)
            out[i] = im / ((re * re + im * im) * np.pi * scale)


@part
def levy_potential(p, c, w):
    r"""Return :math:`\log w + \sum_k (c_k/p_k^2)(\log(1-p_k/w) + p_k/(w-p_k))`, a pole at 0 by its limit c/(2w^2)."""
    total = complex(np.log(abs(w)), np.arctan2(w.imag, w.real))
    for k in range(len(p)):
        u = p[k] / w
        if abs(u) < 0.05:  # the two terms cancel: sum of (j - 1)/j u^(j - 2)
            series = 0j
            for j in range(14, 1, -1):
                series = series * u + (j - 1.0) / j
            total += c[k] / (w * w) * series
        else:
            modulus = 0.5 * np.log1p(-2.0 * u.real + abs(u) ** 2)
            # 1 - p/w lies in the half-plane of p
            angle = np.arctan2(abs(u.imag), 1.0 - u.real) * (1.0 if p[k] > 0 else -1.0)
            total += c[k] / (p[k] * p[k]) * (complex(modulus, angle) + p[k] / (w - p[k]))
    return total


@kernel
def potentials(p, c, w, phi):
    """Fill the potential at all w."""
    for i in range(len(w)):
        phi[i] = levy_potential(p, c, w[i])
