r"""Activations with their first two derivatives: :math:`\sigma, \sigma', \sigma''` of every input.

.. math:: \tanh' = 1 - \tanh^2, \qquad \mathrm{softplus}(h) = \log(1 + e^h),
          \quad \mathrm{softplus}' = s = 1/(1 + e^{-h}), \quad s' = s (1 - s).

"relu" has its derivatives wherever no input is exactly 0.
"""

import numpy as np
from scipy.special import expit


def _tanh(h):
    value = np.tanh(h)
    slope = 1 - value**2
    return value, slope, -2 * value * slope


def _relu(h):
    slope = (h > 0).astype(h.dtype)
    return slope * h, slope, np.zeros_like(h)


def _softplus(h):
    slope = expit(h)
    return np.logaddexp(0, h), slope, slope * (1 - slope)


def _sigmoid(h):
    value = expit(h)
    slope = value * (1 - value)
    return value, slope, slope * (1 - 2 * value)


def _linear(h):
    return h, np.ones_like(h), np.zeros_like(h)


#: sigma, sigma' and sigma'' by name.
ACTIVATIONS = {"tanh": _tanh, "relu": _relu, "softplus": _softplus, "sigmoid": _sigmoid, "linear": _linear}
