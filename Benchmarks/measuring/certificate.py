# SPDX-License-Identifier: Apache-2.0
"""A certificate for one run."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from measuring.process import DEADLINE_SECONDS


@dataclass(frozen=True)
class Certificate:
    """Files with a certificate and its private key, ECDSA on P-256."""

    chain: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificate":
        """Makes a certificate for the loopback address that is good for a day."""
        made = cls(folder / "certificate.pem", folder / "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-days", "1",
             "-out", made.chain, "-keyout", made.key],
            check=True, capture_output=True, timeout=DEADLINE_SECONDS)
        made.key.chmod(0o600)
        return made
