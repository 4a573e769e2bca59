# SPDX-License-Identifier: Apache-2.0
"""Holds a connection while the server takes a new certificate: tls_reload.py PORT PID OLD NEW

OLD.pem and OLD.key, in the working directory, are what the server reads; NEW.pem and NEW.key are put in their place.
"""

import os
import shutil
import signal
import socket
import ssl
import sys
import time

port, pid, old, new = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
context = ssl.create_default_context(cafile="root.pem")


def connect():
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    return context.wrap_socket(plain, server_hostname="localhost")


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


held = connect()
ask(held)
first = held.getpeercert(binary_form=True)
if first != certificate(f"{old}.pem"):
    sys.exit("the server does not show its certificate")

for ending in ("pem", "key"):
    shutil.copy(f"{new}.{ending}", "draft")
    os.replace("draft", f"{old}.{ending}")
os.kill(pid, signal.SIGHUP)

deadline = time.monotonic() + 30
while True:
    with connect() as fresh:
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
