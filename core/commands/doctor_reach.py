"""What ``doctor`` finds at the public address: whether its name is known, who answers, and their certificate.

One TLS handshake from this machine, as a phone makes it; no request is sent. Where the certificate has ended, a second
one asks until when it held.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509

from core.text import Words

#: Seconds in which an address has to answer.
_WITHIN = 5
#: A certificate that is renewed by itself is so weeks before this.
_SOON = timedelta(days=14)
#: What OpenSSL says of a certificate: it has ended; it is for another name, or another number.
_ENDED, _OTHER_NAME = 10, {62, 64}


class Answer(NamedTuple):
    """How the public address answers. ``until``: when its certificate ends, where known. ``say``: what to do."""

    ok: bool
    until: datetime | None = None
    say: str = ""


def look(address: str, now: datetime) -> Answer:
    """Shake hands with an https address."""
    host, port = urlsplit(address).hostname or "", urlsplit(address).port or 443
    try:
        return _trusted(_ends(host, port), now)
    except (socket.gaierror, UnicodeError):
        return Answer(ok=False, say=Words()("doctor.certificate.name"))
    except ssl.SSLCertVerificationError as refused:
        return _refused(refused.verify_code, host, port)
    except OSError:
        return Answer(ok=False, say=Words()("doctor.certificate.silent"))


def _trusted(until: datetime, now: datetime) -> Answer:
    day = until.date().isoformat()
    return Answer(until - now > _SOON, until, Words()("doctor.certificate.soon", date=day))


def _refused(code: int, host: str, port: int) -> Answer:
    say = Words()
    if code != _ENDED:
        known = say("doctor.certificate.other") if code in _OTHER_NAME else say("doctor.certificate.untrusted")
        return Answer(ok=False, say=known)
    try:
        until = _ended(host, port)
    except OSError:
        return Answer(ok=False, say=say("doctor.certificate.silent"))
    return Answer(ok=False, until=until, say=say("doctor.certificate.ended", date=until.date().isoformat()))


def _ends(host: str, port: int) -> datetime:
    """Return when the certificate ends. Raises ``OSError`` and its kinds, also where it is not one to trust."""
    with _shaken(host, port, ssl.create_default_context()) as line:
        found = line.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)


def _ended(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with _shaken(host, port, context) as line:
        found = line.getpeercert(binary_form=True) or b""
    return x509.load_der_x509_certificate(found).not_valid_after_utc


@contextmanager
def _shaken(host: str, port: int, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    plain = socket.create_connection((host, port), _WITHIN)
    with plain, context.wrap_socket(plain, server_hostname=host) as line:
        yield line
