#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Authlib's OAuth client, as a service would use it: authlib_client.py ISSUER CLIENT_ID CLIENT_SECRET

Every URL, grant and way of authentication is taken from the metadata."""

import os
import sys
import warnings

import tokens

with warnings.catch_warnings(record=True):  # Authlib announces that its jose module moves to joserfc.
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.requests_client import OAuth2Session

# Every URL must begin with https but for this; the server under test is reached over the loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "true"

issuer, name, secret = sys.argv[1:]
metadata = tokens.metadata(issuer)


def session(method: str, client_secret: str = secret) -> OAuth2Session:
    return OAuth2Session(
        name, client_secret, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method,
        default_timeout=60)


def ask(client: OAuth2Session, token: str) -> dict:
    answer = client.introspect_token(metadata["introspection_endpoint"], token=token)
    assert answer.status_code == 200, answer.text
    return answer.json()


for method in metadata["introspection_endpoint_auth_methods_supported"]:
    assert method in metadata["token_endpoint_auth_methods_supported"], metadata
    client = session(method)
    token = client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials", audience="lanyard")
    assert token["token_type"] == "Bearer" and "refresh_token" not in token, token
    said = ask(client, token["access_token"])
    assert said["active"] and said["sub"] == said["client_id"] == name and "sid" not in said, said

    login = tokens.answer_to_login(issuer)
    said = ask(client, login["access_token"])
    assert said["active"] and said["username"] == "alice" and said["sid"], said
    assert ask(client, login["refresh_token"]) == {"active": False}

    # A service may not use or revoke what a login got; the public client may.
    try:
        client.refresh_token(metadata["token_endpoint"], refresh_token=login["refresh_token"])
    except OAuthError as error:
        assert error.error == "invalid_grant", error
    else:
        sys.exit("a service refreshed the token of a login")
    answer = client.revoke_token(metadata["revocation_endpoint"], token=login["refresh_token"])
    assert answer.status_code == 200 and not answer.content, answer.text
    assert ask(client, login["access_token"])["active"]
    public = OAuth2Session(
        "lanyard", token_endpoint_auth_method="none", revocation_endpoint_auth_method="none", default_timeout=60)
    refreshed = public.refresh_token(metadata["token_endpoint"], refresh_token=login["refresh_token"])
    for hint in ["refresh_token", "access_token"]:
        answer = public.revoke_token(
            metadata["revocation_endpoint"], token=refreshed["refresh_token"], token_type_hint=hint)
        assert answer.status_code == 200 and not answer.content, answer.text
    assert ask(client, refreshed["access_token"]) == {"active": False}

    try:
        session(method, secret + "x").fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    except OAuthError as error:
        assert error.error == "invalid_client" and error.description, error
    else:
        sys.exit("a wrong secret was taken")
    print(f"verified: Authlib gets, asks about, and revokes tokens with {method}")
