"""Special cases in the core: two signatures for a minor, the guardians' cards, and what is noted by what staff type."""

from __future__ import annotations

from datetime import date

import pytest

from core import entries, knowing, people, saving, special
from core.errors import BadInput
from core.keys import ClientKeys
from core.model.circumstances import Circumstances
from core.store import audit, practice
from tests.core.clinic import NOW, document, later
from tests.core.story import about

GROWN = date(2030, 1, 1)
FIELDS = {"materials": ("story",), "topics": ("work",), "therapy": "during", "gap_months": 0}


def chooses(clinic, card, at=NOW, *, guardian=False, treatment="ask", keys=None):
    letter = saving.write_choices(
        card,
        clinic.therapist,
        document(at, post=treatment, **FIELDS),
        keys=keys or ClientKeys.new(),
        guardian=guardian,
    )
    clinic.take_in(letter.token.text, at, compared=True)


def judged(clinic, card, at=NOW):
    verdict = knowing.judge(clinic.vault, about((card.code, "2026-05-01")), at)
    return verdict.answer, {(reason.rule, reason.person) for reason in verdict.reasons}, set(verdict.ask)


@pytest.fixture
def pair(clinic):
    """A minor and a guardian: two cards."""
    minor, guardian = clinic.cards[:2]
    note(clinic, minor, guardian)
    return minor, guardian


def note(clinic, minor, *guardians, day=GROWN):
    noted = Circumstances(majority_on=day, guardians=tuple(one.code for one in guardians))
    knowing.note_circumstances(clinic.vault, minor.code, noted)


def test_a_minor_and_a_guardian_are_both_asked(clinic, pair):
    minor, guardian = pair
    chooses(clinic, minor)
    assert judged(clinic, minor)[:2] == ("no", {("no_preferences", guardian.code)})
    chooses(clinic, guardian, guardian=True)
    answer, _, asked = judged(clinic, minor)
    assert (answer, asked) == ("ask", {minor.code, guardian.code})


def test_a_guardian_cannot_sign_for_the_minor_on_the_minors_card(clinic, pair):
    minor, guardian = pair
    chooses(clinic, guardian, guardian=True)
    chooses(clinic, minor, guardian=True)
    assert judged(clinic, minor)[:2] == ("no", {("hold", minor.code)})


def test_a_guardian_says_that_they_sign_as_one(clinic, pair):
    minor, guardian = pair
    chooses(clinic, minor)
    chooses(clinic, guardian)
    assert judged(clinic, minor)[:2] == ("no", {("hold", guardian.code)})


def test_a_minor_without_a_guardians_card_permits_nothing(clinic):
    note(clinic, clinic.card)
    chooses(clinic, clinic.card)
    assert judged(clinic, clinic.card)[:2] == ("no", {("hold", clinic.card.code)})


def test_a_guardian_of_nobody_permits_nothing(clinic):
    chooses(clinic, clinic.card, guardian=True)
    assert judged(clinic, clinic.card)[:2] == ("no", {("hold", clinic.card.code)})


def test_a_guardian_of_two_ends_with_the_first_who_comes_of_age(clinic):
    elder, younger, guardian = clinic.cards[:3]
    note(clinic, younger, guardian, day=date(2034, 1, 1))
    note(clinic, elder, guardian, day=date(2028, 1, 1))
    assert clinic.vault.holder(guardian.code).about.majority_on == date(2028, 1, 1)
    knowing.note_circumstances(clinic.vault, elder.code, Circumstances())
    assert clinic.vault.holder(guardian.code).about.majority_on == date(2034, 1, 1)


def test_a_guardian_no_longer_named_is_none(clinic, pair):
    minor, guardian = pair
    note(clinic, minor, clinic.cards[2])
    assert clinic.vault.holder(guardian.code).about == Circumstances()
    assert clinic.vault.holder(clinic.cards[2].code).about.is_guardian


def test_noting_something_else_of_a_guardian_leaves_them_a_guardian(clinic, pair):
    _, guardian = pair
    knowing.note_circumstances(clinic.vault, guardian.code, Circumstances(crisis=True))
    noted = clinic.vault.holder(guardian.code).about
    assert (noted.is_guardian, noted.majority_on, noted.crisis) == (True, GROWN, True)


