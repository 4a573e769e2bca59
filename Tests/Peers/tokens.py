# SPDX-License-Identifier: Apache-2.0
"""What the peer checks share: tokens from a running server, and wrong copies of them."""

import base64
import json
import sys
from collections.abc import Callable, Iterator

import requests

PASSWORD = "correct horse battery staple"


def answer_to_login(issuer: str) -> dict:
    """Return what alice gets when she logs in."""
    answer = requests.post(f"{issuer}/login", json={"username": "alice", "password": PASSWORD}, timeout=60)
    answer.raise_for_status()
    return answer.json()


def log_in(issuer: str) -> str:
    """Return an access token of alice."""
    return answer_to_login(issuer)["access_token"]


def metadata(issuer: str, name: str = "oauth-authorization-server") -> dict:
    """Return the metadata of the server, by the name of RFC 8414 unless another is given."""
    answer = requests.get(f"{issuer}/.well-known/{name}", timeout=60)
    answer.raise_for_status()
    return answer.json()


def key_set(issuer: str) -> dict:
    """Return the key set that the metadata leads to."""
    answer = requests.get(metadata(issuer)["jwks_uri"], timeout=60)
    answer.raise_for_status()
    return answer.json()


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def altered(token: str) -> Iterator[tuple[str, str]]:
    """Yield wrong copies of a token, each with what is wrong.

    A changed character counts only if it changes the bytes it stands for: the last character of a part holds bits
    that base64url ignores, and a verifier may ignore them too.
    """
    header, payload, signature = parts = token.split(".")
    for number, (name, part) in enumerate(zip(("header", "payload", "signature"), parts)):
        for index in range(len(part)):
            changed = part[:index] + ("A" if part[index] != "A" else "B") + part[index + 1:]
            if decode(changed) == decode(part):
                continue
            copy = parts.copy()
            copy[number] = changed
            yield f"character {index} of the {name} changed", ".".join(copy)
    claims = json.loads(decode(payload))
    for name, value in (("sub", "root"), ("roles", ["admin"]), ("exp", claims["exp"] + 3600), ("aud", "bank")):
        forged = encode(json.dumps(claims | {name: value}).encode())
        yield f"{name} replaced", f"{header}.{forged}.{signature}"
    yield "signature cut", f"{header}.{payload}.{signature[:-4]}"
    yield "signature doubled", f"{header}.{payload}.{signature}{signature}"
    yield "signature left out", f"{header}.{payload}."
    yield "signature of zeros", f"{header}.{payload}.{encode(bytes(256))}"
    for algorithm in ("none", "None", "NONE", "nOnE"):
        for given in ({"alg": algorithm}, json.loads(decode(header)) | {"alg": algorithm}):
            unsigned = encode(json.dumps(given).encode())
            yield f"algorithm {algorithm}, no signature", f"{unsigned}.{payload}."
            yield f"algorithm {algorithm}, the old signature", f"{unsigned}.{payload}.{signature}"


def check(peer: str, token: str, verify: Callable[[str], dict], refusals: tuple[type[Exception], ...]) -> None:
    """Let a peer verify a token and every wrong copy of it, and say what it did."""
    claims = verify(token)
    assert claims["preferred_username"] == "alice", claims
    print(f"verified: {peer} accepts the token of {claims['preferred_username']} from {claims['iss']}")
    refused = 0
    for what, wrong in altered(token):
        try:
            verify(wrong)
        except refusals:
            refused += 1
        else:
            sys.exit(f"{peer} accepted a token with {what}: {wrong}")
    assert refused > len(token) * 9 // 10, refused
    print(f"verified: {peer} refuses {refused} altered copies")
