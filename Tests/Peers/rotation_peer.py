#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifiers that cache the key set accept every token while a key is replaced: rotation_peer.py ISSUER REFRESH_TOKEN COMMAND...

Both have just fetched the key set when COMMAND replaces the key, which is the worst moment: PyJWKClient, and joserfc behind a
cache with the rule of jose's createRemoteJWKSet (fetch for an unknown kid, but not within 30 s of the last fetch).
"""

import subprocess
import sys
import time

import jwt
import requests
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet

import tokens


class RemoteKeySet:
    """A key set with the cooldown of jose, 30 s."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.fetch()

    def fetch(self) -> None:
        self.keys = KeySet.import_key_set(tokens.key_set(self.issuer))
        self.fetched = time.monotonic()

    def find(self, kid: str) -> KeySet:
        if all(key.kid != kid for key in self.keys.keys) and time.monotonic() - self.fetched >= 30:
            self.fetch()
        return self.keys


def main(issuer: str, refresh_token: str, command: list[str]) -> None:
    def access_token() -> str:
        answer = requests.post(f"{issuer}/refresh", json={"refresh_token": refresh_token}, timeout=60)
        answer.raise_for_status()
        return answer.json()["access_token"]

    client = jwt.PyJWKClient(tokens.metadata(issuer)["jwks_uri"])
    old = jwt.get_unverified_header(access_token())["kid"]
    client.get_signing_key(old)
    remote = RemoteKeySet(issuer)
    subprocess.run(command, check=True)
    start = time.monotonic()
    rejected = []
    count = after = 0
    while after < 20:
        if time.monotonic() - start > 120:
            sys.exit("no other key signs")
        token = access_token()
        kid = jwt.get_unverified_header(token)["kid"]
        count += 1
        after += kid != old
        try:
            key = client.get_signing_key(kid)
            jwt.decode(token, key, algorithms=["EdDSA"], audience="lanyard", issuer=issuer)
        except jwt.PyJWTError as error:
            rejected.append(f"PyJWT, after {time.monotonic() - start:.1f} s: {error}")
        try:
            joserfc_jwt.decode(token, remote.find(kid), algorithms=["EdDSA"])
        except Exception as error:  # Of joserfc or of its search for the key: either way the token is not accepted.
            rejected.append(f"joserfc, after {time.monotonic() - start:.1f} s: {error!r}")
        time.sleep(0.1)
    print(f"verified: PyJWT and joserfc rejected {len(rejected)} of {count} tokens, {after} of them by the new key")
    if rejected:
        sys.exit("\n".join(rejected[:5]))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
