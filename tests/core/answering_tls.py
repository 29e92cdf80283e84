"""A real TLS server on this machine under any name, with certificates that are made here."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

YEARS = timedelta(days=3650)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """Who gives certificates, as one file in a folder of tests."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def file(self) -> Path:
        """Its own certificate, for who is to trust it."""
        path = self.folder / "authority.pem"
        if not path.exists():
            made = self._begun("An Authority", self.key.public_key(), datetime.now(UTC) + 2 * YEARS)
            made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))
        return path

    def certificate(self, name: str, until: datetime) -> Path:
        """A certificate for a name and its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._begun(name, key.public_key(), until)
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        path = self.folder / f"{x509.random_serial_number()}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(secret + made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))
        return path

    def _begun(self, name, public_key, until):
        made = x509.CertificateBuilder().subject_name(_named(name)).issuer_name(_named("An Authority"))
        made = made.public_key(public_key).serial_number(x509.random_serial_number())
        return made.not_valid_before(until - 3 * YEARS).not_valid_after(until)


@dataclass
class Answering:
    """A server at ``port``. ``heard``: what it was sent after each handshake."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    def hears(self, count: int) -> list[bytes]:
        """What was heard, once so many have come and gone. The server is a thread of its own, behind who hung up."""
        until = monotonic() + 30
        while len(self.heard) < count and monotonic() < until:
            sleep(0.01)
        return self.heard


@contextmanager
def answering(certificate: Path | None):
    """Shake hands with whoever comes, with a certificate; without one, as a server that knows no TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Answering(listening.getsockname()[1])
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        server = Thread(target=_serve, args=(listening, context, made), daemon=True)
        server.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
        server.join(30)


def _serve(listening, context, made):
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with line, suppress(OSError):
            if context is None:
                line.recv(1)
                line.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
                continue
            with context.wrap_socket(line, server_side=True) as shaken:
                said = b""
                # Who hangs up without a word has said nothing either.
                with suppress(OSError):
                    said = shaken.recv(1)
                made.heard.append(said)
