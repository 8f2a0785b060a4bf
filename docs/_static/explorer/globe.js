// A landscape on the 2-sphere, seen from far away: turn it by dragging or with the arrow keys.
"use strict";

const globe = (() => {
  let state = null; // one globe a page: canvas, landscape, rotation, image

  // loss / sqrt(3) at a point: each monomial is [coefficient, a, b, c] for coefficient x^a y^b z^c
  function energy(landscape, x, y, z) {
    let sum = 0;
    for (const [c, i, j, k] of landscape.monomials) sum += c * x ** i * y ** j * z ** k;
    return sum / Math.sqrt(3);
  }

  // rows of the rotation that takes the sphere to the screen: right, up, towards the reader
  function rotated(rows, right, up) {
    const turn = (a, b, angle) => {
      const c = Math.cos(angle), s = Math.sin(angle);
      [rows[a], rows[b]] = [0, 1].map(which =>
        rows[a].map((x, i) => (which ? -s * x + c * rows[b][i] : c * x + s * rows[b][i])));
    };
    turn(0, 2, right);
    turn(1, 2, up);
    return rows;
  }

  // energies on a fixed grid of the sphere, looked up for every pixel: a turn evaluates no polynomial
  function table(landscape, rows = 256, columns = 512) {
    const values = new Float32Array(rows * columns);
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < rows; i++) {
      const z = Math.cos(Math.PI * (i + 0.5) / rows), r = Math.sqrt(1 - z * z);
      for (let j = 0; j < columns; j++) {
        const angle = 2 * Math.PI * (j + 0.5) / columns;
        const e = energy(landscape, r * Math.cos(angle), r * Math.sin(angle), z);
        values[i * columns + j] = e;
        if (e < low) low = e;
        if (e > high) high = e;
      }
    }
    return { values, rows, columns, low, high };
  }

  function lookUp(t, x, y, z) {
    const i = Math.acos(Math.max(-1, Math.min(1, z))) / Math.PI * t.rows - 0.5;
    const j = (Math.atan2(y, x) / (2 * Math.PI) + 1) * t.columns - 0.5;
    const i0 = Math.max(0, Math.min(t.rows - 2, Math.floor(i))), j0 = Math.floor(j), a = Math.max(0, Math.min(1, i - i0)), b = j - j0;
    const at = (r, c) => t.values[r * t.columns + c % t.columns];
    return (1 - a) * ((1 - b) * at(i0, j0) + b * at(i0, j0 + 1)) + a * ((1 - b) * at(i0 + 1, j0) + b * at(i0 + 1, j0 + 1));
  }

  const BANDS = 14; // lines of equal energy

  function paint() {
    const { canvas, landscape, rows, colours, field } = state;
    const size = canvas.width, radius = size * 0.48, context = canvas.getContext("2d");
    const image = context.createImageData(size, size);
    for (let py = 0; py < size; py++) {
      for (let px = 0; px < size; px++) {
        const sx = (px + 0.5 - size / 2) / radius, sy = (size / 2 - py - 0.5) / radius, square = sx * sx + sy * sy;
        if (square > 1) continue;
        const sz = Math.sqrt(1 - square);
        const [x, y, z] = [0, 1, 2].map(i => rows[0][i] * sx + rows[1][i] * sy + rows[2][i] * sz);
        const level = (lookUp(field, x, y, z) - field.low) / (field.high - field.low);
        const band = Math.min(BANDS - 1, Math.floor(level * BANDS));
        const colour = colours[Math.round((band + 0.5) / BANDS * (colours.length - 1))];
        const light = 0.55 + 0.45 * sz, at = 4 * (py * size + px);
        for (let c = 0; c < 3; c++) image.data[at + c] = colour[c] * light;
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    for (const point of landscape.points) mark(context, point, ...seen(point.x), radius, size);
  }

  const seen = x => state.rows.map(row => row[0] * x[0] + row[1] * x[1] + row[2] * x[2]);

  // minima are discs, saddles crosses, maxima triangles
  function mark(context, { index }, x, y, z, radius, size) {
    if (z < 0) return;
    const px = size / 2 + radius * x, py = size / 2 - radius * y, r = size / 70;
    context.lineWidth = size / 220;
    context.strokeStyle = "white";
    context.fillStyle = "black";
    context.beginPath();
    if (index === 0) context.arc(px, py, r, 0, 2 * Math.PI);
    else if (index === 1) {
      context.lineWidth = size / 130;
      context.moveTo(px - r, py - r); context.lineTo(px + r, py + r);
      context.moveTo(px - r, py + r); context.lineTo(px + r, py - r);
      context.stroke();
      return;
    } else {
      context.moveTo(px, py - 1.2 * r); context.lineTo(px + 1.1 * r, py + 0.8 * r); context.lineTo(px - 1.1 * r, py + 0.8 * r);
      context.closePath();
    }
    context.fill();
    context.stroke();
  }

  let waiting = false;
  function soon() {
    if (!waiting) requestAnimationFrame(() => { waiting = false; paint(); });
    waiting = true;
  }

  function turn(right, up) {
    rotated(state.rows, right, up);
    soon();
  }

  // the nearest point on the near side, told below the picture
  function tell(event) {
    const box = state.canvas.getBoundingClientRect(), radius = box.width * 0.48;
    const mx = (event.clientX - box.left - box.width / 2) / radius, my = (box.top + box.height / 2 - event.clientY) / radius;
    const near = state.landscape.points.map(point => ({ point, place: seen(point.x) })).filter(({ place }) => place[2] > 0)
      .map(({ point, place }) => ({ point, far: Math.hypot(place[0] - mx, place[1] - my) })).sort((a, b) => a.far - b.far)[0];
    const kind = ["minimum", "saddle", "maximum"];
    state.said.textContent = near && near.far < 0.08
      ? `${kind[near.point.index]}, energy density ${near.point.energy.toFixed(6).replace("-", "\u2212")}`
      : "\u25cf minimum   \u2715 saddle   \u25b2 maximum";
  }

  function listen(canvas) {
    let last = null;
    canvas.addEventListener("pointerdown", event => { last = event; canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointerup", () => { last = null; });
    canvas.addEventListener("pointermove", event => {
      tell(event);
      if (last === null) return;
      const scale = 2 / canvas.clientWidth;
      turn((last.clientX - event.clientX) * scale, (event.clientY - last.clientY) * scale);
      last = event;
    });
    const keys = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    canvas.addEventListener("keydown", event => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      turn(...keys[event.key]);
    });
  }

  function show(box, landscape, colours) {
    if (state === null) {
      const canvas = document.createElement("canvas"), said = document.createElement("p");
      canvas.tabIndex = 0;
      canvas.setAttribute("aria-label", "a random landscape on the sphere; drag it or press the arrow keys to turn it");
      said.className = "legend";
      box.replaceChildren(canvas, said);
      state = { canvas, said, rows: rotated([[1, 0, 0], [0, 0, 1], [0, -1, 0]], 0.5, 0.4) };
      listen(canvas);
    }
    const width = Math.min(440, box.clientWidth || 440);
    state.canvas.width = state.canvas.height = Math.round(width * Math.min(2, window.devicePixelRatio || 1));
    state.canvas.style.width = `${width}px`;
    if (state.landscape !== landscape) Object.assign(state, { landscape, colours, field: table(landscape) });
    tell({ clientX: -1e9, clientY: -1e9 });
    paint();
  }

  return { show, energy, turn };
})();
