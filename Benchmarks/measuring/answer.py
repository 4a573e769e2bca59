# SPDX-License-Identifier: Apache-2.0
"""One request by hand: to see when a server answers, and what it sends."""

import socket
import ssl
import time

from measuring.process import DEADLINE_SECONDS, Failure, Process

PATH = "/.well-known/jwks.json"


def request(more: str = "") -> bytes:
    """The bytes of a request for the key set."""
    return f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode()


class Answer:
    """An answer, taken apart."""

    def __init__(self, text: bytes):
        head, _, self.body = text.partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        self.size = len(text)

    def value(self, name: str) -> str:
        """The value of a field, or an empty text."""
        return next((value for field, value in self.fields if field.lower() == name.lower()), "")


def read_answer(connection: socket.socket) -> bytes:
    """Reads one answer, which is framed by its length."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += receive(connection)
    missing = int(Answer(text).value("Content-Length")) - len(Answer(text).body)
    while missing > 0:
        part = receive(connection)
        text += part
        missing -= len(part)
    return text


def receive(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    if not part:
        raise ConnectionError("the server closed")
    return part


def tls_context() -> ssl.SSLContext:
    """A client that believes every certificate, because the benchmark has just made it itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fetch(port: int, is_tls: bool) -> tuple[Answer, str]:
    """Asks once, and returns the answer and how it was encrypted."""
    with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as plain:
        if not is_tls:
            plain.sendall(request())
            return Answer(read_answer(plain)), ""
        with tls_context().wrap_socket(plain) as connection:
            connection.sendall(request())
            return Answer(read_answer(connection)), f"{connection.version()} {connection.cipher()[0]}"


def wait_for_answer(process: Process, port: int) -> None:
    """Returns as soon as a plain server answers with 200; asks as fast as it can."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS) as connection:
                connection.sendall(request())
                if Answer(read_answer(connection)).status == 200:
                    return
        except ConnectionError:
            process.check()
    raise Failure(f"{process.name} did not answer in {DEADLINE_SECONDS} s")


def wait_for_listener(process: Process, port: int) -> None:
    """Returns when somebody takes connections at `port`."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS).close()
            return
        except ConnectionError:
            process.check()
            time.sleep(0.01)
    raise Failure(f"{process.name} did not listen in {DEADLINE_SECONDS} s")
