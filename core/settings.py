"""Everything a practice can set by environment: ``SAYSO_*``, checked once at start."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from core import oidc

Face = Literal["all", "client", "staff"]
#: What the practice's own sign-in needs.
_SIGN_IN = ("oidc_metadata", "oidc_client_id", "oidc_client_secret", "oidc_redirect")
#: A name or an address with its port: letters that fit the small mode of a QR code, and nothing else.
_HOST = re.compile(r"(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)


def site(address: str) -> str:
    """Return scheme and host of a web address. Raises ``ValueError`` where it says more than that."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        raise ValueError("must be a web address such as https://sayso.example.org")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("must be only scheme and host, because a QR code is in upper case")
    if not _is_port(parts.netloc.rpartition("]")[2]):
        raise ValueError("must name a port from 1 to 65535, or none")
    return f"{parts.scheme}://{parts.netloc}"


def _is_port(host: str) -> bool:
    _, colon, port = host.partition(":")
    return not colon or 1 <= int(port) <= 65535


def _database(address: str) -> str:
    try:
        url = make_url(address)
        usable = url.get_backend_name() in {"sqlite", "postgresql"} and url.get_dialect().import_dbapi()
    except (ArgumentError, ValueError, ImportError, AttributeError):
        usable = False
    if not usable:
        # Never the address itself: it may hold a password.
        raise ValueError("must be an address such as postgresql+psycopg://user:password@host/name")
    return address


def _listed(given: object) -> object:
    """Read a JSON list, or words with commas between them."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given) if given.lstrip().startswith("[") else [one for one in given.split(",") if one.strip()]
    except ValueError:
        raise ValueError('must be a list such as ["127.0.0.1"]') from None


def _if_given(check: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda given: None if given is None else check(given)


#: A line left empty in a file of settings sets nothing.
_OR_EMPTY = BeforeValidator(lambda given: given or None)


def _proxy(address: str) -> str:
    try:
        ip_network(address.strip(), strict=False)
    except ValueError:
        raise ValueError('must hold only addresses or networks, such as ["127.0.0.1"]') from None
    return address.strip()


def _account(named: str) -> str:
    if not named.strip(" ="):
        raise ValueError("must hold only accounts, such as name@example.org or groups=staff")
    return named.strip()


class Settings(BaseSettings):
    """Validated settings. Raises pydantic's ``ValidationError`` that names the variable."""

    model_config = SettingsConfigDict(env_prefix="SAYSO_", frozen=True, extra="ignore", hide_input_in_errors=True)

    face: Face = "all"
    data: Path = Path("data")
    database_url: Annotated[str, AfterValidator(_database)] | None = None
    #: The PostgreSQL role of the client face: whoever starts as the tables' owner gives it its rights, each time.
    client_role: Annotated[str | None, _OR_EMPTY] = None
    #: Overrides the public address set in the portal; printed on cards.
    public_url: Annotated[str, AfterValidator(site)] | None = None
    #: Where "Leave now" goes. A site nobody asks about.
    leave_to: Annotated[str, AfterValidator(site)] = "https://www.weather.gov"
    mailbox: bool = True
    #: Addresses of proxies whose ``X-Forwarded-For`` is believed.
    trusted_proxies: Annotated[
        tuple[Annotated[str, AfterValidator(_proxy)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    draft_minutes: int = Field(default=120, ge=1)
    idle_lock_minutes: int = Field(default=10, ge=1)
    #: The practice's own sign-in in front of the staff pages: all four of these, or none.
    oidc_metadata: Annotated[str | None, AfterValidator(_if_given(oidc.provider_address)), _OR_EMPTY] = None
    oidc_client_id: Annotated[str | None, _OR_EMPTY] = None
    oidc_client_secret: Annotated[SecretStr | None, _OR_EMPTY] = None
    oidc_redirect: Annotated[str | None, AfterValidator(_if_given(oidc.redirect_address)), _OR_EMPTY] = None
    #: Which accounts may come in: addresses, ``claim=value``, subjects. Nobody until this is set.
    oidc_allowed: Annotated[
        tuple[Annotated[str, AfterValidator(_account)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    #: How long one sign-in lasts.
    oidc_hours: int = Field(default=8, ge=1, le=24)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = [name for name in _SIGN_IN if not getattr(self, name)]
        if missing and (len(missing) < len(_SIGN_IN) or self.oidc_allowed):
            named = ", ".join(f"SAYSO_{name.upper()}" for name in missing)
            raise ValueError(f"The sign-in of the practice is only half set: {named} missing. Set all, or none")
        return self

    @property
    def provider(self) -> oidc.Provider | None:
        """Who signs staff in before they unlock, if anybody. The client face knows nothing of it."""
        if self.face == "client" or self.oidc_client_secret is None:
            return None
        return oidc.Provider(
            metadata=self.oidc_metadata or "",
            client_id=self.oidc_client_id or "",
            client_secret=self.oidc_client_secret.get_secret_value(),
            redirect=self.oidc_redirect or "",
            allowed=self.oidc_allowed,
            hours=self.oidc_hours,
        )

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database in use."""
        return self.database_url or f"sqlite:///{self.data / 'sayso.sqlite3'}"
