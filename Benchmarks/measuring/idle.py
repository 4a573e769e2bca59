# SPDX-License-Identifier: Apache-2.0
"""The memory that a server needs for connections on which nothing happens."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from measuring.process import DEADLINE_SECONDS, Failure, Process, memory_bytes

# How long a server may take to give back what the answers needed.
SETTLE_SECONDS = 1
# Opening takes a client some 0.1 ms plain and 2 ms with TLS.
OPENING_SECONDS = 300


@dataclass(frozen=True)
class IdleMemory:
    """What a server held without and with idle connections."""

    connections: int
    before_bytes: int
    after_bytes: int

    @property
    def bytes_per_connection(self) -> float:
        return (self.after_bytes - self.before_bytes) / self.connections


def measure_idle(process: Process, port: int, count: int, is_tls: bool) -> IdleMemory:
    """Measures a server that has just been started.

    What counts is the memory of all its processes that is in no file. What the kernel holds for a connection is not in it.
    """
    # The first connections pay for code and tables that are there once.
    with Client(port, 64, is_tls):
        pass
    time.sleep(SETTLE_SECONDS)
    before = memory_bytes(process.ids())["own"]
    with Client(port, count, is_tls):
        time.sleep(SETTLE_SECONDS)
        after = memory_bytes(process.ids())["own"]
    process.check()
    return IdleMemory(count, before, after)


class Client:
    """A process that keeps connections open."""

    def __init__(self, port: int, count: int, is_tls: bool):
        self._count = count
        self._child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("idle_client.py")), str(port), str(count),
             "tls" if is_tls else "plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Client":
        try:
            self._expect(f"open {self._count}", OPENING_SECONDS)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self._child.stdin.close()
            if kind is None:
                self._expect(f"still open {self._count}", DEADLINE_SECONDS)
        finally:
            self._end()

    def _expect(self, line: str, seconds: int) -> None:
        """Waits for one line; the client's own deadlines end it when a server does not answer."""
        end = time.monotonic() + seconds
        while (said := self._child.stdout.readline().strip()) != line:
            if not said or time.monotonic() > end:
                raise Failure(f"idle connections: expected '{line}', and the client said '{said}'")

    def _end(self) -> None:
        try:
            self._child.wait(1)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(DEADLINE_SECONDS)
