"""The demo practice: one tap, real parts, marked as what it is."""

from __future__ import annotations

import pytest

from core.demo import PASSPHRASE, start_demo
from core.errors import AlreadySetUp
from core.store import practice
from core.store.vaults import open_vault
from tests.core.clinic import NOW

BASE = "http://localhost:8501"


def test_a_demo_is_marked_opens_with_its_passphrase_and_has_cards_to_try(database):
    demo = start_demo(database, BASE, NOW)
    assert practice.find_practice(database).demo
    assert open_vault(database, demo.therapist.id, PASSPHRASE).keys.sealing.public == demo.therapist.sealing_public
    assert len(demo.cards) == 5
    assert {card.state for card in demo.cards} == {"handed_out"}


def test_a_practice_is_never_replaced_by_a_demo(clinic):
    with pytest.raises(AlreadySetUp):
        start_demo(clinic.database, BASE, NOW)
    assert practice.list_therapists(clinic.database) == [clinic.therapist]


def test_a_demo_is_started_once(database):
    demo = start_demo(database, BASE, NOW)
    with pytest.raises(AlreadySetUp):
        start_demo(database, BASE, NOW)
    assert practice.list_therapists(database) == [demo.therapist]
