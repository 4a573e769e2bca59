#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how fast Lanyard signs and checks tokens beside openssl on this machine; see README.md.

Started by Benchmarks/signing.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from measuring import report
from measuring.machine import describe_machine
from measuring.options import positive
from measuring.process import DEADLINE_SECONDS, Failure

# What `openssl speed` calls each algorithm, and how its line of results begins.
ALGORITHMS = {
    "RS256": ("rsa2048", "+F2:"), "PS256": ("rsa2048", "+F2:"), "ES256": ("ecdsap256", "+F4:"), "EdDSA": ("ed25519", "+F6:"),
}
KINDS = {"signed": "a token made", "verified": "a token checked"}


def main() -> None:
    options = parse_options()
    # Ends by way of what waits for a program, which ends that one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        results = run(options)
    except (Failure, subprocess.TimeoutExpired) as failure:
        sys.exit(f"{Path(sys.argv[0]).name}: {failure}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures how fast Lanyard signs and checks tokens beside openssl.")
    parser.add_argument("--binary", type=Path, required=True, help="the program signing-rate, built for release")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--only", type=algorithms, default=list(ALGORITHMS),
                        help="measure these algorithms: " + ",".join(ALGORITHMS))
    parser.add_argument("--threads", type=positive, default=os.cpu_count() or 1, help="threads at once (all cores)")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds; the median counts (5)")
    parser.add_argument("--seconds", type=positive, default=3, help="length of each measurement (3)")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it runs")
    options = parser.parse_args()
    options.binary = options.binary.absolute()
    if options.quick:
        options.rounds, options.seconds = 1, 1
    return options


def algorithms(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in ALGORITHMS:
            raise argparse.ArgumentTypeError(f"there is no algorithm {name}")
    return names


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measures every algorithm, and tells it one by one."""
    results: dict[str, Any] = {
        "machine": describe_machine(),
        "settings": {"rounds": options.rounds, "seconds": options.seconds, "threads": options.threads},
        "algorithms": {},
    }
    print(machine_text(results), flush=True)
    for name in options.only:
        results["algorithms"][name] = measure(name, options)
        print("\n" + algorithm_text(name, results["algorithms"][name]), flush=True)
    return results


def measure(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Lets both take turns, each round beginning with the other one, and compares the medians."""
    subjects = {"lanyard": measure_lanyard, "openssl": measure_openssl}
    rounds: dict[str, list[dict[str, Any]]] = {subject: [] for subject in subjects}
    for number in range(options.rounds):
        for subject in list(subjects) if number % 2 == 0 else reversed(list(subjects)):
            rounds[subject].append(subjects[subject](name, options))
    medians = {subject: {kind: median(each[kind]["per_cpu_second"] for each in list_) for kind in KINDS}
               for subject, list_ in rounds.items()}
    ratios = {kind: medians["lanyard"][kind] / medians["openssl"][kind] for kind in KINDS}
    return {"token_bytes": rounds["lanyard"][0]["token_bytes"], "medians": medians, "ratios": ratios, "rounds": rounds}


def measure_lanyard(name: str, options: argparse.Namespace) -> dict[str, Any]:
    [output] = outputs_of(1, [str(options.binary), name, str(options.threads), str(1_000 * options.seconds)], options)
    return json.loads(output)


def measure_openssl(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """What `openssl speed` counts for each second of CPU time, summed over as many processes as Lanyard has threads.

    Its own option for that, `-multi`, counts by the clock on the wall.
    """
    operation, mark = ALGORITHMS[name]
    rates = {"signed": 0.0, "verified": 0.0}
    command = ["openssl", "speed", "-mr", "-seconds", str(options.seconds), operation]
    for output in outputs_of(options.threads, command, options):
        line = next((line for line in output.splitlines() if line.startswith(mark)), None)
        if line is None:
            raise Failure(f"{' '.join(command)} gives no line {mark}…")
        signed, verified = line.split(":")[-2:]
        rates["signed"] += float(signed)
        rates["verified"] += float(verified)
    return {kind: {"per_cpu_second": rate} for kind, rate in rates.items()}


def outputs_of(count: int, command: list[str], options: argparse.Namespace) -> list[str]:
    """Runs a command as many times at once, and returns what each wrote."""
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        processes = []
        for _ in range(count):
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
            stack.enter_context(process)
            # Called before the wait of the process itself: nothing outlives this, whatever happens.
            stack.callback(process.kill)
            processes.append(process)
        outputs = []
        for process in processes:
            output, errors = process.communicate(timeout=2 * options.seconds + DEADLINE_SECONDS)
            if process.returncode != 0:
                raise Failure(f"{Path(command[0]).name} ended with {process.returncode}: {errors.strip()}")
            outputs.append(output)
        return outputs


def machine_text(results: dict[str, Any]) -> str:
    machine, settings = results["machine"], results["settings"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Linux {machine['kernel']}",
        f"OpenSSL {machine['openssl']}; {settings['threads']} threads, medians of {settings['rounds']} rounds of "
        f"{settings['seconds']} s.",
    ]
    if machine["load_before"] > 0.3 * machine["cores"]:
        lines.append(f"WARNING: the machine was busy before (load {machine['load_before']:.1f}): believe ratios only.")
    return "\n".join(lines)


def algorithm_text(name: str, measured: dict[str, Any]) -> str:
    medians, ratios = measured["medians"], measured["ratios"]
    rows = [[what, f"{medians['lanyard'][kind]:,.0f}", f"{medians['openssl'][kind]:,.0f}", f"{ratios[kind]:.3f}",
             f"{spread(measured['rounds']['lanyard'], kind):.0%}", f"{spread(measured['rounds']['openssl'], kind):.0%}"]
            for kind, what in KINDS.items()]
    head = [f"{name}, {measured['token_bytes']} bytes", "tokens per CPU second", f"openssl speed {ALGORITHMS[name][0]}",
            "ratio", "spread", "spread of openssl"]
    return report.table(head, rows)


def spread(rounds: list[dict[str, Any]], kind: str) -> float:
    """The distance of the best round from the worst, as a part of the median."""
    rates = [each[kind]["per_cpu_second"] for each in rounds]
    return (max(rates) - min(rates)) / median(rates)


if __name__ == "__main__":
    main()
