#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Type passwords into a real terminal: terminal.py LANYARD, in an empty folder.

The program must ask twice, show nothing of what is typed, and leave the terminal as it was.
"""

import os
import pty
import select
import sys
import termios
import time

PASSWORD = "typed into a terminal"
SECONDS = 60


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.seen = ""
        self.answered = 0
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.execv(arguments[0], arguments)

    def read(self) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], SECONDS)
        assert ready, f"nothing happens; on the terminal: {self.seen!r}"
        try:
            data = os.read(self.descriptor, 65_536)
        except OSError:  # Linux says EIO when the program has gone.
            return False
        self.seen += data.decode()
        return bool(data)

    def type_hidden(self, text: str) -> None:
        """Wait for a question that hides the answer, and answer it."""
        while ":" not in self.seen[self.answered:]:
            assert self.read(), f"no question; on the terminal: {self.seen!r}"
        self.answered = len(self.seen)
        end = time.monotonic() + SECONDS
        while termios.tcgetattr(self.descriptor)[3] & termios.ECHO:
            assert time.monotonic() < end, "the terminal shows what is typed"
            time.sleep(0.01)
        os.write(self.descriptor, text.encode() + b"\n")

    def end(self) -> int:
        while self.read():
            pass
        _, status = os.waitpid(self.process, 0)
        assert PASSWORD not in self.seen, f"the password is on the terminal: {self.seen!r}"
        return os.waitstatus_to_exitcode(status)


def main(lanyard: str) -> None:
    terminal = Terminal(lanyard, "account", "add", "bob")
    terminal.type_hidden(PASSWORD)
    terminal.type_hidden(PASSWORD)
    code = terminal.end()
    assert code == 0, f"{code}: {terminal.seen!r}"
    print("verified: a password is asked for twice and not shown")

    terminal = Terminal(lanyard, "account", "password", "bob")
    terminal.type_hidden(PASSWORD)
    terminal.type_hidden(PASSWORD + "!")
    code = terminal.end()
    assert code == 65, f"{code}: {terminal.seen!r}"
    print("verified: two passwords that differ are refused")


main(sys.argv[1])
