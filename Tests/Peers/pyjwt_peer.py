#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyJWT verifies the tokens of a running server, by its key set alone: pyjwt_peer.py ISSUER"""

import sys

import jwt

import tokens


def main(issuer: str) -> None:
    token = tokens.log_in(issuer)
    keys = jwt.PyJWKClient(tokens.metadata(issuer)["jwks_uri"], cache_keys=True)

    def verify(candidate: str) -> dict:
        # A header with another kid makes PyJWKClient ask the server again, so the key is looked up once.
        header = jwt.get_unverified_header(candidate)
        if header.get("kid") != known.key_id:
            raise jwt.PyJWKClientError("unknown kid")
        return jwt.decode(candidate, known, algorithms=["RS256"], audience="lanyard", issuer=issuer,
                          options={"require": ["exp", "iat", "nbf", "sub", "jti"]})

    known = keys.get_signing_key_from_jwt(token)
    tokens.check("PyJWT", token, verify, (jwt.PyJWTError,))

    for options in ({"audience": "bank"}, {"issuer": issuer + "/"}):
        try:
            jwt.decode(token, known, algorithms=["RS256"], **({"audience": "lanyard", "issuer": issuer} | options))
        except jwt.InvalidTokenError as error:
            print(f"verified: PyJWT refuses {options}: {error}")
        else:
            sys.exit(f"PyJWT accepted {options}")


main(sys.argv[1])
