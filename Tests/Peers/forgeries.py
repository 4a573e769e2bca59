#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tokens whose signatures nobody should accept, made with nothing but arithmetic: forgeries.py FOLDER

Writes the vectors `forged-*`, their key set `keys-printed.json`, and one `good-printed-*` for each algorithm, which
shows that the arithmetic is right. Test keys: all private halves are printed in RFCs. Every run writes the
same. Needs Python 3.11.
"""

import base64
import hashlib
import json
import pathlib
import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

# RFC 7520 §3.4.
RSA_N = ("n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwG"
         "U_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3u"
         "hGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHd"
         "rNP5zw")
RSA_D = ("bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2LsNRS-8uJbvQ-A1irkwMSMkK1J3XTGgdrhCku9gRldY7"
         "sNA_AKZGh-Q661_42rINLRCe8W-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWSDFu2MUBYwkHTMEzLYGqOe04noqeq1hExBTHBOBdkMXiuFhUq1BU6l"
         "-DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWTBnP5uDjd18kKhyv07lhfSJdrPdM5Plyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOp"
         "BrQzwQ")
# RFC 7515 appendix A.3.1.
EC_X, EC_Y = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
EC_D = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
# RFC 8037 appendix A.1.
ED_X, ED_D = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"

KEY_SET = {"keys": [
    {"kty": "RSA", "kid": "printed-rs256", "use": "sig", "alg": "RS256", "e": "AQAB", "n": RSA_N},
    {"kty": "RSA", "kid": "printed-ps256", "use": "sig", "alg": "PS256", "e": "AQAB", "n": RSA_N},
    {"kty": "EC", "kid": "printed-es256", "use": "sig", "alg": "ES256", "crv": "P-256", "x": EC_X, "y": EC_Y},
    {"kty": "OKP", "kid": "printed-eddsa", "use": "sig", "alg": "EdDSA", "crv": "Ed25519", "x": ED_X},
]}


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(text: str) -> int:
    return int.from_bytes(decode(text))


# RSA (RFC 8017)

n, d, LENGTH = number(RSA_N), number(RSA_D), 256
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
SHA512 = bytes.fromhex("3051300d060960864801650304020305000440")
SHA1 = bytes.fromhex("3021300906052b0e03021a05000414")


def rsa(block: bytes) -> bytes:
    """The bare private operation (§5.2.1), on whatever block."""
    return pow(int.from_bytes(block), d, n).to_bytes(LENGTH)


def pkcs1(info: bytes, padding: bytes | None = None, head: bytes = b"\0\1", behind: bytes = b"") -> bytes:
    """A block of EMSA-PKCS1-v1_5 (§9.2), with parts of it exchanged."""
    if padding is None:
        padding = b"\xff" * (LENGTH - 3 - len(info) - len(behind))
    block = head + padding + b"\0" + info + behind
    assert len(block) == LENGTH, len(block)
    return block


def sha256(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()


def mgf1(seed: bytes, length: int, name: str) -> bytes:
    blocks = (hashlib.new(name, seed + counter.to_bytes(4)).digest() for counter in count())
    mask = b""
    while len(mask) < length:
        mask += next(blocks)
    return mask[:length]


def pss(message: bytes, salt: bytes = b"\x5a" * 32, digest: str = "sha256", mask: str = "sha256",
        trailer: int = 0xBC, separator: int = 1) -> bytes:
    """A block of EMSA-PSS (§9.1.1)."""
    hashed = hashlib.new(digest, bytes(8) + hashlib.new(digest, message).digest() + salt).digest()
    data = bytes(LENGTH - len(salt) - len(hashed) - 2) + bytes([separator]) + salt
    masked = bytearray(a ^ b for a, b in zip(data, mgf1(hashed, len(data), mask)))
    masked[0] &= 0x7F
    return bytes(masked) + hashed + bytes([trailer])


# P-256 (FIPS 186-5 §6.4.1)

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
Q = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def p256_add(a: tuple[int, int] | None, b: tuple[int, int] | None) -> tuple[int, int] | None:
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = ((3 * a[0] ** 2 - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def p256_multiply(scalar: int) -> tuple[int, int]:
    result, addend = None, G
    while scalar:
        if scalar & 1:
            result = p256_add(result, addend)
        addend, scalar = p256_add(addend, addend), scalar >> 1
    assert result
    return result


assert p256_multiply(number(EC_D)) == (number(EC_X), number(EC_Y))


def ecdsa(message: bytes) -> tuple[int, int]:
    # Any secret number would do; this one is the same at every run.
    k = int.from_bytes(hashlib.sha512(b"nonce" + message).digest()) % Q
    r = p256_multiply(k)[0] % Q
    return r, pow(k, -1, Q) * (int.from_bytes(sha256(message)) + r * number(EC_D)) % Q


def joined(r: int, s: int, width: int = 32) -> bytes:
    return r.to_bytes(width) + s.to_bytes(width)


# Ed25519 (RFC 8032 §5.1)

L = 2**252 + 27742317777372353535851937790883648493
F = 2**255 - 19
EDWARDS_D = -121665 * pow(121666, -1, F) % F
BASE_Y = 4 * pow(5, -1, F) % F


def edwards_x(y: int) -> int:
    square = (y * y - 1) * pow(EDWARDS_D * y * y + 1, -1, F) % F
    x = pow(square, (F + 3) // 8, F)
    if (x * x - square) % F:
        x = x * pow(2, (F - 1) // 4, F) % F
    return x if x % 2 == 0 else F - x


def edwards_add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    t = EDWARDS_D * a[0] * b[0] * a[1] * b[1]
    return ((a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, F) % F, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, F) % F)


def edwards_multiply(scalar: int) -> bytes:
    result, addend = (0, 1), (edwards_x(BASE_Y), BASE_Y)
    while scalar:
        if scalar & 1:
            result = edwards_add(result, addend)
        addend, scalar = edwards_add(addend, addend), scalar >> 1
    return (result[1] | (result[0] & 1) << 255).to_bytes(32, "little")


def ed25519(message: bytes, domain: bytes = b"") -> tuple[bytes, int]:
    expanded = hashlib.sha512(decode(ED_D)).digest()
    scalar = int.from_bytes(expanded[:32], "little") & (2**254 - 8) | 2**254
    assert edwards_multiply(scalar) == decode(ED_X)
    r = int.from_bytes(hashlib.sha512(domain + expanded[32:] + message).digest(), "little") % L
    point = edwards_multiply(r)
    k = int.from_bytes(hashlib.sha512(domain + point + decode(ED_X) + message).digest(), "little")
    return point, (r + k * scalar) % L


def little(point: bytes, s: int) -> bytes:
    return point + s.to_bytes(32, "little")


def prehashed(message: bytes) -> bytes:
    """Ed25519ph, which is another algorithm with the same keys."""
    return little(*ed25519(hashlib.sha512(message).digest(), b"SigEd25519 no Ed25519 collisions\1\0"))


# The vectors

class Forgery(NamedTuple):
    name: str
    algorithm: str
    rule: str
    comment: str
    # The signature of a message; none if there is none of this kind, and another message is needed.
    sign: Callable[[bytes], bytes | None]
    expect: str = "refuse bad-signature"
    key: str = ""


def rs256(message: bytes) -> bytes:
    return rsa(pkcs1(SHA256 + sha256(message)))


def ps256(message: bytes) -> bytes:
    return rsa(pss(message))


def without_leading_zero(signature: bytes) -> bytes | None:
    return signature[1:] if signature[0] == 0 else None


def plus_modulus(signature: bytes) -> bytes | None:
    larger = int.from_bytes(signature) + n
    return larger.to_bytes(LENGTH) if larger < 2 ** (8 * LENGTH) else None


def es256(change: Callable[[int, int], bytes]) -> Callable[[bytes], bytes]:
    return lambda message: change(*ecdsa(message))


def eddsa(change: Callable[[bytes, int], bytes]) -> Callable[[bytes], bytes]:
    return lambda message: change(*ed25519(message))


def constant(value: int) -> Callable[[bytes], bytes]:
    return lambda _: value.to_bytes(LENGTH)


GOOD = [
    Forgery("good-printed-rs256", "RS256", "RFC 7518 §3.3", "made as the forgeries are, and right", rs256, "accept"),
    Forgery("good-printed-ps256", "PS256", "RFC 7518 §3.5", "made as the forgeries are, and right", ps256, "accept"),
    Forgery("good-printed-es256", "ES256", "RFC 7518 §3.4", "made as the forgeries are, and right",
            es256(joined), "accept"),
    Forgery("good-printed-es256-other-s", "ES256", "FIPS 186-5 §6.4.2",
            "n - s in the place of s: right too, since no rule of JWS asks for the smaller one",
            es256(lambda r, s: joined(r, Q - s)), "accept"),
    Forgery("good-printed-eddsa", "EdDSA", "RFC 8032 §5.1.6", "made as the forgeries are, and right",
            eddsa(little), "accept"),
]

PKCS1 = [
    ("no-null", "the parameters of the digest are missing",
     lambda m: pkcs1(bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + sha256(m))),
    ("sha1-identifier", "32 bytes of SHA-256 under the name of SHA-1",
     lambda m: pkcs1(bytes.fromhex("302d300906052b0e03021a05000420") + sha256(m))),
    ("sha384-identifier", "32 bytes of SHA-256 under the name of SHA-384",
     lambda m: pkcs1(bytes.fromhex("3031300d060960864801650304020205000420") + sha256(m))),
    ("sha512", "a whole signature with SHA-512", lambda m: pkcs1(SHA512 + hashlib.sha512(m).digest())),
    ("no-identifier", "the digest alone, without saying which", lambda m: pkcs1(sha256(m))),
    ("garbage-behind", "eight bytes of padding and garbage behind the digest (CVE-2006-4339)",
     lambda m: pkcs1(SHA256 + sha256(m), b"\xff" * 8, behind=bytes(LENGTH - 62))),
    ("one-byte-behind", "one byte of zero behind the digest", lambda m: pkcs1(SHA256 + sha256(m), behind=b"\0")),
    ("garbage-inside", "garbage in the parameters of the digest (CVE-2006-4339)",
     lambda m: pkcs1(bytes.fromhex("3081b1" "30818c" "0609608648016503040201" "047f") + b"\x11" * 127
                     + b"\x04\x20" + sha256(m))),
    ("long-length", "a length of the digest's description in two bytes",
     lambda m: pkcs1(bytes.fromhex("308131300d060960864801650304020105000420") + sha256(m))),
    ("padding-changed", "one byte of the padding is FE",
     lambda m: pkcs1(SHA256 + sha256(m), b"\xff" * 100 + b"\xfe" + b"\xff" * 101)),
    ("padding-of-zeros", "padding of zeros, block type 0", lambda m: pkcs1(SHA256 + sha256(m), bytes(202), b"\0\0")),
    ("padding-of-encryption", "block type 2, which is for encryption",
     lambda m: pkcs1(SHA256 + sha256(m), b"\x77" * 202, b"\0\2")),
    ("no-padding", "the description of the digest alone, as a number",
     lambda m: bytes(LENGTH - 51) + SHA256 + sha256(m)),
]

PSS = [
    ("salt-0", "no salt", lambda m: pss(m, b"")),
    ("salt-20", "a salt of 20 bytes, as PKCS #1 has by default", lambda m: pss(m, b"\x5a" * 20)),
    ("salt-31", "a salt of 31 bytes", lambda m: pss(m, b"\x5a" * 31)),
    ("salt-33", "a salt of 33 bytes", lambda m: pss(m, b"\x5a" * 33)),
    ("salt-222", "the longest salt that fits", lambda m: pss(m, b"\x5a" * 222)),
    ("sha1", "SHA-1 throughout", lambda m: pss(m, b"\x5a" * 32, "sha1", "sha1")),
    ("mask-sha1", "a mask made with SHA-1", lambda m: pss(m, mask="sha1")),
    ("trailer", "a last byte of CC", lambda m: pss(m, trailer=0xCC)),
    ("separator", "02 in front of the salt", lambda m: pss(m, separator=2)),
]


def rsa_forgeries() -> Iterator[Forgery]:
    for name, comment, block in PKCS1:
        yield Forgery(f"forged-rs256-{name}", "RS256", "RFC 8017 §8.2.2", comment, lambda m, block=block: rsa(block(m)))
    for name, comment, block in PSS:
        yield Forgery(f"forged-ps256-{name}", "PS256", "RFC 7518 §3.5", comment, lambda m, block=block: rsa(block(m)))
    yield Forgery("forged-rs256-as-ps256", "PS256", "RFC 8725 §3.1",
                  "signed as RS256 by the same RSA key", rs256)
    yield Forgery("forged-ps256-as-rs256", "RS256", "RFC 8725 §3.1",
                  "signed as PS256 by the same RSA key", ps256)
    yield Forgery("forged-ps256-with-key-of-rs256", "PS256", "RFC 8725 §3.1",
                  "a right signature, by a key that is for RS256", ps256, "refuse algorithm-mismatch", "printed-rs256")
    for algorithm, sign, rule in (("RS256", rs256, "RFC 8017 §8.2.2, step 1"), ("PS256", ps256, "RFC 8017 §8.1.2, step 1")):
        name = f"forged-{algorithm.lower()}"
        yield Forgery(f"{name}-leading-zero", algorithm, rule, "a zero in front",
                      lambda m, sign=sign: b"\0" + sign(m))
        yield Forgery(f"{name}-trailing-zero", algorithm, rule, "a zero behind",
                      lambda m, sign=sign: sign(m) + b"\0")
        yield Forgery(f"{name}-without-leading-zero", algorithm, rule,
                      "right as a number, but its leading zero is left out", lambda m, sign=sign: without_leading_zero(sign(m)))
        yield Forgery(f"{name}-plus-modulus", algorithm, "RFC 8017 §5.2.2, step 1",
                      "the right number plus the modulus", lambda m, sign=sign: plus_modulus(sign(m)))
        for what, value in (("zero", 0), ("one", 1), ("modulus-less-one", n - 1), ("modulus", n)):
            yield Forgery(f"{name}-of-{what}", algorithm, "RFC 8017 §5.2.2",
                          f"the number {what.replace('-', ' ')}, which needs no key", constant(value))


EC = [
    ("r-zero", "r is 0", lambda r, s: joined(0, s)),
    ("s-zero", "s is 0", lambda r, s: joined(r, 0)),
    ("r-of-the-order", "r is n", lambda r, s: joined(Q, s)),
    ("s-of-the-order", "s is n", lambda r, s: joined(r, Q)),
    ("largest-numbers", "both numbers are 2^256 - 1", lambda r, s: joined(2**256 - 1, 2**256 - 1)),
    ("both-one", "both numbers are 1", lambda r, s: joined(1, 1)),
    ("exchanged", "s in front of r", lambda r, s: joined(s, r)),
    ("little-endian", "the bytes of each number the other way round",
     lambda r, s: r.to_bytes(32, "little") + s.to_bytes(32, "little")),
    ("66-bytes", "each number with a zero in front", lambda r, s: joined(r, s, 33)),
    ("trailing-zero", "a zero behind", lambda r, s: joined(r, s) + b"\0"),
    ("leading-zero", "a zero in front", lambda r, s: b"\0" + joined(r, s)),
    ("63-bytes", "the last byte is missing", lambda r, s: joined(r, s)[:-1]),
]

ED = [
    ("s-plus-order", "S + L: the same number for who does not look (RFC 8032 §5.1.7)", lambda p, s: little(p, s + L)),
    ("s-of-the-order", "S is L", lambda p, s: little(p, L)),
    ("s-zero", "S is 0", lambda p, s: little(p, 0)),
    ("neutral", "R is the neutral point, S is 0, which a key of small order would take",
     lambda p, s: little((1).to_bytes(32, "little"), 0)),
    ("zeros", "all bytes are 0", lambda p, s: bytes(64)),
    ("other-sign", "the sign of R is the other one", lambda p, s: little(p[:31] + bytes([p[31] ^ 0x80]), s)),
    ("exchanged", "S in front of R", lambda p, s: s.to_bytes(32, "little") + p),
    ("big-endian", "the bytes of S the other way round", lambda p, s: p + s.to_bytes(32)),
    ("trailing-zero", "a zero behind", lambda p, s: little(p, s) + b"\0"),
    ("63-bytes", "the last byte is missing", lambda p, s: little(p, s)[:-1]),
]


def curve_forgeries() -> Iterator[Forgery]:
    for name, comment, change in EC:
        yield Forgery(f"forged-es256-{name}", "ES256", "RFC 7518 §3.4", comment, es256(change))
    for name, comment, change in ED:
        yield Forgery(f"forged-eddsa-{name}", "EdDSA", "RFC 8032 §5.1.7", comment, eddsa(change))
    yield Forgery("forged-eddsa-prehashed", "EdDSA", "RFC 8037 §3.1", "a signature of Ed25519ph", prehashed)


def text(forgery: Forgery) -> str:
    """The file of a vector: the first of its tokens for which there is such a signature."""
    header = {"alg": forgery.algorithm, "kid": forgery.key or f"printed-{forgery.algorithm.lower()}", "typ": "at+jwt"}
    for attempt in count():
        claims = {"iss": "https://issuer.example", "sub": "01HF5R0ZKX", "aud": "api", "exp": 1700000600,
                  "iat": 1699999700, "nbf": 1699999700, "jti": f"forgery-{attempt}", "client_id": "lanyard"}
        parts = [json.dumps(part, separators=(",", ":")) for part in (header, claims)]
        message = ".".join(encode(part.encode()) for part in parts)
        signature = forgery.sign(message.encode())
        if signature is not None:
            return (f"rule: {forgery.rule}\nexpect: {forgery.expect}\ncomment: {forgery.comment}\n"
                    f"header: {parts[0]}\nclaims: {parts[1]}\nkeys: keys-printed.json\n\n"
                    f"{message}.{encode(signature)}\n")
    raise AssertionError("unreachable")


def main(folder: pathlib.Path) -> None:
    (folder / "keys-printed.json").write_text(json.dumps(KEY_SET, indent=1) + "\n", encoding="utf-8")
    for forgery in [*GOOD, *rsa_forgeries(), *curve_forgeries()]:
        (folder / f"{forgery.name}.txt").write_text(text(forgery), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1])) if len(sys.argv) == 2 else sys.exit(__doc__)
