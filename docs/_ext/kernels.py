"""The kernels of pages, forked from one process that has done what ahead.py does: a start takes no seconds.

Each page has a process and a namespace of its own all the same.
"""

import multiprocessing
import os
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import matplotlib
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner


def run(arguments, folder):
    """Be the kernel, in the forked process."""
    os.setsid()
    os.chdir(folder)
    matplotlib.rcParams["backend"] = "inline"  # what a kernel asks for before matplotlib is imported
    IPKernelApp.launch_instance([*arguments, "--log-level=CRITICAL"])  # errors of cells are answers, not logged


class Fork:
    """A forked process, with what a provisioner asks of one that it has started itself."""

    stdin = stdout = stderr = None

    def __init__(self, arguments, folder):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["ahead"])
        self.process = context.Process(target=run, args=(arguments, folder))
        self.process.start()
        self.pid = self.process.pid

    def poll(self):
        """Return the exit code, None while it runs."""
        return self.process.exitcode

    def wait(self):
        """Return the exit code once it has ended."""
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        """Send it a signal."""
        os.kill(self.pid, number)


class ForkProvisioner(LocalProvisioner):
    """Starts kernels as forks."""

    async def launch_kernel(self, cmd, **kwargs):
        """Start one with the arguments of the command that would start it afresh."""
        self.process = Fork(cmd[cmd.index("-f") :], kwargs.get("cwd") or os.getcwd())
        self.pid = self.process.pid
        return self.connection_info


def setup(app):
    """Let kernels be forked, on the platform where that is safe."""
    if sys.platform == "linux":
        here = str(Path(__file__).parent)  # where the process that is forked finds ahead.py
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
        entry = EntryPoint("fork", f"{__name__}:ForkProvisioner", KernelProvisionerFactory.GROUP_NAME)
        KernelProvisionerFactory.provisioners[entry.name] = entry
        os.environ[KernelProvisionerFactory.default_provisioner_name_env] = entry.name
    return {"parallel_read_safe": True, "parallel_write_safe": True}
