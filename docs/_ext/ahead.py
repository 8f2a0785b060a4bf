"""What pages import and compile, done once by the process whose forks are their kernels: see kernels.py."""

import gc
import warnings

import ipykernel.ipkernel  # noqa: F401
import matplotlib.pyplot  # noqa: F401

import spinglass.plotting  # noqa: F401
from spinglass.command_line.warm import QUESTIONS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # samples are few
    for question in QUESTIONS.values():
        question()
gc.collect()
gc.freeze()  # collections in forks do not copy what they share
