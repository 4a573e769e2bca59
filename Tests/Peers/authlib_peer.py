#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Authlib verifies the tokens of a running server as a resource server would: authlib_peer.py ISSUER"""

import sys
import warnings

import tokens

with warnings.catch_warnings(record=True):  # Authlib announces that its jose module moves to joserfc.
    from authlib.jose import JsonWebKey, JsonWebToken
    from authlib.jose.errors import JoseError
    from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
    from authlib.oauth2.rfc9068.claims import JWTAccessTokenClaims


def main(issuer: str) -> None:
    metadata = AuthorizationServerMetadata(tokens.metadata(issuer))
    metadata.validate_jwks_uri()
    metadata.validate_response_types_supported()
    print("verified: Authlib reads the metadata")
    keys = JsonWebKey.import_key_set(tokens.key_set(issuer))
    required = {name: {"essential": True} for name in ("exp", "sub", "client_id", "iat", "jti")}
    options = required | {"iss": {"essential": True, "validate": lambda _, value: value == issuer},
                          "aud": {"essential": True, "value": "lanyard"}}

    def verify(candidate: str) -> dict:
        claims = JsonWebToken(["RS256"]).decode(
            candidate, key=keys, claims_cls=JWTAccessTokenClaims, claims_options=options)
        claims.validate()  # Checks typ and the claims that RFC 9068 §2.2 asks for.
        return claims

    # A broken part is a ValueError (bad base64url, JSON or UTF-8), everything else an error of the library.
    tokens.check("Authlib", tokens.log_in(issuer), verify, (JoseError, ValueError))


main(sys.argv[1])
