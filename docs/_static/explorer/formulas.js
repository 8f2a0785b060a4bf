// The closed forms behind the explorer, written a second time in plain JavaScript; a test compares them with the package.
"use strict";

const formulas = (() => {
  // I(y), the cost of pulling one eigenvalue of a GOE matrix out to y edges, at y = (t + 1/t)/2 and t = 1 + tau:
  // (t^2 - 1/t^2)/4 - log t, by its series where the two cancel
  function deviation(tau) {
    if (tau <= 0) return 0;
    if (tau > 0.02) {
      const t = 1 + tau;
      return (t * t - 1 / (t * t)) / 4 - Math.log1p(tau);
    }
    let sum = 0;
    for (let j = 14; j >= 3; j--) sum = sum * -tau + (j + 1) / 4 - 1 / j;
    return sum * tau ** 3;
  }

  // -- one sphere ---------------------------------------------------------------------------------------------------

  // v0, x1, x2 and what follows from them, of xi(q) = sum of terms[p] q^p
  function sphere(terms) {
    const kept = Object.entries(terms).map(([p, c]) => [Number(p), c]).filter(([, c]) => c > 0);
    let v0 = 0, x1 = 0, x2 = 0;
    for (const [p, c] of kept) { v0 += c; x1 += p * c; x2 += p * (p - 1) * c; }
    const pure = kept.length === 1;
    const rest = pure ? 0 : x1 + x2 - x1 * x1 / v0; // variance of the shift at a given energy
    return {
      v0, x1, x2, pure,
      square: rest / (4 * x2),
      level: Math.log(x2 / x1) / 2,
      bend: (x2 - x1) / (2 * x2 - rest) / (2 * v0),
      turn: x1 / (2 * v0 * Math.sqrt(x2)),
      threshold: -(2 * x2 - rest) * v0 / (x1 * Math.sqrt(x2)),
      trivial: x2 <= x1,
    };
  }

  // Sigma_k(u); k is null for all indices together
  function sigma(m, u, k) {
    const pull = k === null ? Math.abs(u) : -u;
    const e = (pull + m.threshold) * m.turn; // how far the mean shift lies outside the bulk, in edges
    const parabola = m.level - m.bend * u * u;
    const n = k === null ? 1 : k + 1, s = m.square;
    if (m.pure) {
      if (e <= 0) return k === null || e === 0 ? parabola : -Infinity;
      return parabola - n * deviation(e + Math.sqrt(e * (e + 2)));
    }
    let value;
    if (e > 0) {
      const a = 1 + 2 * (n - 1) * s, b = 2 * n * s - e, root = Math.sqrt(b * b + 2 * a * e);
      const tau = b > 0 ? 2 * e / (b + root) : (root - b) / a;
      const rise = n * tau * (2 + tau) / (1 + tau);
      value = parabola - n * deviation(tau) - s * rise * rise / (2 * (1 - 2 * s));
    } else {
      value = k === null ? parabola : parabola - e * e / (2 * s * (1 - 2 * s));
    }
    return m.trivial ? Math.min(value, total(m, k)) : value;
  }

  const area = z => Math.atanh(z) - z;

  // the complexity of all energies together, and the typical energy
  function total(m, k) {
    const z = (m.x2 - m.x1) / (m.x2 + m.x1);
    if (!m.trivial) return k === null ? m.level : area(z);
    return k === null || k === 0 ? 0 : area(z) - (k + 1) * area(z / (k + 1));
  }
  function typical(m, k) {
    if (!m.trivial) return k === null ? 0 : -2 * m.x1 * Math.sqrt(m.x2) / (m.x1 + m.x2);
    const n = (k === null ? 0 : k) + 1, z = (m.x2 - m.x1) / (m.x2 + m.x1), t = Math.sqrt((n - z) / (n + z));
    return -Math.sqrt(m.x2) * (t + 1 / t) * m.x1 / (m.x1 + m.x2);
  }

  // Theta_k(u), the complexity of points at or below an energy
  const below = (m, u, k) => (u < typical(m, k) ? sigma(m, u, k) : total(m, k));

  // the lowest energy with complexity >= 0; null if there is none. Where x2 = x1 all indices meet at the two extremes
  function lowest(m, k) {
    if (m.trivial) return k && m.x2 < m.x1 ? null : -Math.sqrt(m.x1);
    let high = m.pure && k !== null ? m.threshold : typical(m, k);
    if (below(m, high, k) < 0) return null;
    let low = 2 * Math.min(m.threshold, high);
    while (sigma(m, low, k) >= 0) low *= 2;
    for (let i = 0; i < 200 && low < (low + high) / 2 && (low + high) / 2 < high; i++) {
      const middle = (low + high) / 2;
      if (sigma(m, middle, k) < 0) low = middle; else high = middle;
    }
    return high;
  }

  // twice the complexity of all points at the threshold: positive for pure-like, negative for full mixtures
  function G(m) {
    return 2 * m.level - (m.x2 - m.x1) * (m.x2 - m.x1 + m.x1 * m.x1 / m.v0) / (m.x2 * m.x1 * m.x1 / m.v0);
  }

  // -- a Wishart plus a Wigner matrix: z = 1/g + 1/(1 - phi g) + 2 epsilon g ----------------------------------------

  const place = (g, phi, epsilon) => 1 / g + 1 / (1 - phi * g) + 2 * epsilon * g;

  // G(x + i0) = [re, im] inside the bulk, null outside: the pair of complex roots of a real cubic in h = 1/g,
  // h^3 + b h^2 + c h + d = 0, of which the real one is found first
  function stieltjes(x, phi, epsilon) {
    const b = 1 - phi - x, c = 2 * epsilon + phi * x, d = -2 * epsilon * phi;
    const cubic = h => ((h + b) * h + c) * h + d;
    let low = -1, high = 1;
    while (cubic(low) > 0) low *= 2;
    while (cubic(high) < 0) high *= 2;
    for (let i = 0; i < 200 && low < (low + high) / 2 && (low + high) / 2 < high; i++) {
      const middle = (low + high) / 2;
      if (cubic(middle) < 0) low = middle; else high = middle;
    }
    const h = (low + high) / 2, p = b + h, q = c + h * p; // the other two: h^2 + p h + q = 0
    const gap = q - p * p / 4;
    if (!(gap > 0)) return null;
    const re = -p / 2, im = Math.sqrt(gap), size = re * re + im * im;
    return [re / size, -im / size];
  }

  function density(x, phi, epsilon) {
    const g = stieltjes(x, phi, epsilon);
    return g === null ? 0 : -g[1] / Math.PI;
  }

  // the edges are where z(g) turns: on the negative axis and between 0 and 1/phi; phi < 1, epsilon >= 1e-6
  function edges(phi, epsilon) {
    const turn = (a, b, sign) => {
      for (let i = 0; i < 300; i++) {
        const c = a + (b - a) / 3, d = b - (b - a) / 3;
        if (sign * place(c, phi, epsilon) < sign * place(d, phi, epsilon)) b = d; else a = c;
      }
      return place((a + b) / 2, phi, epsilon);
    };
    return [turn(-1e4, -1e-6, -1), turn(1e-6, 1 / phi - 1e-12, 1)];
  }

  // the mass below 0: 1 - Im Phi(i0)/pi with Phi = -log G - 1 + log(1 - phi G)/phi - epsilon G^2
  function negativeFraction(phi, epsilon) {
    if (epsilon <= criticalEnergy(phi)) return 0;
    const [re, im] = stieltjes(0, phi, epsilon);
    const phase = -Math.atan2(im, re) + Math.atan2(-phi * im, 1 - phi * re) / phi - 2 * epsilon * re * im;
    return 1 - phase / Math.PI;
  }

  // phi A^2 + A = 2 at A = h/(1 + phi h), h = |g|
  function criticalEnergy(phi) {
    const A = 4 / (1 + Math.sqrt(1 + 8 * phi)), h = A / (1 - phi * A);
    return (A - 1) / (2 * h * h);
  }

  return { deviation, sphere, sigma, total, typical, below, lowest, G, density, edges, negativeFraction, criticalEnergy };
})();
