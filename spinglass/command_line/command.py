"""What a command of the program is."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import NamedTuple


class Command(NamedTuple):
    """One command: what it is for, what its help says at the end, what it takes, and what it does."""

    purpose: str
    epilog: str
    add: Callable[[ArgumentParser], None]  # adds its arguments
    run: Callable[[Namespace], int | None]  # prints, and returns the exit code; None for 0
