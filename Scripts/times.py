#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the steps of Scripts/test took, and which became slow: Scripts/times.py FOLDER [--compare]

FOLDER holds `steps.tsv` (wall and CPU seconds, name) and the `tests.tsv` of each run of Scripts/shards.py. With
--compare, it warns of each step that takes half as long again as Tests/step-times.txt says, by the wall or the CPU.
On a busy machine the wall time says little. FOLDER receives a new `step-times.txt`, to be copied there when the new
figures are right.
"""
import pathlib
import re
import sys

RECORDED = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "step-times.txt"
# What grows by less than this many seconds is noise.
SMALLEST_GROWTH = 5
GROWTH = 1.5
# Suites that take less are not recorded.
SHORTEST_SUITE = 2
SLOWEST_COUNT = 10


def recorded() -> tuple[dict[str, tuple[float, float]], str]:
    """Reads the recorded steps, and the comment above them."""
    steps, comment = {}, ""
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment += line + "\n"
        elif match := re.fullmatch(r"step ([0-9.]+) ([0-9.]+) (.+)", line):
            steps[match[3]] = float(match[1]), float(match[2])
    return steps, comment


def has_grown(seconds: float, before: float) -> bool:
    return seconds > before * GROWTH and seconds > before + SMALLEST_GROWTH


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    known_steps, comment = recorded()
    steps = []
    for line in (folder / "steps.tsv").read_text(encoding="utf-8").splitlines():
        wall, cpu, name = line.split("\t")
        steps.append((name, float(wall), float(cpu)))
    tests = []
    suites: dict[str, float] = {}
    for table in folder.glob("*/tests.tsv"):
        for line in table.read_text(encoding="utf-8").splitlines():
            seconds, test = line.split("\t")
            tests.append((float(seconds), test))
            if table.parent.name == "tests":
                suite = test.split("/", 1)[0]
                suites[suite] = suites.get(suite, 0) + float(seconds)

    print(f"{'step':44} {'wall':>7} {'CPU':>7}   recorded")
    for name, wall, cpu in steps:
        before = known_steps.get(name)
        print(f"{name:44} {wall:5.0f} s {cpu:5.0f} s" + (f"   {before[0]:.0f} s, {before[1]:.0f} s" if before else ""))
    print("The slowest tests, each measured from its own start:")
    for seconds, test in sorted(tests, reverse=True)[:SLOWEST_COUNT]:
        print(f"{seconds:7.1f} s  {test}")

    if "--compare" in sys.argv[2:]:
        for name, wall, cpu in steps:
            for kind, seconds, before in zip(("wall", "CPU"), (wall, cpu), known_steps.get(name, ())):
                if has_grown(seconds, before):
                    print(f"WARNING: {name!r} has grown to {seconds:.0f} s of {kind} time, from {before:.0f} s")
    with open(folder / "step-times.txt", "w", encoding="utf-8") as new:
        new.write(comment)
        new.writelines(f"step {wall:.0f} {cpu:.0f} {name}\n" for name, wall, cpu in steps)
        new.writelines(
            f"suite {seconds:.0f} {suite}\n"
            for suite, seconds in sorted(suites.items(), key=lambda entry: -entry[1]) if seconds >= SHORTEST_SUITE)


if __name__ == "__main__":
    main()
