// The panels of the explorer: sliders, what they are put into, and what is shown.
"use strict";

(() => {
  const data = window.spinglassData;
  const ALL = "currentColor"; // all indices together
  const INDEX = ["#0072B2", "#D55E00", "#009E73"];
  const DASH = ["8 4", "8 3 2 3", "2 3"];
  const grid = (low, high, count) => Array.from({ length: count }, (_, i) => low + (high - low) * i / (count - 1));
  const digits = (x, n = 6) => (x === null ? "none" : Object.is(x, -Infinity) ? "\u2212\u221e" : x.toFixed(n).replace("-", "\u2212"));

  // builds the controls of a section and draws at every change and every new width
  function panel(id, controls, show) {
    const section = document.getElementById(id);
    const form = section.querySelector(".controls"), box = section.querySelector(".picture");
    const table = section.querySelector(".numbers");
    const inputs = {};
    for (const control of controls) {
      const label = document.createElement("label");
      const shown = document.createElement("output");
      const input = document.createElement(control.options ? "select" : "input");
      if (control.options) control.options.forEach((text, i) => input.append(new Option(text, i)));
      else Object.assign(input, { type: "range", min: control.min, max: control.max, step: control.step });
      input.name = control.name;
      input.value = control.value;
      label.append(control.label, " ", ...(control.options ? [] : [shown]), input);
      form.append(label);
      inputs[control.name] = { input, shown, control };
      input.addEventListener("input", redraw);
    }
    function redraw() {
      const values = {};
      for (const [name, { input, shown, control }] of Object.entries(inputs)) {
        const x = Number(input.value);
        values[name] = control.log ? 10 ** x : x;
        shown.textContent = control.log ? values[name].toPrecision(3) : input.value.replace("-", "\u2212");
      }
      const rows = show(values, box, form);
      table.replaceChildren(...rows.map(([name, value, text]) => {
        const row = document.createElement("tr");
        const head = document.createElement("th"), cell = document.createElement("td");
        head.textContent = name;
        cell.textContent = text === undefined ? digits(value) : text;
        cell.dataset.value = String(value); // all digits
        row.append(head, cell);
        return row;
      }));
    }
    let width = box.clientWidth;
    new ResizeObserver(() => requestAnimationFrame(() => {
      if (box.clientWidth !== width) { width = box.clientWidth; redraw(); }
    })).observe(section);
    redraw();
  }

  // -- one sphere -----------------------------------------------------------------------------------------------------

  const KINDS = [null, 0, 1, 2];
  const named = k => (k === null ? "all indices" : `index ${k}`);

  function sphereCurves(m, cumulative, box) {
    const lows = KINDS.map(k => formulas.lowest(m, k));
    const first = Math.min(...lows.filter(x => x !== null));
    const last = cumulative ? Math.max(m.threshold, formulas.typical(m, 0)) : formulas.typical(m, null);
    const width = Math.max(last - first, 0.02 * Math.abs(first));
    const us = grid(first - 0.4 * width, Math.min(last + 0.5 * width, cumulative ? 0.3 : -first), 400);
    const rate = cumulative ? formulas.below : formulas.sigma;
    const curves = KINDS.map((k, i) => ({
      xs: us, ys: us.map(u => rate(m, u, k)), label: named(k),
      colour: k === null ? ALL : INDEX[k], dash: k === null ? null : DASH[i - 1],
    }));
    const top = Math.max(0.01, ...curves[0].ys.filter(Number.isFinite));
    drawing.plot(box, {
      x: [us[0], us[us.length - 1]], y: [-0.5 * top, 1.1 * top], curves,
      xlabel: "energy density u",
      ylabel: cumulative ? "complexity \u0398\u2096(u), nats per dimension" : "complexity \u03a3\u2096(u), nats per dimension",
      marks: KINDS.slice(1).map((k, i) => ({ x: lows[i + 1], y: 0, colour: INDEX[k] })).filter(({ x }) => x !== null),
      lines: [{ x: m.threshold, label: "\u2212E\u221e" }],
    });
    return [
      ...KINDS.slice(1).map((k, i) => [`lowest energy, index ${k}`, lows[i + 1]]),
      ["threshold energy", m.threshold],
      ["complexity of all points", formulas.total(m, null)],
      ["complexity of minima", formulas.total(m, 0)],
    ];
  }

  const WHAT = { name: "kind", label: "points", options: ["at or below the energy", "at the energy"], value: 0 };

  panel("pure", [{ name: "p", label: "degree p", min: 3, max: 20, step: 1, value: 3 }, WHAT],
    ({ p, kind }, box) => sphereCurves(formulas.sphere({ [p]: 1 }), kind === 0, box));

  panel("mixture", [
    { name: "a", label: "first degree", min: 2, max: 20, step: 1, value: 3 },
    { name: "b", label: "second degree", min: 2, max: 20, step: 1, value: 16 },
    { name: "share", label: "share of the second", min: 0, max: 1, step: 0.01, value: 0.06 },
    { name: "field", label: "variance of a random field", min: 0, max: 6, step: 0.1, value: 0 },
    WHAT,
  ], ({ a, b, share, field, kind }, box) => {
    const terms = { 1: field };
    terms[a] = (terms[a] || 0) + 1 - share;
    terms[b] = (terms[b] || 0) + share;
    const m = formulas.sphere(terms), G = formulas.G(m);
    const name = m.trivial ? "trivial: two points" : Math.abs(G) < 1e-14 ? "critical" : G > 0 ? "pure-like" : "full";
    return [["class", name, name], ["G", m.trivial ? null : G], ...sphereCurves(m, kind === 0, box)];
  });

  // -- a Wishart plus a Wigner matrix ---------------------------------------------------------------------------------

  panel("network", [
    { name: "phi", label: "parameters per example \u03c6", min: 0.02, max: 0.98, step: 0.01, value: 0.25 },
    { name: "epsilon", label: "energy \u03b5", min: -3, max: 0.5, step: 0.01, value: -1, log: true },
  ], ({ phi, epsilon }, box) => {
    const [low, high] = formulas.edges(phi, epsilon);
    // equal steps of the angle: many points where the density rises like a root
    const xs = grid(0, Math.PI, 400).map(angle => low + (high - low) * (1 - Math.cos(angle)) / 2);
    const ys = xs.map(x => formulas.density(x, phi, epsilon));
    drawing.plot(box, {
      x: [Math.min(low, 0) - 0.05 * (high - low), high + 0.05 * (high - low)], y: [0, 1.08 * Math.max(...ys)],
      curves: [{ xs, ys, label: "density of eigenvalues", colour: ALL, fill: true }], lines: [{ x: 0, label: "0" }],
      xlabel: "eigenvalue \u03bb", ylabel: "density",
    });
    return [
      ["lower edge", low], ["upper edge", high],
      ["fraction of negative eigenvalues", formulas.negativeFraction(phi, epsilon)],
      ["critical energy", formulas.criticalEnergy(phi)],
    ];
  });

  // -- two players with correlated losses: tables of the package ------------------------------

  const games = data.games;
  // the cubic through the four nearest places of an even table
  const between = (xs, ys, x) => {
    const step = xs[1] - xs[0], i = Math.min(xs.length - 4, Math.max(0, Math.floor((x - xs[0]) / step + 1e-9) - 1));
    let sum = 0;
    for (let j = i; j < i + 4; j++) {
      let weight = 1;
      for (let k = i; k < i + 4; k++) if (k !== j) weight *= (x - xs[k]) / (xs[j] - xs[k]);
      sum += weight * ys[j];
    }
    return sum;
  };

  // where a table that rises through zero vanishes, null if it does not
  const vanishes = (xs, ys) => {
    const i = xs.findIndex((_, j) => j > 0 && ys[j - 1] < 0 && ys[j] >= 0);
    if (i < 0) return null;
    let [low, high] = [xs[i - 1], xs[i]];
    for (let n = 0; n < 50; n++) {
      const middle = (low + high) / 2;
      if (between(xs, ys, middle) < 0) low = middle; else high = middle;
    }
    return high;
  };

  panel("games", [
    { name: "rho", label: "correlation of the losses \u03c1", min: -1, max: 1, step: 0.01, value: 0 },
    { name: "kappa", label: "share of player 1", options: games.kappa.map(k => k.toFixed(1)), value: 3 },
  ], ({ rho, kappa }, box) => {
    const nash = games.nash[kappa], all = games.all[kappa], at = between(games.rho, nash, rho);
    const critical = vanishes(games.rho, nash);
    drawing.plot(box, {
      x: [-1, 1], y: [Math.min(-0.1, 1.1 * Math.min(...nash)), 1.2 * all],
      curves: [
        { xs: [-1, 1], ys: [all, all], label: "all equilibria", colour: ALL },
        { xs: games.rho, ys: nash, label: "local Nash equilibria", colour: INDEX[0], dash: DASH[0] },
      ],
      marks: [{ x: rho, y: at, colour: INDEX[0] }], lines: [{ x: rho, label: "\u03c1" }],
      xlabel: "correlation of the losses \u03c1", ylabel: "complexity, nats per dimension",
    });
    return [
      ["complexity of all equilibria", all],
      ["complexity of local Nash equilibria", at, digits(at, 4)],
      ["it vanishes at \u03c1", critical, critical === null ? "none" : digits(critical, 3)],
    ];
  });

  // -- one landscape on the sphere --------------------------------------------------------------------------------------

  const draws = data.draws;
  panel("globe", [
    { name: "draw", label: "landscape", options: draws.map(d => d.name), value: 0 },
  ], ({ draw }, box) => {
    const one = draws[draw], number = k => one.points.filter(p => p.index === k).length;
    globe.show(box, one, data.colours);
    const sum = number(0) - number(1) + number(2);
    return [
      ["minima", number(0), String(number(0))], ["saddles", number(1), String(number(1))],
      ["maxima", number(2), String(number(2))], ["minima \u2212 saddles + maxima", sum, String(sum)],
      ["complex solutions", one.roots, `${one.roots}, counted exactly`],
      ["proof", one.proven, one.proven ? "these are all points" : "not proven"],
    ];
  });

  document.documentElement.dataset.explorer = "ready";
})();
