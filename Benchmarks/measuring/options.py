# SPDX-License-Identifier: Apache-2.0
"""What the command lines of the benchmarks share."""

import argparse


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no positive number")
    return int(text)
