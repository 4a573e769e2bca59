#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyJWT and Python's zlib follow an access token to its status: statuslist_peer.py ISSUER"""

import sys
import time
import zlib

import jwt
import requests

import tokens

DEADLINE_SECONDS = 60


def main(issuer: str) -> None:
    answer = tokens.answer_to_login(issuer)
    keys = jwt.PyJWKClient(tokens.metadata(issuer)["jwks_uri"])
    token = answer["access_token"]
    claims = jwt.decode(token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"], audience="lanyard", issuer=issuer)
    reference = claims["status"]["status_list"]

    assert not is_revoked(issuer, keys, reference)
    print(f"verified: PyJWT finds the token of {claims['preferred_username']} not revoked at {reference}")
    requests.post(f"{issuer}/logout", json={"refresh_token": answer["refresh_token"]}, timeout=60).raise_for_status()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_revoked(issuer, keys, reference):
        if time.monotonic() > deadline:
            sys.exit(f"not revoked after {DEADLINE_SECONDS} s")
        time.sleep(0.1)
    print(f"verified: PyJWT finds the token of {claims['preferred_username']} revoked")


def is_revoked(issuer: str, keys: jwt.PyJWKClient, reference: dict) -> bool:
    """Verify the list that a token names, and look the token up in it (Token Status List, section 8.3)."""
    answer = requests.get(reference["uri"], timeout=60)
    answer.raise_for_status()
    assert answer.headers["content-type"] == "application/statuslist+jwt", answer.headers
    assert jwt.get_unverified_header(answer.text)["typ"] == "statuslist+jwt"
    claims = jwt.decode(answer.text, keys.get_signing_key_from_jwt(answer.text), algorithms=["RS256"], issuer=issuer,
                        options={"require": ["exp", "iat", "sub"]})
    assert claims["sub"] == reference["uri"], claims
    status_list = claims["status_list"]
    assert status_list["bits"] == 1 and claims["ttl"] > 0, claims
    array = zlib.decompress(tokens.decode(status_list["lst"]))
    # Beyond the end it would have to be refused.
    return bool(array[reference["idx"] // 8] >> reference["idx"] % 8 & 1)


main(sys.argv[1])
