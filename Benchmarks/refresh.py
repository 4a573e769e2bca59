#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how fast Lanyard refreshes sessions beside openssl on this machine; see README.md.

Every refresh rotates and is on the disk before it is answered. Started by Benchmarks/refresh.
"""

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from math import exp, log, sqrt
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any
from urllib.parse import urlencode

from measuring import report
from measuring.answer import PATH, wait_for_listener
from measuring.load import latency, number
from measuring.machine import describe_machine
from measuring.options import positive
from measuring.process import DEADLINE_SECONDS, Failure, Process, cpu_nanoseconds, free_ports

PASSWORD = "a password of the benchmark"
# Nothing rotates twice within a grace; and passwords are cheap, for they are not what is measured.
SETTINGS = {
    "LANYARD_MANAGEMENT_LISTEN": "off", "LANYARD_SESSIONS_REFRESH_GRACE": "0s", "LANYARD_SESSIONS_MAX_PER_ACCOUNT": "10000",
    "LANYARD_PASSWORDS_MEMORY": "8MiB", "LANYARD_PASSWORDS_ITERATIONS": "1", "LANYARD_LOG_LEVEL": "warning",
}
# The number of connections of each.
CASES = {"refresh-64": 64, "refresh-8": 8}


def main() -> None:
    options = parse_options()
    # Ends by way of all `with`, which stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="lanyard-benchmark-", dir=options.folder) as name:
        try:
            results = (compare if options.against else run)(options, Path(name))
        except (Failure, subprocess.TimeoutExpired) as failure:
            sys.exit(f"{Path(sys.argv[0]).name}: {failure}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures how fast Lanyard refreshes sessions beside openssl.")
    parser.add_argument("--binary", type=Path, required=True, help="the program lanyard, built for release")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--folder", type=Path, help="where the store is made; its disk is what is synced")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds; the median counts (5)")
    parser.add_argument("--seconds", type=positive, default=3, help="length of each measurement (3)")
    parser.add_argument("--sessions", type=positive, default=1_000, help="sessions that are refreshed in turn (1000)")
    parser.add_argument("--against", type=Path, help="compare with this program instead of openssl")
    parser.add_argument("--pairs", type=positive, default=20, help="with --against: pairs of measurements (20)")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it runs")
    options = parser.parse_args()
    options.binary = options.binary.absolute()
    if options.against:
        options.against = options.against.absolute()
        # An interval needs some.
        options.pairs = max(options.pairs, 3)
    if options.quick:
        options.rounds, options.pairs, options.seconds, options.sessions = 1, 2, 1, 70 if options.against else 200
    return options


def compare(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Lets two programs take turns, and compares the CPU time that each takes for a refresh."""
    results: dict[str, Any] = {"machine": describe_machine(), "rounds": {}, "ratios": {}}
    with ExitStack() as stack:
        servers = [stack.enter_context(Serving(binary, folder / name))
                   for name, binary in [("own", options.binary), ("other", options.against)]]
        for name, connections in CASES.items():
            pairs = []
            for turn in range(options.pairs):
                # Whoever comes second finds the machine as the first has left it, so they change places.
                order = servers if turn % 2 == 0 else servers[::-1]
                figures = {server: server.refresh(connections, options) for server in order}
                pairs.append([figures[server]["cpu_microseconds"] for server in servers])
            results["rounds"][name] = pairs
            results["ratios"][name] = interval([log(own / other) for own, other in pairs])
    rows = [[name, *(f"{median(column):,.0f}" for column in zip(*results["rounds"][name], strict=True)),
             f"{ratio['ratio']:.3f}", f"{ratio['low']:.3f} to {ratio['high']:.3f}"] for name, ratio in results["ratios"].items()]
    print(f"CPU time of a refresh, {options.pairs} pairs of {options.seconds} s; below 1, {options.binary} takes less.\n\n"
          + report.table(["", "CPU µs", "CPU µs, other", "ratio", "95 % interval"], rows))
    return results


def interval(logarithms: list[float]) -> dict[str, float]:
    """The geometric mean of ratios and its 95 % interval, by Student's t."""
    centre, error = mean(logarithms), stdev(logarithms) / sqrt(len(logarithms))
    # The quantile 0.975 is within 0.3 % of this from 10 degrees of freedom on (Abramowitz and Stegun, 26.7.5).
    normal, freedom = 1.959964, len(logarithms) - 1
    quantile = normal + (normal**3 + normal) / (4 * freedom) + (5 * normal**5 + 16 * normal**3 + 3 * normal) / (96 * freedom**2)
    return {"ratio": exp(centre), "low": exp(centre - quantile * error), "high": exp(centre + quantile * error)}


