# SPDX-License-Identifier: Apache-2.0
"""Lanyard, with the settings that it has by default but for ports and the number of connections."""

from pathlib import Path

from measuring.answer import wait_for_listener
from measuring.certificate import Certificate
from measuring.process import Process, free_ports

NAME = "lanyard"


class Lanyard:
    """A program and the folder with its store, which can be started many times."""

    def __init__(self, binary: Path, folder: Path, certificate: Certificate | None = None, connections: int = 10_000):
        folder.mkdir(exist_ok=True)
        self._binary = binary
        self._folder = folder
        [self.port] = free_ports(1)
        self._environment = {
            "LANYARD_HTTP_LISTEN": f"127.0.0.1:{self.port}",
            "LANYARD_MANAGEMENT_LISTEN": "off",
            "LANYARD_HTTP_MAX_CONNECTIONS": str(connections),
            "LANYARD_HTTP_IDLE_TIMEOUT": "1h",
        }
        if certificate is not None:
            self._environment["LANYARD_HTTP_TLS_CERTIFICATE"] = str(certificate.chain)
            self._environment["LANYARD_HTTP_TLS_KEY"] = str(certificate.key)

    def start(self, dies_with_us: bool = True) -> Process:
        """Starts the program; it makes its store if there is none."""
        return Process([str(self._binary), "serve"], self._folder, self._environment, dies_with_us)

    def start_and_wait(self) -> Process:
        """Starts the program, and waits until it listens."""
        process = self.start()
        try:
            wait_for_listener(process, self.port)
        except BaseException:
            process.stop()
            raise
        return process