def test_nobody_under_age_is_a_guardian(clinic, pair):
    minor, guardian = pair
    with pytest.raises(BadInput, match="can not be under age"):
        note(clinic, clinic.cards[3], minor)
    with pytest.raises(BadInput, match="on the minor's own card"):
        note(clinic, guardian, clinic.cards[3])


def test_guardians_are_typed_by_code_number_or_name(clinic):
    minor, first, second = clinic.cards[:3]
    people.rename(clinic.vault, second.code, "Quiet river")
    typed = f" {first.number} , quiet RIVER,"
    special.note(clinic.vault, minor.code, Circumstances(majority_on=GROWN), typed, NOW)
    assert set(clinic.vault.holder(minor.code).about.guardians) == {first.code, second.code}


def test_a_day_of_majority_that_came_is_cleared_only_after_a_new_choice(clinic, pair):
    minor, guardian = pair
    keys = ClientKeys.new()
    note(clinic, minor, guardian, day=date(2026, 12, 1))
    chooses(clinic, minor, keys=keys)
    grown = later(days=20)
    with pytest.raises(BadInput, match="since they came of age"):
        special.note(clinic.vault, minor.code, Circumstances(), "", grown)
    assert judged(clinic, minor, grown)[0] == "no"
    chooses(clinic, minor, grown, keys=keys)
    special.note(clinic.vault, minor.code, Circumstances(), "", grown)
    assert judged(clinic, minor, grown)[0] == "ask"


def test_a_slip_with_the_day_is_cleared_at_once(clinic, pair):
    minor, _ = pair
    chooses(clinic, minor)
    special.note(clinic.vault, minor.code, Circumstances(), "", NOW)
    assert clinic.vault.holder(minor.code).about == Circumstances()


def test_a_part_2_practice_leaves_substances_out_whatever_was_ticked(clinic):
    letter = saving.write_choices(
        clinic.card,
        clinic.therapist,
        document(NOW, post="ask", **FIELDS | {"topics": ("work", "substances")}),
        keys=ClientKeys.new(),
    )
    clinic.take_in(letter.token.text, NOW, compared=True)
    drinking = about((clinic.card.code, "2026-05-01"), topics=["substances"])
    assert knowing.judge(clinic.vault, drinking, NOW).answer == "ask"
    practice.switch_part_2(clinic.database, NOW, on=True)
    verdict = knowing.judge(clinic.vault, drinking, NOW)
    assert (verdict.answer, [reason.rule for reason in verdict.reasons]) == ("no", ["topic_left_out"])
    assert judged(clinic, clinic.card)[0] == "ask"


def test_each_change_is_an_entry_that_names_nobody(clinic):
    minor, guardian = clinic.cards[:2]
    noted = Circumstances(majority_on=GROWN, therapy_ended=date(2026, 5, 3), crisis=True)
    special.note(clinic.vault, minor.code, noted, guardian.code, NOW)
    special.put(clinic.vault, minor.code, Circumstances(), later(minutes=1))
    with clinic.database.read() as connection:
        told = [
            {fact.name: fact.value for fact in facts}
            for entry, facts in audit.opened(connection, clinic.vault)
            if entry.kind == "circumstances"
        ]
    subject, other = (entries.subject_of(clinic.vault.data_key, card.code) for card in (minor, guardian))
    nothing = {"subject": subject, "guardians": [], "therapy_ended": None, "majority_on": None, "cases": []}
    days = {"therapy_ended": "2026-05-03", "majority_on": "2030-01-01"}
    assert told == [nothing | days | {"guardians": [other], "cases": ["crisis"]}, nothing]
    assert audit.check(clinic.database).ok


def test_what_is_refused_leaves_no_entry(clinic):
    with pytest.raises(BadInput):
        special.note(clinic.vault, clinic.card.code, Circumstances(majority_on=GROWN), clinic.card.code, NOW)
    assert clinic.rows("SELECT kind FROM audit WHERE kind = 'circumstances'") == []
