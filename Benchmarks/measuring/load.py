# SPDX-License-Identifier: Apache-2.0
"""Load by wrk, and what it costs the server."""

import os
import re
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from measuring.answer import PATH
from measuring.process import DEADLINE_SECONDS, Failure, Process, cpu_nanoseconds


@dataclass(frozen=True)
class Case:
    """One kind of load."""

    name: str
    description: str
    connections: int
    is_tls: bool = False
    closes: bool = False
    is_pipelined: bool = False


CASES = [
    Case("keep-alive-64", "64 connections that stay", 64),
    Case("keep-alive-8", "8 connections that stay", 8),
    Case("close", "a connection for each request, 64 at a time", 64, closes=True),
    Case("pipelined", "64 connections with 16 requests at a time", 64, is_pipelined=True),
    Case("tls-keep-alive", "64 TLS 1.3 connections that stay", 64, is_tls=True),
    Case("tls-close", "a full TLS 1.3 handshake for each request, 64 at a time", 64, is_tls=True, closes=True),
]


@dataclass(frozen=True)
class Server:
    """Something that can be put under load."""

    name: str
    process: Process
    port: int


@dataclass(frozen=True)
class Round:
    """What one run of wrk gave."""

    requests: int
    requests_per_second: float
    cpu_microseconds: float
    p50_microseconds: float
    p99_microseconds: float
    errors: int


def run_round(case: Case, server: Server, seconds: int) -> Round:
    """Puts one server under load."""
    scheme = "https" if case.is_tls else "http"
    command = ["wrk", "--latency", "-t", str(min(os.cpu_count() or 1, case.connections)),
               "-c", str(case.connections), "-d", f"{seconds}s"]
    if case.closes:
        command += ["-H", "Connection: close"]
    if case.is_pipelined:
        command += ["-s", str(Path(__file__).with_name("pipelined.lua"))]
    processes = server.process.ids()
    before = cpu_nanoseconds(processes)
    run = subprocess.run([*command, f"{scheme}://127.0.0.1:{server.port}{PATH}"], capture_output=True, text=True,
                         timeout=seconds + DEADLINE_SECONDS)
    cpu = cpu_nanoseconds(processes) - before
    server.process.check()
    if run.returncode != 0 or "Non-2xx" in run.stdout:
        raise Failure(f"{case.name}, {server.name}: wrk says {run.stdout}{run.stderr}")
    requests = int(number(r"(\d+) requests in", run.stdout))
    if requests == 0:
        raise Failure(f"{case.name}, {server.name}: no request was answered")
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", run.stdout)
    return Round(
        requests=requests, requests_per_second=number(r"Requests/sec: +(\S+)", run.stdout),
        cpu_microseconds=cpu / 1_000 / requests, p50_microseconds=latency("50", run.stdout),
        p99_microseconds=latency("99", run.stdout), errors=sum(map(int, errors.groups())) if errors else 0)


def number(pattern: str, text: str) -> float:
    """The number that `pattern` finds in what wrk says."""
    found = re.search(pattern, text)
    if not found:
        raise Failure(f"wrk does not say {pattern}: {text}")
    return float(found[1])


def latency(percentile: str, text: str) -> float:
    """A percentile of wrk's latencies in microseconds."""
    found = re.search(rf"^ +{percentile}% +([\d.]+)(us|ms|s|m)$", text, re.MULTILINE)
    if not found:
        raise Failure(f"wrk does not say a latency: {text}")
    return float(found[1]) * {"us": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000}[found[2]]


def measure(case: Case, servers: list[Server], rounds: int, seconds: int, has_warm_up: bool) -> dict[str, list[Round]]:
    """Puts servers under load in turn, and in each round begins with another one."""
    results: dict[str, list[Round]] = {server.name: [] for server in servers}
    if has_warm_up:
        for server in servers:
            run_round(case, server, 1)
    for index in range(rounds):
        start = index % len(servers)
        for server in servers[start:] + servers[:start]:
            results[server.name].append(run_round(case, server, seconds))
    return results


def summary(rounds: list[Round]) -> dict[str, float]:
    """The medians of rounds, and how far the rounds lie apart."""
    values = {name: median(asdict(each)[name] for each in rounds) for name in asdict(rounds[0]) if name != "errors"}
    cpu = [each.cpu_microseconds for each in rounds]
    return values | {"errors": sum(each.errors for each in rounds),
                     "cpu_spread": (max(cpu) - min(cpu)) / values["cpu_microseconds"]}
