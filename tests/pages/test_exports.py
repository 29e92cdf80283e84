"""Reports and exports in the settings: made when tapped, from the vault that is open then, under neutral names."""

from __future__ import annotations

import csv
import io
import json

import pytest

from core.errors import VaultLocked
from core.head import read_head
from core.portal import clock
from core.store import audit
from core.text import Words
from pages.parts import staff_exports
from pages.parts.session import Here
from tests.pages.conftest import BROWSER, shown

NAMES = ["report.pdf", "report.json", "table.csv", "export-fhir.json", "export-iso.jsonld"]


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


@pytest.fixture
def here(at_work):
    return Here(at_work.portal, BROWSER, Words())


def entries(practised):
    with practised.portal.database.read() as connection:
        return [entry.kind for entry in audit.entries(connection)]


def test_each_is_offered_and_nothing_is_made_by_looking(at_work, page):
    before = entries(at_work)
    at = page("settings")
    keys = [button.key for button in at.get("download_button")]
    assert [f"download-{name}" for name in NAMES] == [key for key in keys if key.startswith("download-")]
    assert entries(at_work) == before
    assert "Reports and exports" in shown(at)
    assert "Each of these is noted in the record." in shown(at)


def test_the_report_is_a_pdf_and_the_same_as_json(at_work, here):
    assert staff_exports.report_pdf(here).startswith(b"%PDF-")
    said = json.loads(staff_exports.report_json(here))
    assert said["format"] == "sayso-report"
    assert read_head(json.dumps(said["head"])).is_signed
    assert entries(at_work)[-2:] == ["export", "export"]


def test_each_export_is_a_whole_file(at_work, here):
    rows = list(csv.reader(io.StringIO(staff_exports.export(here, "csv").decode("utf-8-sig"))))
    handed_out = [card for card in at_work.cards if card.state == "handed_out"]
    assert len(rows) == len(handed_out) + 2
    assert json.loads(staff_exports.export(here, "fhir-r4"))["resourceType"] == "Bundle"
    assert json.loads(staff_exports.export(here, "iso27560"))["@graph"]
    assert entries(at_work)[-3:] == ["export"] * 3


def test_a_page_that_outlives_the_vault_makes_nothing(at_work, here, moving):
    before = entries(at_work)
    moving.forward(minutes=at_work.portal.settings.idle_lock_minutes + 1)
    for make in (staff_exports.report_pdf, staff_exports.report_json, lambda one: staff_exports.export(one, "csv")):
        with pytest.raises(VaultLocked):
            make(here)
    assert entries(at_work) == before


def test_a_locked_vault_offers_nothing(practised, page):
    assert page("settings").get("download_button") == []


def test_the_report_names_the_month_that_is_over(at_work, page):
    from core import report

    month = report.in_words(report.last_month(clock()), Words())
    assert f"The report of {month} counts" in shown(page("settings"))
