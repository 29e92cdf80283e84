"""Reports and exports to download. Each is made when its button is tapped, and only while the vault is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import streamlit as st

from core import exporting, report, staff
from core.errors import VaultLocked
from core.exporting import Format, Place
from core.report import Report
from core.store.vaults import Vault
from pages.parts.session import Here
from pages.parts.staff_frame import Desk

_PDF, _JSON = ("report.pdf", "application/pdf"), ("report.json", "application/json")
_EXPORTS: tuple[tuple[Format, str, str], ...] = (
    ("csv", "table.csv", "text/csv"),
    ("fhir-r4", "export-fhir.json", "application/fhir+json"),
    ("iso27560", "export-iso.jsonld", "application/ld+json"),
)


def show(who: Desk) -> None:
    """Offer the report of last month and every export."""
    t = who.words
    st.header(t("report.offer"))
    st.write(t("report.offer.month", month=report.in_words(report.last_month(who.now), t)))
    _button(t("report.pdf.button"), partial(report_pdf, who.here), *_PDF)
    _button(t("report.json.button"), partial(report_json, who.here), *_JSON)
    st.write(t("report.offer.exports"))
    labels = {
        "csv": t("report.csv.button"),
        "fhir-r4": t("report.fhir.button"),
        "iso27560": t("report.iso.button"),
    }
    for wanted, name, kind in _EXPORTS:
        _button(labels[wanted], partial(export, who.here, wanted), name, kind)
    st.caption(t("report.offer.noted"))


def _button(label: str, make: Callable[[], bytes], name: str, kind: str) -> None:
    st.download_button(label, make, name, kind, key=f"download-{name}", on_click="ignore", width="stretch")


def _open(here: Here) -> Vault:
    # A page may still be on the screen when its vault has locked.
    vault = staff.vault_here(here.portal, here.binding)
    if vault is None:
        raise VaultLocked
    return vault


def report_pdf(here: Here) -> bytes:
    """Return the report of last month on paper. Raises ``VaultLocked``."""
    return report.pdf(_report(here), words=here.words)


def report_json(here: Here) -> bytes:
    """Return the report of last month for programs. Raises ``VaultLocked``."""
    return (json.dumps(_report(here).as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def export(here: Here, wanted: Format) -> bytes:
    """Return everything held in a format. Raises ``VaultLocked``."""
    return exporting.make(_open(here), wanted, here.now, Place(here.portal.public_url), here.words).text.encode()


def _report(here: Here) -> Report:
    return report.make(_open(here), report.last_month(here.now), here.now)
