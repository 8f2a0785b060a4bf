"""The mean loss of a network over examples: what follows from its outputs and derivatives, whatever its layers."""

from dataclasses import dataclass, field, replace

import numpy as np

from spinglass.networks.criteria import CRITERIA
from spinglass.running.streams import generator

#: Methods that return a matrix.
MATRICES = ("hessian", "gauss_newton", "residual_hessian")


@dataclass(frozen=True)
class MeanLoss:
    """What networks share: parameters, examples, and what these are judged by.

    A network is not changed: ``at`` and ``on`` return others.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass import networks
    >>> data = networks.data.diabetes()
    >>> network = networks.mlp(data, hidden=(5,), rng=1)
    >>> other = network.at(network.parameters / 2).on(*data.test)
    >>> len(other.inputs), other.untrained() is other, other.eigenvalues("gauss_newton", batch=[1, 2]).shape
    (110, True, (61,))
    """

    parameters: np.ndarray
    inputs: np.ndarray
    targets: np.ndarray
    criterion: str = field(default="squares", kw_only=True)
    start: np.ndarray | None = field(default=None, kw_only=True)

    def __post_init__(self):
        check_criterion(self.criterion)
        check_examples(self.inputs, self.targets)

    def outputs(self, batch=None):
        """Return f, an array (b, K)."""
        raise NotImplementedError

    def loss_and_gradient(self, batch=None):
        """Return both from one pass."""
        raise NotImplementedError

    def at(self, parameters):
        """Return the same network at other parameters."""
        return replace(self, parameters=np.asarray(parameters, dtype=float))

    def untrained(self):
        """Return the same network at the parameters its training started from."""
        return self if self.start is None else self.at(self.start)

    def on(self, inputs, targets):
        """Return the same network judged by other examples."""
        return replace(self, inputs=np.asarray(inputs, dtype=float), targets=np.asarray(targets, dtype=float))

    def batches(self, size, count, rng=None):
        """Return ``count`` random batches: an int array (count, size), no example twice in a batch.

        Raises
        ------
        ValueError
            If there are less than ``size`` examples.
        """
        examples = len(self.inputs)
        if not isinstance(size, (int, np.integer)) or not 1 <= size <= examples:
            raise ValueError(f"size: expected an int in 1..{examples}, the number of examples, got {size!r}")
        draw = generator(rng)
        return np.array([draw.choice(examples, size, replace=False) for _ in range(count)])

    def loss(self, batch=None):
        """Return the loss."""
        return float(CRITERIA[self.criterion][0](self.outputs(batch), self._targets(batch))[0].mean())

    def accuracy(self, batch=None):
        """Return the fraction of examples whose largest output is at their largest target."""
        return float((self.outputs(batch).argmax(axis=1) == self._targets(batch).argmax(axis=1)).mean())

    def gradient(self, batch=None):
        """Return the gradient, an array (P,)."""
        return self.loss_and_gradient(batch)[1]

    def eigenvalues(self, matrix="hessian", batch=None):
        """Return the eigenvalues (P,), ascending, of "hessian", "gauss_newton" or "residual_hessian".

        Raises
        ------
        ValueError
            For another matrix.
        """
        check_matrix(matrix)
        return np.linalg.eigvalsh(getattr(self, matrix)(batch))

    def _targets(self, batch):
        return self.targets if batch is None else self.targets[batch]


def check_matrix(matrix):
    """Raise ValueError unless this is the name of a matrix."""
    if matrix not in MATRICES:
        raise ValueError(f"matrix: expected one of {', '.join(MATRICES)}, got {matrix!r}")


def check_criterion(name):
    """Raise ValueError unless this is the name of a criterion."""
    if name not in CRITERIA:
        raise ValueError(f"criterion: expected one of {', '.join(CRITERIA)}, got {name!r}")


def check_examples(inputs, targets):
    """Raise ValueError unless the examples fit to each other."""
    if np.ndim(inputs) != 2 or np.ndim(targets) != 2 or len(inputs) != len(targets):
        shapes = f"{np.shape(inputs)} and {np.shape(targets)}"
        raise ValueError(f"inputs, targets: expected shapes (m, d) and (m, K), got {shapes}")


def symmetric(matrix):
    """Remove rounding: the sums of a matrix product are not taken in the same order on both sides."""
    return (matrix + matrix.T) / 2
