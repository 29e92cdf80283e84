"""The form of a page that was left: Back and the form again does nothing twice, and nothing but a hash is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from core import parcel
from core.drafts import Draft
from core.store import mailbox


def left_after(site, what: str, nonce: str) -> str:
    """Send a form, then leave by the button on its page. Returns the form's path."""
    path = f"/c/{site.demo.cards[0].code}/{what}"
    page = site.ask(path, {"form": nonce}).text
    key = re.search(r'data-leave="[^"]*">\s*<input type="hidden" name="form" value="([^"]*)"', page)
    assert key
    site.ask("/leave", {"form": key[1]})
    return path


def waiting(site) -> int:
    return len(mailbox.waiting(site.portal.database, parcel.recipient_of(site.keys.sealing.public)))


@pytest.mark.parametrize("what", ["no", "stop", "question"])
def test_after_leaving_back_and_the_form_again_sends_nothing_twice_and_says_so(clinic_site, what) -> None:
    path = left_after(clinic_site, what, "A" * 22)
    for _ in range(2):
        answer = clinic_site.ask(path, {"form": "A" * 22})
        assert answer.status == 409
        assert "Nothing was done a second time" in answer.text
        assert f'href="/c/{clinic_site.demo.cards[0].code}"' in answer.text
    assert waiting(clinic_site) == 1


def test_after_leaving_a_stop_from_the_same_page_and_a_no_from_a_new_one_are_done(clinic_site) -> None:
    path = left_after(clinic_site, "no", "A" * 22)
    assert clinic_site.ask(path.replace("/no", "/stop"), {"form": "A" * 22}).status == 200
    assert clinic_site.ask(path, {"form": "B" * 22}).status == 200
    assert waiting(clinic_site) == 3


def test_of_a_form_whose_page_was_left_only_a_hash_is_kept(clinic_site) -> None:
    left_after(clinic_site, "no", "A" * 22)
    portal, code = clinic_site.portal, clinic_site.demo.cards[0].code
    assert portal.was_left(f"no.{code}.{'A' * 22}")
    assert len(portal.forms) == 0
    assert portal.used._things.keys() == {sha256(f"no.{code}.{'A' * 22}".encode()).hexdigest()}
    assert [thing for _, thing in portal.used._things.values()] == [True]


def test_after_two_hours_not_even_that_is_known(clinic_site) -> None:
    left_after(clinic_site, "no", "A" * 22)
    portal, later = clinic_site.portal, clinic_site.now + timedelta(minutes=121)
    portal.used._clock = lambda: later
    assert len(portal.used) == 0


def test_leaving_with_a_form_that_did_nothing_keeps_nothing(clinic_site) -> None:
    path = f"/c/{clinic_site.demo.cards[0].code}/no"
    clinic_site.ask("/leave", {"form": f"no.{clinic_site.demo.cards[0].code}.{'A' * 22}"})
    assert clinic_site.ask(path, {"form": "A" * 22}).status == 200
    assert len(clinic_site.portal.used) == 0


def test_the_form_again_after_leaving_does_not_touch_choices_begun_since(clinic_site) -> None:
    path = left_after(clinic_site, "no", "A" * 22)
    code = clinic_site.demo.cards[0].code
    clinic_site.ask(f"/c/{code}/start", {})
    clinic_site.portal.drafts.put(clinic_site.binding, Draft(code, way="same"))
    clinic_site.ask(path, {"form": "A" * 22})
    assert clinic_site.portal.drafts.get(clinic_site.binding).way == "same"
