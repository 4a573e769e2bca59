#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of a built test bundle in shards, which are processes of their own, several at once.

    Scripts/shards.py --reports FOLDER [--jobs COUNT] [--filter REGEX]... [--skip REGEX]... [--others]
                      BUNDLE

Swift Testing has one thread per core, and a test that waits for a socket or a process blocks one of them. With two
cores, two such tests stop every other test in their process. So each shard runs its tests one after the other, and
several shards run at once. That also makes the measured times true: Swift Testing announces all tests of a parallel
run at its beginning, and a test of a serial run when it starts.

Shards are made from the tests that the bundle lists, so no test can be forgotten: each module is a shard, and so is
each suite of the end-to-end tests. What Tests/step-times.txt records as long is split further and starts first. A test
that is listed and does not run to its end, or runs twice, counts as failed.

FOLDER receives `NAME.log` and `NAME.jsonl` (Swift Testing's event stream) for each shard; `tests.tsv`, the seconds
that each test took; and `result`, the numbers of tests passed, failed and skipped.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

TIMES = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "step-times.txt"
END_TO_END = "EndToEndTests."
# A module or suite that takes longer than this many seconds becomes several shards.
LONGEST_SHARD = 15
# How many shards that keep a core busy run at once; end-to-end tests mostly wait.
BUSY_JOBS = os.cpu_count() or 2
# How much of what a server wrote is printed when its test fails.
SERVER_LINES = 60


@dataclasses.dataclass
class Shard:
    """Tests that run in one process, and what became of them."""

    name: str
    tests: list[str]
    expected_seconds: float = 0.0
    process: subprocess.Popen | None = None
    began: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    is_late: bool = False
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    runs: dict[str, int] = dataclasses.field(default_factory=dict)
    failed: set[str] = dataclasses.field(default_factory=set)
    skipped: set[str] = dataclasses.field(default_factory=set)
    troubles: list[str] = dataclasses.field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        return not self.tests[0].startswith(END_TO_END)

    @property
    def file_name(self) -> str:
        return re.sub(r"[^A-Za-z0-9.]+", "-", self.name).strip("-.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reports", required=True, type=pathlib.Path, help="a folder for what the shards write")
    parser.add_argument("--jobs", type=int, default=3 * BUSY_JOBS, help="how many shards run at once")
    parser.add_argument("--timeout", type=float, default=300, help="seconds after which a shard is killed")
    parser.add_argument("--filter", action="append", default=[], help="run only tests whose id matches one of these")
    parser.add_argument("--skip", action="append", default=[], help="run no test whose id matches one of these")
    parser.add_argument("--others", action="store_true", help="run those tests that the filters do not choose")
    parser.add_argument("bundle")
    return parser.parse_args()


def listed_tests(options: argparse.Namespace) -> list[str]:
    """Returns the ids of all tests in the bundle."""
    # The list leaves filters out of account, so they are applied here.
    output = subprocess.run(
        [options.bundle, "--testing-library", "swift-testing", "--list-tests"],
        stdout=subprocess.PIPE, text=True, timeout=120, check=False)
    if output.returncode != 0:
        sys.exit(f"shards.py: {options.bundle} does not list its tests: exit code {output.returncode}")
    return [line for line in output.stdout.splitlines() if line]


def is_chosen(test: str, options: argparse.Namespace) -> bool:
    """Whether the filters choose a test."""
    return options.others != (
        (not options.filter or any(re.search(pattern, test) for pattern in options.filter))
        and not any(re.search(pattern, test) for pattern in options.skip))


def recorded_seconds() -> dict[str, float]:
    """Reads what modules and suites took when the figures were recorded."""
    seconds = {}
    for line in TIMES.read_text(encoding="utf-8").splitlines() if TIMES.exists() else []:
        match = re.match(r"suite ([0-9.]+) (.*)", line)
        if match:
            seconds[match[2]] = float(match[1])
    return seconds


def suite(test: str) -> str:
    return test.split("/", 1)[0]


def shards(tests: list[str]) -> list[Shard]:
    """Divides tests into shards; each test is in exactly one."""
    seconds = recorded_seconds()

    def grouped(tests: list[str], key) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for test in tests:
            groups.setdefault(key(test), []).append(test)
        return groups

    made: list[Shard] = []
    for module, members in grouped(tests, lambda test: test.split(".", 1)[0]).items():
        suites = grouped(members, suite)
        known = {name: seconds.get(name, 0.5) for name in suites}
        if members[0].startswith(END_TO_END):
            for name, own in suites.items():
                if known[name] > LONGEST_SHARD and len(own) > 1:
                    # Each test of a long suite by itself; nobody knows how long each takes.
                    made += [Shard(test, [test], known[name] / len(own)) for test in own]
                else:
                    made.append(Shard(name, own, known[name]))
            continue
        # The suites of a module, the longest first, into as many shards as keep each short.
        count = min(len(suites), 1 + int(sum(known.values()) / LONGEST_SHARD))
        parts = [Shard(module if count == 1 else f"{module} {index + 1}", []) for index in range(count)]
        for name in sorted(suites, key=lambda name: -known[name]):
            part = min(parts, key=lambda part: part.expected_seconds)
            part.tests += suites[name]
            part.expected_seconds += known[name]
        made += [part for part in parts if part.tests]
    return sorted(made, key=lambda shard: -shard.expected_seconds)


def pattern(shard: Shard, listed: list[str]) -> str:
    """Returns a regular expression for the tests of a shard.

    Swift Testing matches it against ids that end with `/File.swift:line:column`.
    """
    own = set(shard.tests)
    names: set[str] = set()
    for name in {suite(test) for test in own}:
        members = [test for test in listed if suite(test) == name]
        # Short, and readable in a list of processes: a suite by its name, if the shard has all of it.
        names |= {name} if own.issuperset(members) else own.intersection(members)
    return "^(" + "|".join(rf"\Q{name}\E" for name in sorted(names)) + ")(/|$)"


def start(shard: Shard, listed: list[str], options: argparse.Namespace) -> None:
    stem = options.reports / shard.file_name
    events = stem.with_name(stem.name + ".jsonl")
    events.unlink(missing_ok=True)
    shutil.rmtree(f"{stem}.servers", ignore_errors=True)
    os.makedirs(f"{stem}.servers")
    with open(f"{stem}.log", "wb") as log:
        shard.began = time.monotonic()
        # A session of its own, so that whatever it starts can be ended with it.
        shard.process = subprocess.Popen(
            [options.bundle, "--testing-library", "swift-testing", "--no-parallel",
             "--filter", pattern(shard, listed), "--event-stream-output-path", events],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            env=os.environ | {"LANYARD_TEST_SERVER_LOGS": f"{stem}.servers"})


def kill(shard: Shard) -> None:
    try:
        os.killpg(shard.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def finish(shard: Shard, status: int, usage: resource.struct_rusage, options: argparse.Namespace) -> None:
    """Reads what a shard reported, and notes what is wrong with it."""
    shard.wall = time.monotonic() - shard.began
    shard.cpu = usage.ru_utime + usage.ru_stime
    shard.process.returncode = os.waitstatus_to_exitcode(status)
    # The servers of a test process that crashed would outlive it.
    kill(shard)
    running = read_events(shard, options.reports / f"{shard.file_name}.jsonl")
    for test in shard.tests:
        if test not in shard.runs and test not in shard.skipped:
            shard.troubles.append(f"{'did not end' if test in running else 'did not run'}: {test}")
    for test, count in shard.runs.items():
        if test not in shard.tests:
            shard.troubles.append(f"ran in the wrong shard: {test}")
        elif count > 1:
            shard.troubles.append(f"ran {count} times: {test}")
    if shard.is_late:
        shard.troubles.append(f"was killed after {options.timeout:.0f} s")
    elif shard.process.returncode != 0 and not shard.failed:
        shard.troubles.append(f"ended with {shard.process.returncode}, and reported no failed test")


def read_events(shard: Shard, path: pathlib.Path) -> set[str]:
    """Reads an event stream, and returns the tests that began and did not end."""
    functions: dict[str, str] = {}
    began: dict[str, float] = {}
    skipped: set[str] = set()
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []:
        try:
            record = json.loads(line)
        except ValueError:
            continue  # The last line of a process that was killed.
        payload = record["payload"]
        if record["kind"] == "test":
            if payload["kind"] == "function":
                functions[payload["id"]] = without_location(payload["id"])
            continue
        if payload["kind"] == "testSkipped":
            skipped.add(payload["testID"])
        test = functions.get(payload.get("testID", ""))
        if test is None:
            continue
        at = payload["instant"]["absolute"]
        if payload["kind"] == "testStarted":
            began[test] = at
        elif payload["kind"] == "testEnded":
            shard.runs[test] = shard.runs.get(test, 0) + 1
            shard.seconds[test] = at - began.get(test, at)
            if any(message["symbol"] == "fail" for message in payload["messages"]):
                shard.failed.add(test)
    for identifier, test in functions.items():
        if any(identifier == other or identifier.startswith(other + "/") for other in skipped):
            shard.skipped.add(test)
    return {test for test in began if test not in shard.runs}


def without_location(identifier: str) -> str:
    """Returns the id of a test as `--list-tests` has it, without `/File.swift:line:column`."""
    return re.sub(r"/[^/]+\.swift:\d+:\d+$", "", identifier)


def run(waiting: list[Shard], listed: list[str], options: argparse.Namespace) -> None:
    """Runs all shards, in the order given as far as there is room."""
    running: list[Shard] = []
    try:
        while waiting or running:
            for shard in list(waiting):
                is_blocked = shard.is_busy and sum(other.is_busy for other in running) >= BUSY_JOBS
                if len(running) < options.jobs and not is_blocked:
                    waiting.remove(shard)
                    start(shard, listed, options)
                    running.append(shard)
            time.sleep(0.05)
            for shard in list(running):
                done, status, usage = os.wait4(shard.process.pid, os.WNOHANG)
                if done:
                    running.remove(shard)
                    finish(shard, status, usage, options)
                    report(shard, options)
                elif time.monotonic() - shard.began > options.timeout and not shard.is_late:
                    shard.is_late = True
                    kill(shard)
    finally:
        for shard in running:
            kill(shard)


def report(shard: Shard, options: argparse.Namespace) -> None:
    """Prints how a shard went, and everything there is to know about one that failed."""
    is_bad = shard.failed or shard.troubles
    print(f"{'FAILED' if is_bad else 'ok':6} {shard.wall:6.1f} s {shard.cpu:6.1f} s CPU {len(shard.runs):4} tests  "
          f"{shard.name}", flush=True)
    stem = options.reports / shard.file_name
    if not is_bad:
        shutil.rmtree(f"{stem}.servers")
        return
    for line in pathlib.Path(f"{stem}.log").read_text(encoding="utf-8", errors="replace").splitlines():
        plain = re.sub(r"\x1b\[[0-9;]*m", "", line)
        # Not what started, and not what passed.
        if plain[:1] not in "◇✔":
            print(f"    {plain}")
    for log in sorted(pathlib.Path(f"{stem}.servers").glob("*.log"), key=lambda log: int(log.stem)):
        # The first line names the test, or the suite, that the server ran for.
        owner, *lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        owner = without_location(owner)
        if any(test == owner or test.startswith(owner + "/") for test in shard.failed) or not shard.failed:
            print(f"    what a server wrote for {owner}, the last of {len(lines)} lines:")
            for line in lines[-SERVER_LINES:]:
                print(f"        {line}")
    for trouble in shard.troubles:
        print(f"FAILED: {shard.name}: {trouble}")
    sys.stdout.flush()


def main() -> int:
    options = arguments()
    options.reports.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    listed = listed_tests(options)
    chosen = [test for test in listed if is_chosen(test, options)]
    made = shards(chosen)
    run(list(made), listed, options)

    failed = {test for shard in made for test in shard.failed}
    ran = [test for shard in made for test, count in shard.runs.items() for _ in range(count)]
    skipped = {test for shard in made for test in shard.skipped}
    troubles = sum(len(shard.troubles) for shard in made)
    if len(ran) + len(skipped) != len(chosen) and not troubles:
        print(f"FAILED: {len(chosen)} tests are listed, but {len(ran)} ran and {len(skipped)} were skipped")
        troubles += 1
    if not ran:
        print("FAILED: no test ran")
        troubles += 1
    print(f"{len(chosen)} tests listed, {len(ran)} ran, {len(skipped)} skipped, in {len(made)} shards")
    with open(options.reports / "tests.tsv", "w", encoding="utf-8") as table:
        for shard in made:
            table.writelines(f"{seconds:.3f}\t{test}\n" for test, seconds in shard.seconds.items())
    passed = len(set(ran) - failed)
    (options.reports / "result").write_text(f"{passed} {len(failed) + troubles} {len(skipped)}\n", encoding="utf-8")
    return 1 if failed or troubles else 0


if __name__ == "__main__":
    sys.exit(main())
