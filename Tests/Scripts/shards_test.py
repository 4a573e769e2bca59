# SPDX-License-Identifier: Apache-2.0
"""Scripts/shards.py runs every test once, and notices tests that fail, crash, hang or do not run."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SHARDS = pathlib.Path(__file__).resolve().parents[2] / "Scripts" / "shards.py"

# A test bundle that lists the tests of the variable TESTS, and runs those that the filter chooses. What a test does
# comes after the colon: it passes, fails, is skipped, crashes, hangs, is left out, or runs twice.
BUNDLE = r"""#!{python}
import json, os, re, sys, time
arguments = sys.argv[1:]
tests = dict(entry.split(":") for entry in os.environ["TESTS"].split(","))
if "--list-tests" in arguments:
    print("\n".join(tests))
    sys.exit(0)
chosen = re.compile(re.sub(r"\\Q(.*?)\\E", lambda match: re.escape(match[1]),
                           arguments[arguments.index("--filter") + 1]))
assert "--no-parallel" in arguments
events = open(arguments[arguments.index("--event-stream-output-path") + 1], "w", buffering=1)

def write(record, **payload):
    events.write(json.dumps({{"kind": record, "payload": payload}}) + "\n")

def event(kind, test, symbol="default"):
    write("event", kind=kind, testID=test, instant={{"absolute": time.monotonic()}}, messages=[{{"symbol": symbol}}])

code = 0
chosen = {{test + "/File.swift:1:2": what for test, what in tests.items() if chosen.search(test + "/File.swift:1:2")}}
for test in chosen:
    write("test", kind="function", id=test)
for test, what in chosen.items():
    if what == "leave":
        continue
    if what == "skip":
        event("testSkipped", test)
        continue
    event("testStarted", test)
    if what == "crash":
        os.abort()
    if what == "hang":
        time.sleep(60)
    if what == "fail":
        code = 1
        print("the reason")
        with open(os.environ["LANYARD_TEST_SERVER_LOGS"] + "/1.log", "w") as log:
            log.write(test + "\nthe last words of the server\n")
    for _ in range(2 if what == "twice" else 1):
        event("testEnded", test, "fail" if what == "fail" else "pass")
sys.exit(code)
"""


class Shards(unittest.TestCase):
    def run_shards(self, tests: str, *options: str) -> tuple[int, str, str, list[str]]:
        """Returns the exit code, the output, the counts, and the tests in the table of times."""
        with tempfile.TemporaryDirectory() as folder:
            bundle = pathlib.Path(folder, "bundle")
            bundle.write_text(BUNDLE.format(python=sys.executable), encoding="utf-8")
            bundle.chmod(0o700)
            output = subprocess.run(
                [sys.executable, "-B", SHARDS, "--reports", f"{folder}/reports", "--timeout", "2", *options, bundle],
                env=os.environ | {"TESTS": tests}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                check=False)
            result = pathlib.Path(folder, "reports", "result").read_text(encoding="utf-8").strip()
            table = pathlib.Path(folder, "reports", "tests.tsv").read_text(encoding="utf-8")
            return output.returncode, output.stdout, result, sorted(line.split("\t")[1] for line in table.splitlines())

    def test_run_every_test_once(self):
        code, output, result, tests = self.run_shards(
            "A.one/x():pass,A.one/y():pass,B.two/x():pass,EndToEndTests.`a b`/x():pass,EndToEndTests.`a b c`/x():skip,"
            "EndToEndTests.alone():pass")
        self.assertEqual((code, result), (0, "5 0 1"), output)
        self.assertEqual(len(tests), 5)
        self.assertIn("6 tests listed, 5 ran, 1 skipped, in 5 shards", output)

    def test_run_only_what_is_chosen(self):
        _, _, result, tests = self.run_shards(
            "A.one/x():pass,A.one/y():fail,A.two/x():pass,B.one/x():fail", "--filter", "^A", "--skip", "y")
        self.assertEqual((result, tests), ("2 0 0", ["A.one/x()", "A.two/x()"]))

    def test_run_what_another_run_does_not_choose(self):
        listed = "A.one/x():pass,A.one/y():pass,A.two/x():pass,B.one/x():pass"
        chosen = self.run_shards(listed, "--filter", "^A", "--skip", "y")[3]
        others = self.run_shards(listed, "--others", "--filter", "^A", "--skip", "y")[3]
        self.assertEqual(others, ["A.one/y()", "B.one/x()"])
        self.assertEqual(sorted(chosen + others), [test.split(":")[0] for test in listed.split(",")])

    def test_show_why_a_test_failed_and_what_its_server_wrote(self):
        code, output, result, _ = self.run_shards("A.one/x():pass,EndToEndTests.b/x():fail")
        self.assertEqual((code, result), (1, "1 1 0"), output)
        self.assertIn("the reason", output)
        self.assertIn("the last words of the server", output)

    def test_fail_when_a_test_crashes(self):
        code, output, result, _ = self.run_shards("A.one/x():crash,A.one/y():pass,B.one/x():pass")
        self.assertEqual((code, result.split()[0]), (1, "1"), output)
        self.assertIn("did not end: A.one/x()", output)
        self.assertIn("did not run: A.one/y()", output)

    def test_fail_when_a_test_hangs(self):
        code, output, result, _ = self.run_shards("A.one/x():hang,B.one/x():pass")
        self.assertEqual((code, result.split()[0]), (1, "1"), output)
        self.assertIn("was killed after 2 s", output)

    def test_fail_when_a_test_does_not_run_or_runs_twice(self):
        for what, told in (("leave", "did not run: A.one/x()"), ("twice", "ran 2 times: A.one/x()")):
            code, output, _, _ = self.run_shards(f"A.one/x():{what},A.one/y():pass")
            self.assertEqual(code, 1, output)
            self.assertIn(told, output)

    def test_fail_when_nothing_runs(self):
        code, output, _, _ = self.run_shards("A.one/x():pass", "--filter", "B")
        self.assertEqual(code, 1)
        self.assertIn("no test ran", output)


if __name__ == "__main__":
    unittest.main()
