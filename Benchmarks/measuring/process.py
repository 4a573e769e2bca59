# SPDX-License-Identifier: Apache-2.0
"""Processes that a benchmark starts, what they cost, and their end."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

DEADLINE_SECONDS = 20


class Failure(Exception):
    """Something that a benchmark cannot go on without."""


class Process:
    """A program that runs until it is stopped, with the processes that it has started itself."""

    def __init__(self, arguments: list[str], folder: Path, environment: dict[str, str] | None = None,
                 dies_with_us: bool = True):
        """Starts a program in `folder`, its output in files there.

        `dies_with_us` costs an exec more before the program runs.
        """
        self.name = Path(arguments[0]).name
        self.errors = folder / f"{self.name}.stderr"
        # So that nothing is left when this process is killed and cannot stop what it started.
        prefix = ["setpriv", "--pdeathsig", "TERM"] if dies_with_us else []
        with open(folder / f"{self.name}.stdout", "wb") as output, open(self.errors, "wb") as errors:
            self._child = subprocess.Popen(
                prefix + arguments, cwd=folder, env={"PATH": os.environ["PATH"]} | (environment or {}),
                stdin=subprocess.DEVNULL, stdout=output, stderr=errors)

    def ids(self) -> list[int]:
        """The process and its children."""
        own = self._child.pid
        return [own] + [int(word) for word in Path(f"/proc/{own}/task/{own}/children").read_text().split()]

    def check(self) -> None:
        """Fails if the program has ended."""
        code = self._child.poll()
        if code is not None:
            raise Failure(f"{self.name} ended with {code}: {self.errors.read_text(errors='replace').strip()}")

    def stop(self) -> None:
        """Asks the program to end, and kills it if it does not."""
        if self._child.poll() is not None:
            return
        children = self.ids()[1:]
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            for child in children:
                kill(child)
            self._child.kill()
            self._child.wait(DEADLINE_SECONDS)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def kill(process: int) -> None:
    """Ends a process at once, if it is still there."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def cpu_nanoseconds(processes: list[int]) -> int:
    """The CPU time of processes so far, of all their threads, those that have ended too."""
    # What clock_getcpuclockid(3) computes: the complement of the id, and 2 for the clock of the scheduler.
    return sum(time.clock_gettime_ns((~process << 3) | 2) for process in processes)


def memory_bytes(processes: list[int]) -> dict[str, int]:
    """What processes hold in memory.

    All of it, with code and with what others have too; all of it, but of a page that several share only a part; and of
    that what is in no file: heap and stacks.
    """
    names = {"Rss": "resident", "Pss": "proportional", "Pss_Anon": "own"}
    sums = dict.fromkeys(names.values(), 0)
    for process in processes:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in names:
                sums[names[name]] += int(rest.split()[0]) * 1024
    return sums


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
