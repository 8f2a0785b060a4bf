"""The public surface is the one that was written down, but for the changes listed here.

``tests/data/surface.json`` holds it; ``PYTHONPATH=. python tests/_public.py > tests/data/surface.json`` writes it anew,
after a release: then ``CHANGES`` starts empty again.
"""

import fnmatch
import functools
import importlib.util
import json
from pathlib import Path

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("spinglass_public", HERE / "_public.py")
public = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(public)

WRITTEN = json.loads((HERE / "data" / "surface.json").read_text())
today = functools.cache(public.surface)

#: Deliberate changes since: a name, or a pattern of names, and why it came, went or changed.
CHANGES = {
    "sg.networks": "Small networks are made, trained and asked for their Hessians by the name of their room.",
    "sg*.latex": "Cases may be written as an environment, for a paper.",
    "Spiked.[flp]*s": "As any model, it says how many spheres, losses and players it has.",
    "Parabolic.[flp]*s": "As any model, it says how many spaces, losses and players it has.",
    "Complexity.above": "Points are counted from above as well.",
    "Complexity.highest_energy": "Beside the lowest energy.",
    "Complexity.within": "Points are counted in windows of energies.",
    "sg.figures.Recipe": "A recipe says what it shows, with which parameters, and what differs from the paper.",
    "sg.figures.draw_figure": "Figures are written as png, pdf or svg, in any width.",
    "sg.figures.save": "As of sg.figures.draw_figure.",
    "Recipe.*": "As of sg.figures.Recipe, and figures are drawn in any width.",
    "sg.goe.*mean_abs_det_index": "The mean determinant by index is public beside the one of all indices.",
    "LocalLaw.[ac]*": "The local law carries what follows from it: its arithmetic, constant, conditional_variance.",
    "SymbolicLaw.constant": "As of LocalLaw.",
    "SymbolicLaw.edges": "As of LocalLaw.",
    "SphericalGame.truncated": "A game with kernels for covariances has one with polynomials near to it.",
    "Estimate*": "An estimate says by which method it was found.",
    "sg.mean_count": "The method is by default the one that exists.",
    "Draw.energies": "Energy densities stand beside the losses, a factor sqrt(N) apart.",
    "CriticalPoint.*": "A critical point is a point of its draw, with what is known of it.",
    "CriticalPoints.__*__": "Critical points are a sequence of points.",
    "CriticalPoints.model": "Critical points know what was drawn.",
    "CriticalPoints.to_dataframe": "Critical points can be read as a table of pandas.",
    "Draw.tail": "A draw says what it leaves out of a kernel.",
    "LocalLaw.shift*_*": "The shifts of a law are affine in its normals.",
    "SphericalGame.local_law": "The law is read at any overlaps.",
    "LocalLaw.edges": "The edges of the bulks belong to the law.",
    "LocalLaw.loss_covariance": "The covariance of the losses belongs to the law.",
    "LocalLaw.[vx][012]": "The numbers of one sphere belong to the law.",
    "sg.spectra.Empirical": "Measured eigenvalues are a law.",
    "Empirical.*": "As of sg.spectra.Empirical.",
    "sg.spectra.*_unfolding": "Spectra may be unfolded by themselves, with the bias stated.",
    "*.upper": "What a law owes is public.",
    "*.upper_stieltjes": "What a law owes is public: G alone, where it is cheaper.",
    "*.moment": "Every law knows its moments.",
    "*.free_cumulant": "Every law knows its free cumulants.",
    "*.s_transform": "Every law on the half line knows its S-transform.",
    "*.multiplicative_power": "Laws on the half line have powers in free multiplication.",
    "MultiplicativePower.*": "As of sg.spectra.MultiplicativePower.",
    "sg.spectra.MultiplicativePower": "Laws on the half line have powers in free multiplication.",
    "*WishartProduct*": "Powers of layers are real: exponents.",
    "*.free_power": "Laws have free powers.",
    "*.compression": "The law of a corner of a rotated matrix.",
    "FreePower.*": "As of sg.spectra.FreePower.",
    "sg.spectra.FreePower": "Laws have free powers.",
    "*.times": "Laws on the half line multiply freely.",
    "FreeProduct.*": "As of sg.spectra.FreeProduct.",
    "sg.spectra.FreeProduct": "Laws on the half line multiply freely.",
    "*.r_transform": "Every law knows its R-transform.",
    "Estimate.history": "An estimate keeps what it was after ever more samples.",
    "sg.plotting.co[nu]*[es]": "Estimates converge, and draws are counted beside their prediction.",
    "sg.plotting.finite_size": "Mean numbers are drawn against 1/N with their limit.",
    "sg.index_fractions": "The fraction of negative eigenvalues at an energy is public beside its picture.",
    "sg.plotting.index_fraction": "The index of typical points is drawn against energy.",
    "sg.plotting.phase_diagram": "The zero of a rate is drawn over two parameters.",
    "sg.plotting.quenched": "The quenched complexity is drawn beside the annealed one.",
    "sg.plotting.ratios": "Ratios of spacings are drawn under their laws.",
    "sg.plotting.sampled": "A sampled spectrum is drawn by itself.",
    "sg.plotting.spacings": "Spacings are drawn under their laws.",
    "sg.plotting.sphere": "A landscape on the sphere is drawn with its critical points.",
    "*.plot": "What has a picture has a door to it.",
    "*.log_potential": "One signature for every law: an arithmetic may be asked for.",
    "sg.spectra.fit": "A law is fitted to eigenvalues.",
    "sg.spectra.Fit": "As of sg.spectra.fit.",
    "Fit.*": "As of sg.spectra.fit.",
    "sg.spectra.Comparison": "As of sg.spectra.compare.",
    "sg.spectra.compare": "Several laws are fitted to the same eigenvalues.",
    "Comparison.*": "As of sg.spectra.compare.",
    "sg.spectra.[sS]pike*": "A spike is found from its outlier.",
    "Spikes.*": "As of sg.spectra.spike.",
    "sg.spectra.TracyWidom": "The law of the largest eigenvalue is a law of numbers.",
    "TracyWidom.*": "As of sg.spectra.TracyWidom.",
    "sg.spectra.LevelSpacing": "The exact law of spacings stands beside the surmise.",
    "LevelSpacing.*": "As of sg.spectra.LevelSpacing.",
    "sg.spectra.edge": "The extreme eigenvalue of a matrix has a law at finite size.",
    "Edge.*": "As of sg.spectra.edge.",
    "sg.spectra.lanczos": "Spectra are known from matrix-vector products.",
    "LanczosSpectrum*": "As of sg.spectra.lanczos.",
    "sg.plotting.lanczos": "As of sg.spectra.lanczos.",
    "sg.spectra.sample_surface_hessian": "Hessians where the loss has a given value.",
    "sg.plotting.*": "Plots take legend=, colorbar=, losses= and matplotlib's aliases.",
}


def changed():
    """Return the names that came, went or have another signature."""
    return sorted(name for name in WRITTEN.keys() | today().keys() if WRITTEN.get(name) != today().get(name))


def test_names_and_signatures_are_those_written_down():
    for name in changed():
        assert any(fnmatch.fnmatchcase(name, pattern) for pattern in CHANGES), (
            f"{name} was {WRITTEN.get(name, 'not there')}, is {today().get(name, 'not there')}: "
            "undo it, or list it in CHANGES with its reason and in CHANGELOG.md"
        )


def test_every_listed_change_was_made():
    for pattern, reason in CHANGES.items():
        assert fnmatch.filter(changed(), pattern), f"CHANGES lists {pattern}, which did not change"
        assert reason.endswith("."), f"{pattern}: give the reason in a sentence"


def test_the_surface_is_not_a_few_names():
    assert len(today()) > 500
    assert today()["sg.complexity"] == "(model, method='annealed')"
    assert today()["LocalLaw.shifts"] == "attribute"


def test_every_public_signature_is_annotated():
    bare = {name: public.unannotated(function) for name, function in [*public.callables(), *public.properties()]}
    assert len(bare) > 400
    assert not {name: parameters for name, parameters in bare.items() if parameters}
