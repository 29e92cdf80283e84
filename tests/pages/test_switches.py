"""A switch on the settings page is in the record, under whose vault was open."""

from __future__ import annotations

from core.store import audit
from core.text import Words
from tests.pages.conftest import shown


def entered(database):
    """Each entry: whose, and of which kind."""
    with database.read() as connection:
        return [(one.therapist, one.kind) for one in audit.entries(connection)]


def test_each_switch_on_the_settings_page_is_entered_under_whose_vault_is_open(practised, page):
    practised.unlock()
    database, whose = practised.portal.database, practised.therapist.id
    before = len(entered(database))
    at = page("settings")
    at.checkbox(key="is-part-2").check()
    at.button(key="save-part-2").click().run()
    at.checkbox(key="takes").uncheck()
    at.button(key="save-mailbox").click().run()
    at.text_area(key="covered").set_value("@one")
    at.button(key="save-accounts").click().run()
    at.button(key="save-part-2").click().run()
    assert Words()("settings.saved") in shown(at)
    assert entered(database)[before:] == [(whose, "part_2_on"), (whose, "mailbox_off"), (whose, "accounts")]
