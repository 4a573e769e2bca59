#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""h11 and httptools read every vector of Tests/Vectors/http: http_differential.py [--list]

Where one of them understands other requests than the vector expects, Tests/Vectors/http/differences.txt must say why. The
script fails on a difference that is not explained and on an explanation of none. --list prints the differences.
"""

import re
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

import h11
import httptools

import vectors


class Reading(NamedTuple):
    """What a reader made of bytes: whole requests, then how it ended."""

    requests: list[tuple[bytes, bytes, bytes]]
    end: str

    @property
    def short(self) -> str:
        return f"{len(self.requests)}, {self.end}"

    def __str__(self) -> str:
        count = len(self.requests)
        first = ""
        if self.requests:
            method, target, body = self.requests[0]
            first = f" ({method.decode('latin-1')} {shortened(target)}, {len(body)} bytes)"
        return f"{count} request{'' if count == 1 else 's'}{first}, {self.end}"


def shortened(target: bytes) -> str:
    return vectors.encode(target if len(target) <= 40 else target[:37] + b"...")


class Closed(Exception):
    """The client or the version asked for the end of the connection."""


class H11:
    """h11 as a server that answers each request with 404, so that nothing is upgraded or tunnelled."""

    def __init__(self) -> None:
        # Large enough for every vector, so that only rules are compared and no limits.
        self.connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
        self.requests: list[tuple[bytes, bytes, bytes]] = []
        self.head: h11.Request | None = None
        self.body = b""

    def feed(self, data: bytes) -> None:
        self.connection.receive_data(data)
        while True:
            event = self.connection.next_event()
            if event is h11.NEED_DATA or event is h11.PAUSED:
                return
            if isinstance(event, h11.Request):
                self.head, self.body = event, b""
            elif isinstance(event, h11.Data):
                self.body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self.finish()

    def finish(self) -> None:
        self.requests.append((self.head.method, self.head.target, self.body))
        self.head = None
        self.connection.send(h11.Response(status_code=404, headers=[("Content-Length", "0")]))
        self.connection.send(h11.EndOfMessage())
        if self.connection.our_state is h11.MUST_CLOSE:
            raise Closed
        self.connection.start_next_cycle()

    @property
    def is_between_requests(self) -> bool:
        return self.head is None and self.connection.trailing_data[0].strip(b"\r\n") == b""

    refusals = (h11.RemoteProtocolError,)


class HTTPTools:
    """httptools, which is llhttp, as strict as it comes."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, bytes, bytes]] = []
        self.is_between_requests = True
        self.parser = httptools.HttpRequestParser(self)
        self.target = self.body = b""
        self.is_last = False

    def feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
                data = b""
            except httptools.HttpParserUpgrade as upgrade:
                # Refused, so that what follows is HTTP again.
                data = data[upgrade.args[0]:]
                self.parser = httptools.HttpRequestParser(self)
            if self.is_last:
                raise Closed

    def on_message_begin(self) -> None:
        self.is_between_requests = False
        self.target = self.body = b""

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        if not self.is_last:
            self.requests.append((self.parser.get_method(), self.target, self.body))
        self.is_between_requests = True
        self.is_last = self.is_last or not self.parser.should_keep_alive()

    refusals = (httptools.HttpParserError,)


PEERS: dict[str, Callable] = {"h11": H11, "httptools": HTTPTools}


def read(reader: Callable, pieces: Iterable[bytes]) -> Reading:
    peer = reader()
    try:
        for piece in pieces:
            peer.feed(piece)
    except Closed:
        return Reading(peer.requests, "end")
    except peer.refusals:
        return Reading(peer.requests, "end" if getattr(peer, "is_last", False) else "refusal")
    return Reading(peer.requests, "end" if peer.is_between_requests else "wait")


def expectation(vector: vectors.Vector) -> Reading:
    """What the vector says. Only the first request has keys; of the others only the number counts."""
    accepted = vector.verdicts.count("accept")
    last = vector.verdicts[-1].split()[0]
    if vector.keys.get("keeps-alive") == "no":
        accepted, last = 1, "accept"
    requests = [(b"", b"", b"")] * accepted
    if accepted:
        line = vector.data.lstrip(b"\r\n").split(b"\r\n")[0]
        method, target, _ = line.split(b" ")
        requests[0] = method, target, vectors.decode(vector.keys.get("body", ""))
    return Reading(requests, {"accept": "end", "idle": "end", "more": "wait"}.get(last, "refusal"))


def is_same(one: Reading, other: Reading) -> bool:
    return one.end == other.end and len(one.requests) == len(other.requests) and one.requests[:1] == other.requests[:1]


def differences() -> dict[tuple[str, str], Reading]:
    """What each peer makes of each vector that it reads otherwise than we do, by vector and peer."""
    found = {}
    for vector in vectors.load_all():
        expected = expectation(vector)
        for name, reader in PEERS.items():
            whole = read(reader, [vector.data])
            single = read(reader, (vector.data[index:index + 1] for index in range(len(vector.data))))
            if not is_same(whole, single):
                whole = Reading(whole.requests, f"{whole.end}, but byte by byte {single.short}")
            if not is_same(whole, expected):
                found[vector.name, name] = whole
    return found


def explanations() -> dict[tuple[str, str], str]:
    """What `differences.txt` says that each peer makes of each vector, by vector and peer."""
    explained = {}
    for block in (vectors.FOLDER / "differences.txt").read_text(encoding="utf-8").split("\n\n"):
        entry, *names = block.strip("\n").split("\n")
        if not names or not names[0].startswith("    "):
            continue
        peers, result, reason = entry.split(": ", maxsplit=2)
        if not re.search(r"\(RFC \d+ §\d[^()]*\)$", reason):
            sys.exit(f"no rule: {entry}")
        for name in " ".join(names).split():
            for peer in peers.split():
                if (name, peer) in explained:
                    sys.exit(f"explained twice: {name} {peer}")
                explained[name, peer] = result
    return explained


def main(arguments: list[str]) -> None:
    found = differences()
    if arguments == ["--list"]:
        for (vector, peer), reading in found.items():
            print(f"{vector} {peer}: {reading.short}: {reading}")
        return
    explained = explanations()
    wrong = [f"not explained: {vector} {peer}: {found[vector, peer]}" for vector, peer in found.keys() - explained.keys()]
    wrong += [f"no longer true: {vector} {peer}" for vector, peer in explained.keys() - found.keys()]
    wrong += [f"otherwise than explained: {vector} {peer}: {found[vector, peer]}"
              for vector, peer in found.keys() & explained.keys() if found[vector, peer].short != explained[vector, peer]]
    if wrong:
        sys.exit("\n".join(sorted(wrong)))
    print(f"compared: {len(vectors.load_all())} vectors with {len(PEERS)} peers, {len(found)} differences explained")


main(sys.argv[1:])
