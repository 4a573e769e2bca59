#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The openssl command line verifies the tokens of a running server: openssl.sh ISSUER
#
# No library for tokens or keys takes part. The public key is put together by hand, from the two numbers of the key
# set, as the SubjectPublicKeyInfo of RFC 5280 §4.1.2.7.
set -euo pipefail

issuer=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# base64url, with or without padding, to bytes.
decode() {
    local text
    text=$(tr -- '-_' '+/')
    while (( ${#text} % 4 )); do text+='='; done
    printf '%s' "$text" | openssl base64 -d -A
}

# Bytes to one hexadecimal number.
hexadecimal() { od -An -v -tx1 | tr -d ' \n'; }

# Whether openssl accepts the token in $1.
verify() {
    local header payload signature rest
    IFS=. read -r header payload signature rest <<<"$1"
    [[ -z $rest ]] || return 1
    [[ $(printf '%s' "$header" | decode | jq -r .alg) == RS256 ]] || return 1
    printf '%s' "$signature" | decode >"$folder/signature"
    printf '%s.%s' "$header" "$payload" |
        openssl dgst -sha256 -verify "$folder/key.pem" -signature "$folder/signature" >"$folder/verdict" 2>&1
}

token=$(curl -sS --fail-with-body --max-time 60 "$issuer/login" -H 'Accept: application/jwt' \
    -d username=alice --data-urlencode 'password=correct horse battery staple')
curl -sS --fail-with-body --max-time 60 "$issuer/.well-known/jwks.json" >"$folder/keys.json"

IFS=. read -r header payload signature <<<"$token"
kid=$(printf '%s' "$header" | decode | jq -r .kid)
key=$(jq -ec --arg kid "$kid" '.keys[] | select(.kid == $kid)' "$folder/keys.json")
modulus=$(jq -r .n <<<"$key" | tr -d '\n' | decode | hexadecimal)
exponent=$(jq -r .e <<<"$key" | tr -d '\n' | decode | hexadecimal)

cat >"$folder/key.conf" <<END
asn1 = SEQUENCE:subject_public_key_info
[subject_public_key_info]
algorithm = SEQUENCE:rsa_encryption
public_key = BITWRAP,SEQUENCE:rsa_public_key
[rsa_encryption]
oid = OID:rsaEncryption
parameters = NULL
[rsa_public_key]
modulus = INTEGER:0x$modulus
exponent = INTEGER:0x$exponent
END
openssl asn1parse -genconf "$folder/key.conf" -noout -out "$folder/key.der"
openssl pkey -pubin -inform DER -in "$folder/key.der" -out "$folder/key.pem"
echo "verified: openssl reads the key $kid: $(openssl pkey -pubin -in "$folder/key.pem" -noout -text | head -1)"

thumbprint=$(printf '{"e":"%s","kty":"RSA","n":"%s"}' "$(jq -r .e <<<"$key")" "$(jq -r .n <<<"$key")" |
    openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
[[ $thumbprint == "$kid" ]] || { echo "kid is $kid, the thumbprint is $thumbprint" >&2; exit 1; }
echo "verified: openssl finds the kid to be the thumbprint of RFC 7638"

verify "$token" || { cat "$folder/verdict" >&2; exit 1; }
echo "verified: openssl accepts the token of $(printf '%s' "$payload" | decode | jq -r .preferred_username)"

refused=0
for (( index = 0; index < ${#token}; index += 29 )); do
    character=${token:index:1}
    [[ $character != . ]] || continue
    replacement=A
    [[ $character != A ]] || replacement=B
    if verify "${token:0:index}$replacement${token:index+1}" 2>/dev/null; then
        echo "openssl accepts the token with character $index changed" >&2
        exit 1
    fi
    refused=$(( refused + 1 ))
done
none=$(printf '{"alg":"none","typ":"at+jwt"}' | openssl base64 -A | tr '+/' '-_' | tr -d '=')
for wrong in "$none.$payload." "$none.$payload.$signature" "$header.$payload." "$header.$payload.$signature.x"; do
    if verify "$wrong" 2>/dev/null; then
        echo "openssl accepts $wrong" >&2
        exit 1
    fi
    refused=$(( refused + 1 ))
done
echo "verified: openssl refuses $refused altered copies"
