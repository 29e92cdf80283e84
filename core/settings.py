"""Everything a practice can set by environment: ``SAYSO_*``, checked once at start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Face = Literal["all", "client", "staff"]
#: A name or an address with its port: letters that fit the small mode of a QR code, and nothing else.
_HOST = re.compile(r"(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)


def site(address: str) -> str:
    """Return scheme and host of a web address. Raises ``ValueError`` where it says more than that."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        raise ValueError("must be a web address such as https://sayso.example.org")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("must be only scheme and host, because a QR code is in upper case")
    return f"{parts.scheme}://{parts.netloc}"


class Settings(BaseSettings):
    """Validated settings. Raises pydantic's ``ValidationError`` that names the variable."""

    model_config = SettingsConfigDict(env_prefix="SAYSO_", frozen=True, extra="ignore")

    face: Face = "all"
    data: Path = Path("data")
    database_url: str | None = None
    #: Overrides the public address set in the portal; printed on cards.
    public_url: Annotated[str, AfterValidator(site)] | None = None
    #: Where "Leave now" goes. A site nobody asks about.
    leave_to: Annotated[str, AfterValidator(site)] = "https://www.weather.gov"
    mailbox: bool = True
    #: Addresses of proxies whose ``X-Forwarded-For`` is believed.
    trusted_proxies: tuple[str, ...] = ()
    draft_minutes: int = Field(default=120, ge=1)
    idle_lock_minutes: int = Field(default=10, ge=1)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database in use."""
        return self.database_url or f"sqlite:///{self.data / 'sayso.sqlite3'}"
