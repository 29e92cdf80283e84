"""The practice's own sign-in in front of the staff face: whose provider it is, and which of its accounts may come in.

OpenID Connect. It stands before the passphrase and never in its place: the keys are wrapped by the passphrase alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

#: Where the provider sends a browser back to. Streamlit has it there.
CALLBACK = "/oauth2callback"
#: A provider's clock may run ahead of ours by as much.
_AHEAD = timedelta(minutes=2)

#: What an account is to this portal: let in; nobody signed in; signed in too long ago; not among those allowed.
Standing = Literal["in", "out", "ended", "refused"]


@dataclass(frozen=True, slots=True)
class Provider:
    """A practice's provider. ``hours``: how long one sign-in lasts.

    ``allowed``: who may come in, each an e-mail address, ``claim=value`` or a subject. Nobody where it is empty.
    """

    metadata: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect: str
    allowed: tuple[str, ...]
    hours: int


def standing(claims: Mapping[str, object], provider: Provider, now: datetime) -> Standing:
    """Return what the account with these ``claims`` is to the portal at ``now`` (aware).

    ``claims``: of an ID token whose signature, issuer, nonce and end were checked when it was taken.
    """
    if claims.get("is_logged_in") is not True:
        return "out"
    if not _is_fresh(claims.get("iat"), provider.hours, now):
        return "ended"
    for_us = provider.client_id in _values(claims.get("aud"))
    return "in" if for_us and any(_is(claims, one) for one in provider.allowed) else "refused"


def _is_fresh(issued_at: object, hours: int, now: datetime) -> bool:
    if not isinstance(issued_at, int | float) or isinstance(issued_at, bool):
        return False
    # Compared as they are: a number that no time can hold is sent too.
    return (now - timedelta(hours=hours)).timestamp() < issued_at <= (now + _AHEAD).timestamp()


def _is(claims: Mapping[str, object], allowed: str) -> bool:
    claim, named, value = allowed.partition("=")
    if named:
        return value in _values(claims.get(claim))
    if "@" in allowed:
        # Whoever can write any address into their own account must not come in by it.
        email = claims.get("email")
        verified = claims.get("email_verified") is True
        return verified and isinstance(email, str) and email.casefold() == allowed.casefold()
    return claims.get("sub") == allowed


def _values(claim: object) -> tuple[str, ...]:
    """Return a claim's values: groups come as a list, most others alone."""
    given = claim if isinstance(claim, list | tuple) else [claim]
    return tuple(one for one in given if isinstance(one, str) and one)


def provider_address(address: str) -> str:
    """Return the address of a provider's metadata. Raises ``ValueError`` where it is none, or not by TLS."""
    parts = urlsplit(address)
    if not _is_safe(address) or parts.path in {"", "/"}:
        raise ValueError("must be an address such as https://login.example.org/.well-known/openid-configuration")
    return address


def redirect_address(address: str) -> str:
    """Return the address a provider sends back to. Raises ``ValueError`` where it is not the staff face's own."""
    parts = urlsplit(address)
    if not _is_safe(address) or parts.path != CALLBACK or parts.query:
        raise ValueError(f"must be the staff address, by TLS, and end in {CALLBACK}")
    return address


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    known = bool(parts.hostname) and not parts.username and not parts.fragment
    return known and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")))


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
