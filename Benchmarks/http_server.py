#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Lanyard's HTTP server beside nginx on this machine; see README.md. Started by Benchmarks/http."""

import argparse
import json
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from measuring import lanyard, nginx, report
from measuring.bench import Bench, check_answers, set_up, start_servers
from measuring.idle import measure_idle
from measuring.limits import raise_descriptor_limit
from measuring.load import CASES, Case, Server, measure, summary
from measuring.machine import describe
from measuring.options import positive
from measuring.process import Failure, Process, memory_bytes
from measuring.starts import time_of_start

OTHER_PARTS = ["idle", "start"]
PARTS = [case.name for case in CASES] + OTHER_PARTS
QUICK_PARTS = ["close", "pipelined", "tls-close", *OTHER_PARTS]


def main() -> None:
    options = parse_options()
    # Ends by way of all `with`, which stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Debian keeps nginx where the path of a user does not lead.
    os.environ["PATH"] += ":/usr/sbin"
    raise_descriptor_limit(options.connections + 1_024)
    with tempfile.TemporaryDirectory(prefix="lanyard-benchmark-") as name:
        try:
            results = run(set_up(options, Path(name)))
        except Failure as failure:
            sys.exit(f"{Path(sys.argv[0]).name}: {failure}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures Lanyard's HTTP server beside nginx on this machine.")
    parser.add_argument("--binary", type=Path, required=True, help="the program lanyard, built for release")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--only", type=parts, default=None, help="measure these parts: " + ",".join(PARTS))
    parser.add_argument("--rounds", type=positive, default=5, help="rounds of load; the median counts (5)")
    parser.add_argument("--seconds", type=positive, default=3, help="length of a round (3)")
    parser.add_argument("--connections", type=positive, default=10_000, help="idle connections (10000)")
    parser.add_argument("--starts", type=positive, default=20, help="starts of each server (20)")
    parser.add_argument("--without-tls", action="store_true", help="leave out what needs TLS")
    parser.add_argument("--quick", action="store_true",
                        help="a few seconds of everything, to see that it runs; the figures say nothing")
    options = parser.parse_args()
    options.binary = options.binary.absolute()
    if options.quick:
        options.rounds, options.seconds, options.connections, options.starts = 1, 1, 200, 2
    options.only = options.only or (QUICK_PARTS if options.quick else PARTS)
    return options


def parts(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"there is no part {name}")
    return names


def run(bench: Bench) -> dict[str, Any]:
    """Measures everything that was asked for, and tells it part by part."""
    options = bench.options
    results: dict[str, Any] = {
        "machine": describe(options.binary),
        "settings": {"rounds": options.rounds, "seconds": options.seconds, "connections": options.connections,
                     "starts": options.starts},
    }
    cases = [case for case in CASES if case.name in options.only and case.is_tls in bench.kinds()]
    with ExitStack() as stack:
        servers = start_servers(bench, stack)
        results["answer_bytes"] = check_answers(bench, servers)
        results["tls"] = bench.encryption
        print(report.machine_text(results), flush=True)
        results["cases"] = []
        for case in cases:
            results["cases"].append(measure_case(case, servers[case.is_tls], options))
            print("\n" + report.case_text(results["cases"][-1]), flush=True)
        results["memory"] = memory_of(servers) if cases else {}
    if cases:
        print("\n" + report.ratios_text(results["cases"]), flush=True)
        print("\n" + report.memory_text(results["memory"]), flush=True)
    if "idle" in options.only:
        results["idle"] = [each for is_tls in bench.kinds() for each in measure_idle_memory(bench, is_tls)]
        print("\n" + report.idle_text(results["idle"]), flush=True)
    if "start" in options.only:
        results["start"] = measure_starts(bench)
        print("\n" + report.start_text(results["start"]), flush=True)
    return results


def measure_case(case: Case, servers: list[Server], options: argparse.Namespace) -> dict[str, Any]:
    rounds = measure(case, servers, options.rounds, options.seconds, has_warm_up=not options.quick)
    summaries = {name: summary(each) for name, each in rounds.items()}
    same_work = [variant.name for variant in nginx.VARIANTS if variant.has_request_id and variant.name in summaries]
    others = [name for name in summaries if name not in [*same_work, lanyard.NAME]]
    ratios = {"the best nginx": ratio(summaries, same_work)}
    for name in others:
        ratios[name] = ratio(summaries, [name])
    return {
        "name": case.name, "description": case.description, "servers": summaries, "ratios": ratios,
        "rounds": {name: [asdict(each) for each in list_] for name, list_ in rounds.items()},
    }


def ratio(summaries: dict[str, dict[str, float]], others: list[str]) -> dict[str, float]:
    """How Lanyard compares with the best of others in each figure; above 1 is better."""
    own = summaries[lanyard.NAME]
    return {
        "requests_per_second":
            own["requests_per_second"] / max(summaries[name]["requests_per_second"] for name in others),
        "cpu": min(summaries[name]["cpu_microseconds"] for name in others) / own["cpu_microseconds"],
    }


def memory_of(servers: dict[bool, list[Server]]) -> dict[str, dict[str, int]]:
    """The memory of each process under load; nginx is one for all its variants."""
    memory = {}
    for is_tls, group in servers.items():
        for server in group:
            name = f"{server.name}{' (TLS)' if is_tls else ''}" if server.name == lanyard.NAME else "nginx"
            memory[name] = memory_bytes(server.process.ids())
    return memory


def measure_idle_memory(bench: Bench, is_tls: bool) -> list[dict[str, Any]]:
    """Measures fresh processes, because one that was under load has memory to spare."""
    nginx_port = (bench.nginx.tls_ports if is_tls else bench.nginx.plain_ports)[nginx.MEMORY]
    subjects = [(lanyard.NAME, bench.lanyards[is_tls].start_and_wait, bench.lanyards[is_tls].port),
                ("nginx", bench.nginx.start_and_wait, nginx_port)]
    found = []
    for name, start, port in subjects:
        with start() as process:
            memory = measure_idle(process, port, bench.options.connections, is_tls)
        found.append({"server": name, "kind": "TLS" if is_tls else "plain"} | asdict(memory)
                     | {"bytes_per_connection": memory.bytes_per_connection})
    return found


def measure_starts(bench: Bench) -> dict[str, dict[str, Any]]:
    """Starts both in turn, each with what it has from the time before."""
    def start_lanyard() -> Process:
        return bench.lanyards[False].start(dies_with_us=False)

    def start_nginx() -> Process:
        return bench.nginx_to_start.start(dies_with_us=False)

    subjects = [(lanyard.NAME, start_lanyard, bench.lanyards[False].port),
                ("nginx", start_nginx, bench.nginx_to_start.plain_ports[nginx.FILE])]
    times: dict[str, list[float]] = {name: [] for name, _, _ in subjects}
    for _ in range(bench.options.starts):
        for name, start, port in subjects:
            times[name].append(time_of_start(start, port))
    return {name: {"median": median(each), "shortest": min(each), "longest": max(each), "milliseconds": each}
            for name, each in times.items()}


if __name__ == "__main__":
    main()
