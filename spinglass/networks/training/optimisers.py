r"""Optimisers: how parameters w follow gradients g, step by step t = 1, 2, ...

.. math:: \text{SGD:}\ w \leftarrow w - \eta g; \qquad
          \text{Momentum:}\ v \leftarrow \beta v + g,\ w \leftarrow w - \eta v;

.. math:: \text{Adam:}\ m \leftarrow \beta_1 m + (1 - \beta_1) g,\ v \leftarrow \beta_2 v + (1 - \beta_2) g^2,\quad
          w \leftarrow w - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon} .

What an optimiser remembers is an array (k, P), with one row for each of m and v.

Kingma, Ba (2015), Adam: a method for stochastic optimization.
"""

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Optimiser:
    """What optimisers share: numbers that are positive."""

    rate: float
    rows = 0  # of what is remembered

    def __post_init__(self):
        for f in fields(self):
            value = getattr(self, f.name)
            least, most = (0, 1) if f.name.startswith("beta") else (0, np.inf)
            if not isinstance(value, (int, float, np.number)) or not least <= value < most or (value == 0 and most > 1):
                expected = "a number in [0, 1)" if most == 1 else "a positive number"
                raise ValueError(f"{f.name}: expected {expected}, got {value!r}")

    def step(self, w, memory, g, t):
        """Return w and what is remembered after step t, of gradient g."""
        raise NotImplementedError


@dataclass(frozen=True)
class SGD(Optimiser):
    """Steps down the gradient.

    Parameters
    ----------
    rate : float, optional
        Learning rate.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass import networks
    >>> w, memory = networks.SGD(0.5).step(np.ones(2), np.zeros((0, 2)), np.array([1.0, 0.0]), 1)
    >>> w.tolist()
    [0.5, 1.0]
    """

    rate: float = 0.1

    def step(self, w, memory, g, t):
        """Return w and what is remembered after step t, of gradient g."""
        return w - self.rate * g, memory


@dataclass(frozen=True)
class Momentum(Optimiser):
    """Steps down a sum of gradients, the older ones less by a factor each.

    Parameters
    ----------
    rate : float, optional
        Learning rate.
    beta : float, optional
        The factor.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass import networks
    >>> w, memory = networks.Momentum(0.5, beta=0.5).step(np.zeros(1), np.ones((1, 1)), np.ones(1), 2)
    >>> w.tolist(), memory.tolist()
    ([-0.75], [[1.5]])
    """

    rate: float = 0.01
    beta: float = 0.9
    rows = 1

    def step(self, w, memory, g, t):
        """Return w and what is remembered after step t, of gradient g."""
        memory = self.beta * memory + g
        return w - self.rate * memory[0], memory


@dataclass(frozen=True)
class Adam(Optimiser):
    """Steps of about one rate in each parameter, whatever the size of its gradient.

    Parameters
    ----------
    rate : float, optional
        Learning rate.
    beta1, beta2 : float, optional
        Factors by which older gradients, and their squares, are forgotten.
    epsilon : float, optional

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass import networks
    >>> w, memory = networks.Adam(0.5).step(np.zeros(2), np.zeros((2, 2)), np.array([1e-3, -1.0]), 1)
    >>> w.round(4).tolist()
    [-0.5, 0.5]
    """

    rate: float = 0.003
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    rows = 2

    def step(self, w, memory, g, t):
        """Return w and what is remembered after step t, of gradient g."""
        m = self.beta1 * memory[0] + (1 - self.beta1) * g
        v = self.beta2 * memory[1] + (1 - self.beta2) * g**2
        memory = np.stack([m, v])
        return w - self.rate * m / (1 - self.beta1**t) / self.preconditioner(memory, t), memory

    def preconditioner(self, memory, t):
        """Return what gradients are divided by after step t, an array (P,)."""
        return np.sqrt(memory[1] / (1 - self.beta2**t)) + self.epsilon
