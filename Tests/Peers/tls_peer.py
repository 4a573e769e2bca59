# SPDX-License-Identifier: Apache-2.0
"""Looks at a server from connections under TLS that it holds, in a folder with root.pem, the root that it trusts.

tls_peer.py reload PORT PID OLD NEW     the server reads OLD.pem and OLD.key; NEW.pem and NEW.key are put in their place
tls_peer.py goodbye PORT PID            the server is asked to end
"""

import os
import shutil
import signal
import socket
import ssl
import sys
import time

context = ssl.create_default_context(cafile="root.pem")


def connect(port, session=None):
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    return context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False, session=session)


def ask(connection):
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(65536)
        if not piece:
            sys.exit("the server closed the connection")
        answer += piece
    if not answer.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"not ready: {answer!r}")


def certificate(name):
    with open(name) as file:
        return ssl.PEM_cert_to_DER_cert(file.read())


def reload(port, pid, old, new):
    held = connect(port)
    ask(held)
    first = held.getpeercert(binary_form=True)
    if first != certificate(f"{old}.pem"):
        sys.exit("the server does not show its certificate")
    with connect(port, held.session) as resumed:
        ask(resumed)
        if not resumed.session_reused:
            sys.exit("the server does not resume a session")

    for ending in ("pem", "key"):
        shutil.copy(f"{new}.{ending}", "draft")
        os.replace("draft", f"{old}.{ending}")
    os.kill(pid, signal.SIGHUP)

    deadline = time.monotonic() + 30
    while True:
        with connect(port) as fresh:
            ask(fresh)
            shown = fresh.getpeercert(binary_form=True)
        if shown != first:
            break
        if time.monotonic() > deadline:
            sys.exit("the server goes on with the old certificate")
        time.sleep(0.01)

    ask(held)
    print("the first connection goes on")
    if shown != certificate(f"{new}.pem"):
        sys.exit("the server shows another certificate")
    print("the next has the new certificate")


def goodbye(port, pid):
    held = connect(port)
    ask(held)
    os.kill(pid, signal.SIGTERM)
    # Without close_notify this is an error.
    while held.recv(65536):
        pass
    print("the server said goodbye")


port, pid = int(sys.argv[2]), int(sys.argv[3])
if sys.argv[1] == "reload":
    reload(port, pid, *sys.argv[4:])
else:
    goodbye(port, pid)
