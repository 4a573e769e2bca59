# SPDX-License-Identifier: Apache-2.0
"""What a benchmark ran on."""

import os
import platform
import re
import ssl
import subprocess
from pathlib import Path

from measuring.process import DEADLINE_SECONDS


def describe(binary: Path) -> dict[str, str | int | float]:
    """The machine, and the versions of everything that matters to a server."""
    return describe_machine() | {
        "lanyard": said(str(binary), "--version"),
        "nginx": said("nginx", "-v").removeprefix("nginx version: "),
        "wrk": first_match(r"^wrk (?:debian/)?(\S+)", said("wrk", "-v")),
        "python": platform.python_version(),
        "python_openssl": ssl.OPENSSL_VERSION.removeprefix("OpenSSL ").split()[0],
    }


def describe_machine() -> dict[str, str | int | float]:
    """The machine, and its OpenSSL."""
    return {
        "processor": first_match(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text()),
        "cores": os.cpu_count() or 1,
        "system": first_match(r'^PRETTY_NAME="(.*)"$', Path("/etc/os-release").read_text()),
        "kernel": platform.release(),
        "load_before": os.getloadavg()[0],
        "openssl": said("openssl", "version").removeprefix("OpenSSL ").split()[0],
    }


def said(*command: str) -> str:
    """What a program says of itself, on either output."""
    run = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
    return (run.stdout + run.stderr).strip()


def first_match(pattern: str, text: str) -> str:
    """What the first group of a pattern holds, or a mark of doubt."""
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else "?"
