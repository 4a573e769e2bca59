# SPDX-License-Identifier: Apache-2.0
"""The files of Tests/Vectors, whose READMEs tell the form.

    vectors.py seeds FOLDER   writes the bytes of every vector to a file of its own, for the fuzzers to begin with
    vectors.py show FILE      prints the bytes of a file as a vector has them, for a finding that becomes one
"""

import pathlib
import re
import sys
from typing import NamedTuple

TESTS = pathlib.Path(__file__).parent.parent
FOLDER = TESTS / "Vectors" / "http"


class Vector(NamedTuple):
    name: str
    keys: dict[str, str]
    data: bytes

    @property
    def verdicts(self) -> list[str]:
        """`accept`, `more`, `idle` or `refuse STATUS REASON`, one for each thing that the bytes hold."""
        return self.keys["expect"].split(", ")


def load_all(folder: pathlib.Path = FOLDER) -> list[Vector]:
    return [load(path) for path in sorted(folder.glob("*.txt")) if path.stem != "differences"]


def load(path: pathlib.Path) -> Vector:
    head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    keys = dict(re.split(": *", line, maxsplit=1) for line in head.split("\n"))
    return Vector(path.stem, keys, decode(text))


def load_seeds(name: str) -> list[Vector]:
    lines = (TESTS / "Fuzz" / name).read_text(encoding="utf-8").splitlines()
    return [Vector(str(number), {}, decode(line)) for number, line in enumerate(lines)]


def decode(text: str) -> bytes:
    """Turns `\\r \\n \\t \\0 \\\\ \\xHH` and `\\{TEXT*COUNT}` into bytes; a line break stands for nothing."""
    result = bytearray()
    text = text.replace("\n", "")
    while text:
        plain, backslash, text = text.partition("\\")
        result += plain.encode()
        if not backslash:
            break
        if text[0] == "x":
            result.append(int(text[1:3], 16))
            text = text[3:]
        elif text[0] == "{":
            inside, _, text = text[1:].partition("}")
            unit, _, count = inside.rpartition("*")
            result += decode(unit) * int(count)
        else:
            result += {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}[text[0]]
            text = text[1:]
    return bytes(result)


def encode(data: bytes) -> str:
    """Turns bytes into what `decode` reads, a line break behind each LF."""
    known = {0x0D: "\\r", 0x0A: "\\n\n", 0x09: "\\t", 0x00: "\\0", 0x5C: "\\\\"}
    return "".join(known.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}") for byte in data)


def write_seeds(folder: pathlib.Path) -> None:
    """Writes what each fuzzer begins with, and the requests that are too long for tests to cut them everywhere."""
    requests = load_all()
    seeds = {
        "requests": requests,
        "long": [vector for vector in requests if len(vector.data) > 1024 and set(vector.verdicts) == {"accept"}],
        "answers": load_all(TESTS / "Vectors" / "answers"),
        "proxy": load_seeds("proxy-seeds.txt"),
        "connection": load_seeds("connection-seeds.txt"),
    }
    for kind, vectors in seeds.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for vector in vectors:
            (folder / kind / vector.name).write_bytes(vector.data)


def main(command: str, argument: str) -> None:
    if command == "seeds":
        write_seeds(pathlib.Path(argument))
    elif command == "show":
        print(encode(pathlib.Path(argument).read_bytes()))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(__doc__)