class Serving:
    """A server with a store of its own, in a folder that it makes."""

    def __init__(self, binary: Path, folder: Path) -> None:
        folder.mkdir()
        [self.port] = free_ports(1)
        self.tokens = folder / "tokens"
        environment = SETTINGS | {"LANYARD_HTTP_LISTEN": f"127.0.0.1:{self.port}"}
        command = [str(binary), "account", "add", "benchmark", "--password-stdin"]
        subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"]} | environment, input=PASSWORD + "\n", text=True,
                       check=True, capture_output=True, timeout=DEADLINE_SECONDS)
        self.process = Process([str(binary), "serve"], folder, environment)

    def __enter__(self) -> "Serving":
        self.process.__enter__()
        wait_for_listener(self.process, self.port)
        return self

    def __exit__(self, *reason: Any) -> None:
        self.process.__exit__(*reason)

    def refresh(self, connections: int, options: argparse.Namespace) -> dict[str, float]:
        """Refreshes new sessions in turn."""
        # Anew, since what wrk was answered last is lost with it.
        self.tokens.write_text("".join(log_in(self.port, options.sessions)))
        return refresh(self.process, self.port, self.tokens, connections, options.seconds)


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Lets Lanyard and openssl take turns, and compares the medians."""
    results: dict[str, Any] = {"machine": describe_machine(), "rounds": {"openssl": []}}
    with Serving(options.binary, folder / "own") as server:
        for _ in range(options.rounds):
            for name, connections in CASES.items():
                results["rounds"].setdefault(name, []).append(server.refresh(connections, options))
                results["rounds"]["openssl"].append(openssl(options.seconds))
        server.tokens.write_text("".join(log_in(server.port, options.sessions)))
        results["beside"] = beside(server.process, server.port, server.tokens, options.seconds)
    openssl_rounds = results["rounds"]["openssl"]
    results["medians"] = {name: {figure: median(each[figure] for each in rounds) for figure in ["per_second", "cpu_microseconds"]}
                          for name, rounds in results["rounds"].items()}
    best = results["medians"]["openssl"]
    results["ratios"] = {name: {"per_second": own["per_second"] / best["per_second"],
                                "cpu": best["cpu_microseconds"] / own["cpu_microseconds"]}
                         for name, own in results["medians"].items() if name != "openssl"}
    print(text(results, len(openssl_rounds), options))
    return results


def log_in(port: int, count: int) -> list[str]:
    """Opens sessions, and returns their refresh tokens, a line each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
    body = urlencode({"username": "benchmark", "password": PASSWORD})
    lines = []
    for _ in range(count):
        connection.request("POST", "/login", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise Failure(f"a login is answered {answer.status}: {content.decode(errors='replace')}")
        lines.append(json.loads(content)["refresh_token"] + "\n")
    connection.close()
    return lines


def wrk_refreshing(port: int, tokens: Path, connections: int, seconds: int) -> list[str]:
    threads = min(os.cpu_count() or 1, connections)
    script = Path(__file__).parent / "measuring" / "refresh.lua"
    return ["wrk", "--latency", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "-s", str(script),
            f"http://127.0.0.1:{port}/refresh", "--", str(tokens), str(threads)]


def refresh(server: Process, port: int, tokens: Path, connections: int, seconds: int) -> dict[str, float]:
    before = cpu_nanoseconds(server.ids())
    output = said(wrk_refreshing(port, tokens, connections, seconds), seconds)
    cpu = cpu_nanoseconds(server.ids()) - before
    server.check()
    if number(r"Refused: (\d+)", output) > 0:
        raise Failure(f"refreshes were refused: {output}")
    requests = number(r"(\d+) requests in", output)
    return {"per_second": number(r"Requests/sec: +(\S+)", output), "cpu_microseconds": cpu / 1_000 / requests,
            "requests": requests}


def beside(server: Process, port: int, tokens: Path, seconds: int) -> dict[str, float]:
    """How long the key set takes while refreshes take all cores, in microseconds."""
    command = wrk_refreshing(port, tokens, 16, seconds + 2)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as load:
        try:
            output = said(["wrk", "--latency", "-t", "1", "-c", "1", "-d", f"{seconds}s", f"http://127.0.0.1:{port}{PATH}"],
                          seconds)
            load.communicate(timeout=seconds + DEADLINE_SECONDS)
        finally:
            load.kill()
    server.check()
    return {"p50_microseconds": latency("50", output), "p99_microseconds": latency("99", output)}


def openssl(seconds: int) -> dict[str, float]:
    """What `openssl speed` signs on all cores at once, by the clock on the wall, and the CPU time of one signature."""
    count = os.cpu_count() or 1
    usage = os.times()
    output = said(["openssl", "speed", "-seconds", str(seconds), "-multi", str(count), "rsa2048"], 2 * seconds)
    # It signs for so long, and then verifies for as long.
    cpu = (os.times().children_user - usage.children_user) / 2
    rate = number(r"rsa 2048 bits +\S+s +\S+s +(\S+)", output)
    return {"per_second": rate, "cpu_microseconds": cpu * 1e6 / (rate * seconds)}


def said(command: list[str], seconds: int) -> str:
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + DEADLINE_SECONDS)
    if run.returncode != 0:
        raise Failure(f"{command[0]} ended with {run.returncode}: {run.stderr.strip()}")
    return run.stdout


def text(results: dict[str, Any], rounds: int, options: argparse.Namespace) -> str:
    machine, medians, ratios = results["machine"], results["medians"], results["ratios"]
    rows = [[name, f"{own['per_second']:,.0f}", f"{own['cpu_microseconds']:,.0f}",
             *([f"{ratios[name]['per_second']:.2f}", f"{ratios[name]['cpu']:.2f}"] if name in ratios else ["", ""])]
            for name, own in medians.items()]
    beside = results["beside"]
    return "\n".join([
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Linux {machine['kernel']}",
        f"Medians of {rounds // 2} rounds of {options.seconds} s; load before {machine['load_before']:.1f}.", "",
        report.table(["", "a second", "CPU µs each", "ratio: a second", "ratio: CPU"], rows), "",
        f"The key set while 16 connections refresh: p50 {beside['p50_microseconds']:,.0f} µs, p99 "
        f"{beside['p99_microseconds']:,.0f} µs."])


if __name__ == "__main__":
    main()
