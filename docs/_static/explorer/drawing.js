// Curves with axes as SVG, drawn at the width there is.
"use strict";

const drawing = (() => {
  const SPACE = "http://www.w3.org/2000/svg";
  const MARGIN = { left: 62, right: 14, top: 12, bottom: 46 };

  function element(name, attributes, text) {
    const node = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  }

  // round numbers between two ends, about as many as asked for
  function ticks([low, high], count) {
    const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= raw * 0.999);
    const places = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) places.push(i * step);
    return places.map(x => ({ x, text: x.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace("-", "\u2212") }));
  }

  // the pieces of a curve that lie above the floor of the picture
  function path(curve, toX, toY) {
    let d = "", open = false;
    curve.xs.forEach((x, i) => {
      const y = curve.ys[i];
      if (y === null || !Number.isFinite(y)) { open = false; return; }
      d += `${open ? "L" : "M"}${toX(x).toFixed(2)},${Math.max(-1e4, Math.min(1e4, toY(y))).toFixed(2)}`;
      open = true;
    });
    return d;
  }

  // spec: x, y (ranges), xlabel, ylabel, curves [{xs, ys, label, colour, dash, fill}], marks [{x, y, colour}],
  // lines [{x, label}]
  function plot(box, spec) {
    const width = Math.max(260, box.clientWidth), height = Math.round(Math.min(400, Math.max(250, width * 0.58)));
    const inner = { w: width - MARGIN.left - MARGIN.right, h: height - MARGIN.top - MARGIN.bottom };
    const toX = x => MARGIN.left + (x - spec.x[0]) / (spec.x[1] - spec.x[0]) * inner.w;
    const toY = y => MARGIN.top + (spec.y[1] - y) / (spec.y[1] - spec.y[0]) * inner.h;
    const svg = element("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": spec.ylabel });
    const id = `clip-${box.id}`;
    svg.append(element("clipPath", { id }));
    svg.lastChild.append(element("rect", { x: MARGIN.left, y: MARGIN.top, width: inner.w, height: inner.h }));
    const bottom = MARGIN.top + inner.h;
    for (const { x, text } of ticks(spec.x, Math.max(3, inner.w / 90))) {
      svg.append(element("line", { x1: toX(x), x2: toX(x), y1: MARGIN.top, y2: bottom, class: "grid" }));
      svg.append(element("text", { x: toX(x), y: bottom + 17, "text-anchor": "middle" }, text));
    }
    for (const { x: y, text } of ticks(spec.y, Math.max(3, inner.h / 55))) {
      svg.append(element("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: toY(y), y2: toY(y), class: "grid" }));
      svg.append(element("text", { x: MARGIN.left - 6, y: toY(y) + 4, "text-anchor": "end" }, text));
    }
    if (spec.y[0] < 0 && spec.y[1] > 0)
      svg.append(element("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: toY(0), y2: toY(0), class: "zero" }));
    for (const { x, label } of spec.lines || []) {
      if (x < spec.x[0] || x > spec.x[1]) continue;
      const right = toX(x) > width - 90;
      svg.append(element("line", { x1: toX(x), x2: toX(x), y1: MARGIN.top, y2: bottom, class: "line" }));
      svg.append(element("text", { x: toX(x) + (right ? -4 : 4), y: bottom - 6, "text-anchor": right ? "end" : "start" }, label));
    }
    const inside = element("g", { "clip-path": `url(#${id})` });
    for (const curve of spec.curves) {
      const style = { d: path(curve, toX, toY), stroke: curve.colour, class: "curve", "stroke-dasharray": curve.dash || "none" };
      if (curve.fill) inside.append(element("path", { d: `${style.d}Z`, fill: curve.colour, class: "fill" }));
      inside.append(element("path", style));
    }
    for (const { x, y, colour } of spec.marks || [])
      inside.append(element("circle", { cx: toX(x), cy: toY(y), r: 4, fill: colour }));
    svg.append(inside);
    svg.append(element("text", { x: MARGIN.left + inner.w / 2, y: height - 8, "text-anchor": "middle" }, spec.xlabel));
    const turned = `rotate(-90 14 ${MARGIN.top + inner.h / 2})`;
    svg.append(element("text", { x: 14, y: MARGIN.top + inner.h / 2 + 4, "text-anchor": "middle", transform: turned }, spec.ylabel));
    box.replaceChildren(svg, legend(spec.curves));
  }

  function legend(curves) {
    const list = document.createElement("div");
    list.className = "legend";
    for (const curve of curves.filter(c => c.label)) {
      const sample = element("svg", { width: 30, height: 10 });
      const style = { x1: 0, x2: 30, y1: 5, y2: 5, stroke: curve.colour, class: "curve", "stroke-dasharray": curve.dash || "none" };
      sample.append(element("line", style));
      const item = document.createElement("span");
      item.append(sample, ` ${curve.label}`);
      list.append(item);
    }
    return list;
  }

  return { plot, element };
})();
