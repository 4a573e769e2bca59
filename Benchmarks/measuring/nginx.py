# SPDX-License-Identifier: Apache-2.0
"""nginx, with a worker a core, serving what Lanyard serves in several ways."""

import grp
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from measuring.answer import PATH, Answer, wait_for_listener
from measuring.certificate import Certificate
from measuring.process import Failure, Process, free_ports


@dataclass(frozen=True)
class Variant:
    """One way to serve the key set."""

    name: str
    directives: str
    has_request_id: bool = True


FILE = Variant("nginx, file", "")
CACHED_FILE = Variant("nginx, open_file_cache", "open_file_cache max=100;")
MEMORY = Variant("nginx, memory", "location / { return 200 $body; }")
# It does less than the others: no random id a request.
MEMORY_WITHOUT_ID = Variant("nginx, memory, no id", "location / { return 200 $body; }", has_request_id=False)
VARIANTS = [FILE, CACHED_FILE, MEMORY, MEMORY_WITHOUT_ID]

# Fields that nginx writes by itself, or that each answer has anew.
OWN_FIELDS = {"date", "content-length", "content-type", "connection", "x-request-id"}


# One ticket a handshake, where OpenSSL's default is two, and the same suites and groups in the same order.
TLS_AS_LANYARD = (
    "ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; ssl_conf_command Options PrioritizeChaCha; "
    "ssl_conf_command NumTickets 1; ssl_ecdh_curve X25519:P-256:P-384; "
    "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;")


class Nginx:
    """The installed nginx with a configuration, log and process id of its own, which can be started many times."""

    def __init__(self, folder: Path, plain: Answer, tls: Answer | None, certificate: Certificate | None,
                 connections: int, variants: list[Variant]):
        folder.mkdir()
        self._folder = folder
        self.plain_ports = dict(zip(variants, free_ports(len(variants))))
        self.tls_ports = dict(zip(variants, free_ports(len(variants)))) if tls is not None else {}
        document = folder / "root" / PATH[1:]
        document.parent.mkdir(parents=True, exist_ok=True)
        document.write_bytes(plain.body)
        servers = [self._server(variant, port, plain, plain.body) for variant, port in self.plain_ports.items()]
        if tls is not None and certificate is not None:
            encryption = f"ssl_certificate {certificate.chain}; ssl_certificate_key {certificate.key}; {TLS_AS_LANYARD}"
            servers += [self._server(variant, port, tls, plain.body, encryption)
                        for variant, port in self.tls_ports.items()]
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(self._main(connections, servers))

    def start(self, dies_with_us: bool = True) -> Process:
        """Starts nginx."""
        return Process(["nginx", "-e", "stderr", "-c", str(self._configuration)], self._folder,
                       dies_with_us=dies_with_us)

    def start_and_wait(self) -> Process:
        """Starts nginx, and waits until it listens."""
        process = self.start()
        try:
            for port in [*self.plain_ports.values(), *self.tls_ports.values()]:
                wait_for_listener(process, port)
        except BaseException:
            process.stop()
            raise
        return process

    def _main(self, connections: int, servers: list[str]) -> str:
        folder = self._folder
        user = f"user {pwd.getpwuid(os.getuid()).pw_name} {grp.getgrgid(os.getgid()).gr_name};"
        paths = "\n    ".join(f"{kind}_temp_path {folder}/temporary;"
                              for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return f"""\
daemon off;
worker_processes {os.cpu_count()};
{user if os.getuid() == 0 else ""}
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    server_tokens off;
    etag off;
    if_modified_since off;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    {paths}
    {chr(10).join(servers)}
}}
"""

    def _server(self, variant: Variant, port: int, answer: Answer, body: bytes, encryption: str = "") -> str:
        """A server that gives the fields of `answer`."""
        fields = [(name, value) for name, value in answer.fields if name.lower() not in OWN_FIELDS]
        # An empty value takes away what nginx would send for a file.
        fields.append(("Last-Modified", ""))
        lines = [f"add_header {name} {quoted(value)};" for name, value in fields]
        if variant.has_request_id:
            lines.append("add_header X-Request-Id $request_id;")
        directives = variant.directives.replace("$body", quoted(body.decode()))
        return f"""server {{
        listen 127.0.0.1:{port} reuseport backlog=1024 {"ssl" if encryption else ""};
        root {self._folder}/root;
        types {{ }}
        default_type {answer.value("Content-Type")};
        {encryption} {directives}
        {chr(10).join(lines)}
    }}"""


def quoted(text: str) -> str:
    """A text as one word of nginx's configuration."""
    if "$" in text or not text.isprintable():
        raise Failure(f"nginx's configuration cannot hold {text!r}")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
