# SPDX-License-Identifier: Apache-2.0
"""What one run of the benchmark of the HTTP server is set up from."""

import argparse
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from measuring import lanyard
from measuring.answer import Answer, fetch
from measuring.certificate import Certificate
from measuring.lanyard import Lanyard
from measuring.load import Server
from measuring.nginx import FILE, MEMORY, VARIANTS, Nginx, Variant
from measuring.process import Failure


@dataclass
class Bench:
    """What is set up for one run."""

    options: argparse.Namespace
    lanyards: dict[bool, Lanyard]
    nginx: Nginx
    nginx_to_start: Nginx
    answers: dict[bool, Answer]
    encryption: dict[str, str]

    def kinds(self) -> list[bool]:
        """Whether to measure without TLS, and with."""
        return list(self.lanyards)

    def variants(self) -> list[Variant]:
        """What Lanyard is compared with."""
        return [MEMORY] if self.options.quick else VARIANTS


def set_up(options: argparse.Namespace, folder: Path) -> Bench:
    """Makes the stores and the certificate, and an nginx that sends what Lanyard sends."""
    certificate = Certificate.make(folder)
    kinds = [False] if options.without_tls else [False, True]
    # Room for wrk and for the connections by which the benchmark itself looks.
    limit = options.connections + 512
    lanyards = {
        is_tls: Lanyard(options.binary, folder / ("tls" if is_tls else "plain"), certificate if is_tls else None, limit)
        for is_tls in kinds
    }
    answers: dict[bool, Answer] = {}
    encryption: dict[str, str] = {}
    for is_tls, each in lanyards.items():
        with each.start_and_wait():
            answers[is_tls], how = fetch(each.port, is_tls)
            if is_tls:
                encryption[lanyard.NAME] = how
    servers = Nginx(folder / "nginx", answers[False], answers.get(True), certificate, limit, VARIANTS)
    # With no more to set up than the Lanyard that it is compared with.
    starter = Nginx(folder / "nginx-start", answers[False], None, None, limit, [FILE])
    return Bench(options, lanyards, servers, starter, answers, encryption)


def start_servers(bench: Bench, stack: ExitStack) -> dict[bool, list[Server]]:
    """Starts everything that the load goes to; it stays up through all cases."""
    process = stack.enter_context(bench.nginx.start_and_wait())
    ports = {False: bench.nginx.plain_ports, True: bench.nginx.tls_ports}
    servers = {}
    for is_tls, each in bench.lanyards.items():
        servers[is_tls] = [Server(lanyard.NAME, stack.enter_context(each.start_and_wait()), each.port)]
        servers[is_tls] += [Server(variant.name, process, ports[is_tls][variant]) for variant in bench.variants()]
    return servers


def check_answers(bench: Bench, servers: dict[bool, list[Server]]) -> dict[str, int]:
    """Sees to it that all servers send the same, and returns the sizes of their plain answers."""
    sizes = {}
    for is_tls, group in servers.items():
        expected = bench.answers[is_tls]
        for server in group:
            answer, how = fetch(server.port, is_tls)
            if answer.status != 200 or answer.value("Content-Type") != expected.value("Content-Type"):
                raise Failure(f"{server.name} answers with {answer.status}, {answer.fields}")
            if answer.body != bench.answers[False].body and server.name != lanyard.NAME:
                raise Failure(f"{server.name} sends other content")
            if is_tls and server.name != lanyard.NAME:
                bench.encryption["nginx"] = how
            if not is_tls:
                sizes[server.name] = answer.size
    return sizes
