# SPDX-License-Identifier: Apache-2.0
"""Opens connections, asks once on each and keeps them: idle_client.py PORT COUNT (plain|tls)

It says "open COUNT" when all are answered, waits for the end of its input, and says how many are still there. A process
of its own, so that its memory is not that of the benchmark.
"""

import select
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from measuring.answer import Answer, read_answer, request, tls_context
from measuring.limits import raise_descriptor_limit
from measuring.process import DEADLINE_SECONDS

# A server may allow an address a thousand connections, and an address has some 28,000 ports for all of them.
CONNECTIONS_PER_ADDRESS = 500


def open_connection(index: int, port: int, context) -> socket.socket:
    """Connects from an address of the loopback network, and asks once."""
    connection = socket.socket()
    connection.settimeout(DEADLINE_SECONDS)
    connection.bind((f"127.0.1.{1 + index // CONNECTIONS_PER_ADDRESS}", 0))
    connection.connect(("127.0.0.1", port))
    if context is not None:
        connection = context.wrap_socket(connection)
    connection.sendall(request())
    if Answer(read_answer(connection)).status != 200:
        sys.exit(f"connection {index} was refused")
    return connection


def is_open(connection: socket.socket) -> bool:
    """Whether the server has neither closed nor sent anything."""
    poll = select.poll()
    poll.register(connection, select.POLLIN | select.POLLRDHUP)
    return not poll.poll(0)


def main(port: int, count: int, kind: str) -> None:
    raise_descriptor_limit(count + 64)
    context = tls_context() if kind == "tls" else None
    connections = [open_connection(index, port, context) for index in range(count)]
    print(f"open {count}", flush=True)
    sys.stdin.read()
    print(f"still open {sum(map(is_open, connections))}", flush=True)


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
