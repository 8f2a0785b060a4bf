"""Programs in processes of their own that do not each load numba: one process loads it and forks for every program.

What a program sees is what it sees in a new interpreter: its variables, its folder first on the path, and no module of
the package, which the process that forks never imports.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 300  # after which a program is killed


class Programs:
    """Runs programs; where processes do not fork safely, each in a new interpreter."""

    def __init__(self):
        self._server = None

    def run(self, codes, folder, environment):
        """Run programs at the same time and return what ended, in their order."""
        if sys.platform != "linux":
            options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": folder}
            commands = [[sys.executable, "-c", code] for code in codes]
            started = [subprocess.Popen(command, env=environment, **options) for command in commands]
            ended = [program.communicate(timeout=SECONDS) for program in started]
            codes = [program.returncode for program in started]
        else:
            if self._server is None:
                pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
                variables = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
                self._server = subprocess.Popen([sys.executable, __file__], env=variables, **pipes)
            self._server.stdin.write(json.dumps([codes, str(folder), environment]) + "\n")
            self._server.stdin.flush()
            codes, ended = json.loads(self._server.stdout.readline())
        return [subprocess.CompletedProcess("-c", code, *texts) for code, texts in zip(codes, ended, strict=True)]

    def close(self):
        """End the process that forks."""
        if self._server is not None:
            self._server.communicate(timeout=SECONDS)


def serve():
    """Load what compiles, then fork for every line of standard input."""
    import numba
    import scipy.linalg.cython_lapack  # noqa: F401  (what kernels load by address)

    numba.njit(lambda x: x + 1)(1)  # numba loads the rest of itself when it compiles first
    for line in sys.stdin:
        codes, folder, environment = json.loads(line)
        with tempfile.TemporaryDirectory() as texts:
            files = [[str(Path(texts) / f"{name}{i}") for name in ("out", "err")] for i in range(len(codes))]
            children = [fork(*program, folder, environment) for program in zip(codes, files, strict=True)]
            ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            answer = [ended, [[Path(file).read_text() for file in pair] for pair in files]]
        print(json.dumps(answer), flush=True)


def fork(code, files, folder, environment):
    """Return the number of a process that runs a program."""
    child = os.fork()
    if child:
        return child
    status = 1
    with contextlib.suppress(BaseException):  # the child must not come back to the loop
        status = execute(code, files, folder, environment)
    os._exit(status)


def execute(code, files, folder, environment):
    """Run a program as a new interpreter would, and return its status."""
    import traceback

    import numba

    signal.alarm(SECONDS)
    for number, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:1] = [folder, *environment.get("PYTHONPATH", folder).split(os.pathsep)]
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in environment
    numba.core.config.reload_config()
    status = 0
    try:
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    serve()
