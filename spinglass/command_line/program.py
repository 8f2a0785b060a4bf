"""The program: its parser, and one line with an exit code for whatever stops it."""

import argparse
import os
import re
import sys
import warnings

from spinglass import __version__
from spinglass.command_line import check, complexity, count, figures, thresholds, warm
from spinglass.command_line.words import in_options

COMMANDS = {
    "complexity": complexity.COMMAND,
    "thresholds": thresholds.COMMAND,
    "count": count.COMMAND,
    "check": check.COMMAND,
    "figures": figures.COMMAND,
    "warm": warm.COMMAND,
}

NEGATIVE = re.compile(r"^-(\d|\.\d|inf$)")


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m spinglass",
        description="Complexity of spherical spin glasses and random games.",
        epilog="'python -m spinglass COMMAND --help' says all of a command.",
    )
    top.add_argument("--version", action="version", version=f"spinglass {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=command.purpose,
            description=command.purpose,
            epilog=command.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub._negative_number_matcher = NEGATIVE  # argparse by itself takes -inf and -1e-3 for options
        command.add(sub)
    return top


def main(argv=None):
    """Run the command line; wrong arguments end with one line and exit code 2."""
    command = ""
    try:
        try:
            arguments = parser().parse_args(argv)
            command = f" {arguments.command}"
            return run_command(arguments)
        finally:
            sys.stdout.flush()  # so that a closed pipe shows here
    except BrokenPipeError:  # the reader has seen enough: nothing is to be said, also not when Python flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, TypeError, ArithmeticError, NotImplementedError, OSError, ImportError) as error:
        message = in_options(str(error), command.strip())
        print(f"python -m spinglass{command}: error: {message}", file=sys.stderr)
        return 2
    except MemoryError as error:
        size = f" ({error})" if str(error) else ""
        print(f"python -m spinglass{command}: error: not enough memory{size}; try smaller sizes", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"python -m spinglass{command}: {str(stop) or 'stopped'}", file=sys.stderr)
        return 130


def run_command(arguments):
    """Run one command; return its exit code."""
    warnings.showwarning = lambda message, *_: print(f"warning: {in_options(str(message))}", file=sys.stderr)
    return COMMANDS[arguments.command].run(arguments) or 0
