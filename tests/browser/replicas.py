"""A practice on more than one machine, on this one: two client replicas, the staff face, PostgreSQL, a real nginx.

The server in front runs deploy/nginx.conf with addresses filled in, under TLS with a certificate made for the test.
Each client replica signs in as the role that may only do what clients do, and has a data folder of its own.
"""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from string import Template

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import parcel, token
from core.demo import PASSPHRASE, start_demo
from core.store import cards, mailbox, practice, roles
from core.store.cards import Order
from core.store.database import Database
from core.store.practice import Therapist
from core.token import Token
from tests.browser.conftest import ROOT, Server, _free_port
from tests.core.store.postgres import Server as Postgres

ROLE = "sayso_client"
#: Around deploy/nginx.conf: what a distribution's own file has, and a mark of who answered, for the test to see.
FRAME = """
daemon off;
pid $folder/nginx.pid;
error_log $folder/nginx.log;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxied;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    add_header X-Replica $$upstream_addr always;
    include $folder/sayso.conf;
}
"""


@dataclass
class Clinic:
    """What runs. ``base``: the public address. ``codes``: cards that were handed out."""

    base: str
    staff_base: str
    trust: ssl.SSLContext
    replicas: tuple[Server, Server]
    staff: Server
    database: Database
    therapist: Therapist
    codes: list[str]
    folder: Path

    def tokens(self) -> list[Token]:
        """Every token that waits for the therapist, opened with their key."""
        _, keys = practice.unlock(self.database, self.therapist.id, PASSPHRASE)
        waiting = mailbox.waiting(self.database, parcel.recipient_of(self.therapist.sealing_public))
        opened = [parcel.unpack(one.sealed, keys.sealing.private).payload for one in waiting]
        return [token.read(token.text_of(one), [keys.sealing], datetime.now(UTC)) for one in opened]


@contextmanager
def running(serve: Callable[..., Server], postgres: Postgres, folder: Path, phones: int) -> Iterator[Clinic]:
    """Start all of it, with a card for each phone."""
    database = Database(postgres.address(postgres.make()), wait=30)
    database.migrate()
    public, staff_port = _free_port(), _free_port()
    base = f"https://localhost:{public}"
    therapist, codes = _practice(database, base, phones)
    postgres.do(f"CREATE ROLE {ROLE} LOGIN")
    with database.write() as connection:
        roles.grant(connection, ROLE)
    name = str(database.engine.url.database)
    both = {"SAYSO_PUBLIC_URL": base, "SAYSO_TRUSTED_PROXIES": "127.0.0.1", "FORWARDED_ALLOW_IPS": ""}
    one, two = (serve(SAYSO_FACE="client", SAYSO_DATABASE_URL=postgres.address(name, ROLE), **both) for _ in range(2))
    staff = serve(SAYSO_FACE="staff", SAYSO_DATABASE_URL=database.url, **both)
    trust = certificate(folder)
    filled = Template((ROOT / "deploy" / "nginx.conf").read_text("utf-8")).safe_substitute(
        CLIENT_1=f"127.0.0.1:{one.port}",
        CLIENT_2=f"127.0.0.1:{two.port}",
        STAFF=f"127.0.0.1:{staff.port}",
        LISTEN_PUBLIC=f"127.0.0.1:{public}",
        LISTEN_STAFF=f"127.0.0.1:{staff_port}",
        PUBLIC_NAME="localhost",
        STAFF_NAME="localhost",
        CERTIFICATE=str(folder / "certificate.pem"),
        CERTIFICATE_KEY=str(folder / "certificate.key"),
    )
    (folder / "sayso.conf").write_text(filled, "utf-8")
    (folder / "nginx.conf").write_text(Template(FRAME).substitute(folder=folder), "utf-8")
    with _nginx(folder):
        yield Clinic(
            base, f"https://localhost:{staff_port}", trust, (one, two), staff, database, therapist, codes, folder
        )
    database.close()


def _practice(database: Database, base: str, phones: int) -> tuple[Therapist, list[str]]:
    now = datetime.now(UTC)
    therapist = start_demo(database, base, now).therapist
    with database.write() as connection:
        made = cards.register(connection, Order(therapist.id, "en", base, "card", phones), now)
        for card in made:
            cards.note_hand_out(connection, card.number, now)
    return therapist, [card.code for card in made]


def nginx() -> str:
    """Return where nginx is. Raises ``LookupError`` where it is not."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        raise LookupError("nginx is not installed: on Debian, apt install nginx")
    return found


@contextmanager
def _nginx(folder: Path) -> Iterator[None]:
    command = [nginx(), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        for _ in range(100):
            assert running.poll() is None, (folder / "nginx.log").read_text("utf-8")
            if (folder / "nginx.pid").exists():
                break
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(20)


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for ``localhost`` in a folder. Returns what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "certificate.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return ssl.create_default_context(cadata=pem.decode())
