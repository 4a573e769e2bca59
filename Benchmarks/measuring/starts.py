# SPDX-License-Identifier: Apache-2.0
"""The time from the start of a program to its first answer."""

import time
from typing import Callable

from measuring.answer import wait_for_answer
from measuring.process import Process


def time_of_start(start: Callable[[], Process], port: int) -> float:
    """Starts a program, returns the milliseconds until it has answered with 200, and stops it."""
    began = time.monotonic_ns()
    with start() as process:
        wait_for_answer(process, port)
        return (time.monotonic_ns() - began) / 1_000_000
