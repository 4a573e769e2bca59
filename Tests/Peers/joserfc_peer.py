#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""joserfc verifies the tokens of a running server, by its key set alone: joserfc_peer.py ISSUER"""

import sys

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

import tokens


def main(issuer: str) -> None:
    keys = KeySet.import_key_set(tokens.key_set(issuer))
    key = keys.keys[0]
    assert key.thumbprint() == key.kid, (key.thumbprint(), key.kid)
    print(f"verified: joserfc finds kid {key.kid} to be the thumbprint of RFC 7638")
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer}, aud={"essential": True, "value": "lanyard"},
        exp={"essential": True}, iat={"essential": True}, nbf={"essential": True}, sub={"essential": True})

    def verify(candidate: str) -> dict:
        token = jwt.decode(candidate, keys, algorithms=["RS256"])
        if token.header.get("typ") != "at+jwt":  # RFC 9068 §4
            raise ValueError("typ")
        registry.validate(token.claims)
        return token.claims

    # A broken part is a ValueError (bad base64url, JSON or UTF-8), everything else an error of the library.
    tokens.check("joserfc", tokens.log_in(issuer), verify, (JoseError, ValueError))


main(sys.argv[1])
