"""What the explorer cannot compute in a browser: tables of a game, and landscapes with their proven critical points."""

import json
from pathlib import Path

import matplotlib
import numpy as np

import spinglass as sg
from notebooks import fingerprint, write
from spinglass.figures.games import correlated

RHO = np.linspace(-1, 1, 41)
KAPPA = np.linspace(0.1, 0.9, 9)
#: Landscapes on the 2-sphere, from smooth to rough.
LANDSCAPES = (
    ("pure 3", {3: 1.0}, 1),
    ("pure 4", {4: 1.0}, 2),
    ("pure 6", {6: 1.0}, 3),
    ("degrees 2 and 3", {2: 0.5, 3: 0.5}, 4),
    ("degrees 3 and 8", {3: 0.8, 8: 0.2}, 5),
    ("degree 3 in a field", {1: 1.0, 3: 1.0}, 6),
)


def games(kappa):
    """Return the complexities of all and of local Nash equilibria of two players with correlated losses."""
    nash = [[sg.complexity(correlated(r, k)).total(index=(0, 0)) for r in RHO] for k in kappa]
    every = [sg.complexity(correlated(0.0, k)).total() for k in kappa]
    return {"rho": RHO.tolist(), "kappa": kappa.tolist(), "nash": nash, "all": every}


def landscape(name, terms, seed):
    """Return one draw at N = 3 as a polynomial, with its critical points."""
    draw = sg.mixed(terms).draw(3, rng=seed)
    points = sg.critical_points(draw)
    if not points.proven:
        raise RuntimeError(f"expected a proof for the landscape {name!r}, got: {points.note}")
    powers = [np.bincount(v, minlength=3).tolist() for v in np.split(draw.variables, draw.starts[1:-1])]
    found = zip(points.points[0], points.index.ravel(), points.energies.ravel(), strict=True)
    return {
        "name": name,
        "monomials": [[float(c), *power] for c, power in zip(draw.coefficients, powers, strict=True)],
        "points": [{"x": list(map(float, x)), "index": int(k), "energy": float(u)} for x, k, u in found],
        "roots": points.roots,
        "proven": points.proven,
    }


def data(kappa=KAPPA):
    """Return all that the page needs, games for these shares of the first player."""
    colours = (255 * matplotlib.colormaps["viridis"](np.linspace(0.1, 1, 64))[:, :3]).round().astype(int).tolist()
    return {"games": games(kappa), "draws": [landscape(*one) for one in LANDSCAPES], "colours": colours}


def script():
    """Return the data as a script: a page that is opened from a disk may not read other files."""
    return f"window.spinglassData = {json.dumps(data(), separators=(',', ':'))};\n"


def build(app):
    """Write the data beside the scripts, unless this package has written it before."""
    path = Path(app.srcdir) / "_static" / "explorer" / "data.js"
    mark = f"// {fingerprint(Path(__file__))}\n"
    if not path.exists() or not path.read_text(encoding="utf-8").startswith(mark):
        write(path, (mark + script()).encode())


def setup(app):
    """Register the step that writes the data."""
    app.connect("builder-inited", build)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
