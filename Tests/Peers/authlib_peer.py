#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Authlib verifies the tokens of a running server as a resource server would: authlib_peer.py ISSUER"""

import os
import sys
import warnings

import tokens

with warnings.catch_warnings(record=True):  # Authlib announces that its jose module moves to joserfc.
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.requests_client import OAuth2Session
    from authlib.jose import JsonWebKey, JsonWebToken
    from authlib.jose.errors import JoseError
    from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
    from authlib.oauth2.rfc9068.claims import JWTAccessTokenClaims
    from authlib.oidc.discovery import OpenIDProviderMetadata

# Every URL must begin with https but for this; the server under test is reached over the loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "true"


def main(issuer: str) -> None:
    metadata = AuthorizationServerMetadata(tokens.metadata(issuer))
    metadata.validate()
    print("verified: Authlib finds nothing wrong with the metadata")
    provider = OpenIDProviderMetadata(tokens.metadata(issuer, "openid-configuration"))
    provider.validate()
    assert provider.items() >= metadata.items(), provider
    print("verified: Authlib finds nothing wrong with the metadata by the name of OpenID")
    refresh(issuer, metadata)
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


def refresh(issuer: str, metadata: AuthorizationServerMetadata) -> None:
    """Let the OAuth client of Authlib refresh, by what the metadata says and nothing else."""
    assert "refresh_token" in metadata["grant_types_supported"], metadata
    assert "none" in metadata["token_endpoint_auth_methods_supported"], metadata
    client = OAuth2Session("lanyard", token_endpoint_auth_method="none", default_timeout=60)
    login = tokens.answer_to_login(issuer)
    refreshed = client.refresh_token(metadata["token_endpoint"], refresh_token=login["refresh_token"])
    assert refreshed["token_type"] == "Bearer" and refreshed["access_token"] != login["access_token"], refreshed
    print("verified: Authlib refreshes at the token endpoint")
    try:
        client.refresh_token(metadata["token_endpoint"], refresh_token="x")
    except OAuthError as error:
        assert error.error == "invalid_grant" and error.description, error
        print(f"verified: Authlib understands the refusal: {error}")
    else:
        sys.exit("a forged refresh token was taken")
    try:
        secret = OAuth2Session("lanyard", "secret", default_timeout=60)
        secret.refresh_token(metadata["token_endpoint"], refresh_token=login["refresh_token"])
    except OAuthError as error:
        assert error.error == "invalid_client", error
        print(f"verified: Authlib understands the refusal: {error}")
    else:
        sys.exit("a client secret was taken")


main(sys.argv[1])
