#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what status lists weigh, what it costs to build them, and whether that is felt; see README.md.

Bits are written into the store behind the server's back, as another server would write them. Started by Benchmarks/status.
"""

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from measuring import report
from measuring.answer import PATH
from measuring.lanyard import Lanyard
from measuring.load import latency
from measuring.machine import describe_machine
from measuring.options import positive
from measuring.process import DEADLINE_SECONDS, Failure, Process, cpu_nanoseconds

ENTRIES = 1 << 20
COUNTS = [0, 100, 1_000, 10_000]
# How often the server looks for what was ended.
LOOK_SECONDS = 1.0


def main() -> None:
    options = parse_options()
    # Ends by way of all `with`, which stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="lanyard-benchmark-") as name:
        try:
            results = run(options, Path(name))
        except (Failure, OSError, sqlite3.Error, subprocess.TimeoutExpired) as failure:
            sys.exit(f"{Path(sys.argv[0]).name}: {failure}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures what status lists weigh and cost.")
    parser.add_argument("--binary", type=Path, required=True, help="the program lanyard, built for release")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds; the median counts (5)")
    parser.add_argument("--seconds", type=positive, default=5, help="length of each measurement (5)")
    parser.add_argument("--quick", action="store_true", help="one short round of few bits, to see that it runs")
    options = parser.parse_args()
    options.binary = options.binary.absolute()
    options.counts = COUNTS
    if options.quick:
        options.rounds, options.seconds, options.counts = 1, 3, COUNTS[:2]
    return options


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    results: dict[str, Any] = {"machine": describe_machine(), "lists": []}
    lanyard = Lanyard(options.binary, folder / "lanyard")
    with lanyard.start_and_wait() as server:
        fetch(lanyard.port, "identity")  # It listens before it has made its store.
        store = Store(folder / "lanyard" / "data" / "lanyard.sqlite3")
        for count in options.counts:
            if store.count < count:
                store.revoke(count - store.count)
            results["lists"].append(measure(server, lanyard.port, store, count, options))
        results["key_set"] = beside(server, lanyard.port, store, options)
    print(text(results, options))
    return results


class Store:
    """The store of a server, into which it is written as another server would write."""

    def __init__(self, path: Path):
        self._path = path
        self._random = random.Random(1)
        self._indices: set[int] = set()

    @property
    def count(self) -> int:
        return len(self._indices)

    def revoke(self, count: int) -> None:
        """Sets so many more bits, and raises the version once."""
        fresh: set[int] = set()
        while len(fresh) < count:
            index = self._random.randrange(ENTRIES)
            if index not in self._indices:
                fresh.add(index)
        self._indices |= fresh
        until = int((time.time() + 3_600) * 1_000)
        connection = sqlite3.connect(self._path, timeout=DEADLINE_SECONDS)
        with connection:
            connection.executemany("INSERT INTO status_bit (list, idx, until) VALUES (1, ?, ?)",
                                   [(index, until) for index in fresh])
            connection.execute("UPDATE meta SET status_version = status_version + 1, epoch = epoch + 1")
        connection.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Sets another bit a bit more often than the server looks, so that each look finds something."""
        stop = threading.Event()
        failures: list[Exception] = []

        def change() -> None:
            try:
                while not stop.wait(LOOK_SECONDS / 2):
                    self.revoke(1)
            except sqlite3.Error as error:
                failures.append(error)

        thread = threading.Thread(target=change)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(DEADLINE_SECONDS)
        if failures:
            raise failures[0]


def fetch(port: int, coding: str) -> int:
    """The bytes of the list as it is served."""
    connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
    connection.request("GET", "/status/1", headers={"Accept-Encoding": coding})
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    if answer.status != 200:
        raise Failure(f"the list is answered {answer.status}")
    return size


def measure(server: Process, port: int, store: Store, count: int, options: argparse.Namespace) -> dict[str, Any]:
    """What a list of so many bits weighs, and the CPU time from a change to the new list."""
    if count > 0:
        # What was written must have been read.
        time.sleep(2 * LOOK_SECONDS)
    sizes = {coding: fetch(port, coding) for coding in ("identity", "gzip")}
    builds = []
    for _ in range(options.rounds):
        idle = cpu_for(server, options.seconds)
        before = cpu_nanoseconds(server.ids())
        start = time.monotonic()
        with store.changing():
            time.sleep(options.seconds)
        # Each look of that time has built.
        elapsed = time.monotonic() - start
        spent = cpu_nanoseconds(server.ids()) - before - idle * elapsed / options.seconds
        builds.append(max(0.0, spent / 1e6 / (elapsed / LOOK_SECONDS)))
    server.check()
    return {"revoked": count, "identity_bytes": sizes["identity"], "gzip_bytes": sizes["gzip"],
            "build_cpu_milliseconds": median(builds), "rounds": builds}


def cpu_for(server: Process, seconds: int) -> float:
    before = cpu_nanoseconds(server.ids())
    time.sleep(seconds)
    return cpu_nanoseconds(server.ids()) - before


def beside(server: Process, port: int, store: Store, options: argparse.Namespace) -> dict[str, Any]:
    """How long the key set takes while a list is built each second, and while none is, in turn."""
    rounds: dict[str, list[dict[str, float]]] = {"still": [], "building": []}
    for index in range(options.rounds):
        for kind in ["still", "building"] if index % 2 == 0 else ["building", "still"]:
            if kind == "building":
                with store.changing():
                    rounds[kind].append(key_set(port, options.seconds))
            else:
                time.sleep(2 * LOOK_SECONDS)
                rounds[kind].append(key_set(port, options.seconds))
    server.check()
    medians = {kind: {name: median(each[name] for each in measured) for name in measured[0]}
               for kind, measured in rounds.items()}
    return {"rounds": rounds, "medians": medians,
            "p99_ratio": medians["building"]["p99_microseconds"] / medians["still"]["p99_microseconds"]}


def key_set(port: int, seconds: int) -> dict[str, float]:
    command = ["wrk", "--latency", "-t", "1", "-c", "8", "-d", f"{seconds}s", f"http://127.0.0.1:{port}{PATH}"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         timeout=seconds + DEADLINE_SECONDS)
    if run.returncode != 0 or "Non-2xx" in run.stdout:
        raise Failure(f"wrk says {run.stdout}{run.stderr}")
    return {"p50_microseconds": latency("50", run.stdout), "p99_microseconds": latency("99", run.stdout)}


def text(results: dict[str, Any], options: argparse.Namespace) -> str:
    machine, key_set_times = results["machine"], results["key_set"]
    rows = [[f"{each['revoked']:,}", f"{each['identity_bytes']:,}", f"{each['gzip_bytes']:,}",
             f"{each['build_cpu_milliseconds']:.1f}"] for each in results["lists"]]
    medians = key_set_times["medians"]
    return "\n".join([
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Linux {machine['kernel']}",
        f"Medians of {options.rounds} rounds of {options.seconds} s; load before {machine['load_before']:.1f}.", "",
        report.table([f"revoked of {ENTRIES:,}", "bytes", "bytes, gzip", "CPU ms to build"], rows), "",
        f"The key set: p99 {medians['still']['p99_microseconds']:,.0f} µs, and "
        f"{medians['building']['p99_microseconds']:,.0f} µs while a list of {rows[-1][0]} is built each second: "
        f"{key_set_times['p99_ratio']:.2f} × as long."])


if __name__ == "__main__":
    main()
