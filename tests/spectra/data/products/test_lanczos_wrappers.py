"""The examples of the how-to that wrap products of other packages run, where these are installed."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.linalg import aslinearoperator

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "products.md"


def example(title):
    """Return the first block of Python under a heading of the page."""
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.M | re.S)[1]
    return re.search(r"^```python\n(.*?)^```", section, re.M | re.S)[1]


@pytest.mark.parametrize(
    ("title", "packages"), [("PyTorch", ["torch"]), ("curvlinops", ["torch", "curvlinops"]), ("JAX", ["jax"])]
)
@pytest.mark.filterwarnings("default")  # of these packages
def test_products_of_other_packages(title, packages):
    for package in packages:
        pytest.importorskip(package, reason=f"{package} is not installed, the example of the page is not run")
    names = {}
    exec(example(title), names)
    operator, found = names["H"], names["found"]
    operator = aslinearoperator(operator.to_scipy() if hasattr(operator, "to_scipy") else operator)
    matrix = np.stack([operator.matvec(row) for row in np.eye(operator.shape[0], dtype=np.float32)]).astype(float)
    eigenvalues = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    assert found.n == len(eigenvalues) and found.rounding > 1e-8  # in single precision
    for k in (1, 2, 4):
        assert abs(found.moment(k) - np.mean(eigenvalues**k)) < 4 * found.moment_error(k)
    assert abs(found.extremes.top[0] - eigenvalues[-1]) < found.extremes.top_error[0] < 1e-3
    assert found.moment_error(2) < 0.4 * found.moment(2)
