"""What entries say: the same thing under the same name everywhere, and nobody's name at all."""

from __future__ import annotations

import json
from datetime import date

from core import entries, token, wire
from core.audit import KINDS
from core.entries import Asked, Basis
from core.keys import ClientKeys
from core.model.verdict import Reason, Verdict
from core.text import notice_hash
from core.vault import DataKey
from tests.core.clinic import NOW, document, later
from tests.core.recorded import hash_of
from tests.core.story import about

KEY, OTHER = DataKey(b"k" * 32), DataKey(b"o" * 32)
CARD, CLIENT = "K7QM2XPF", ClientKeys(b"c" * 16)
THERAPIST = ClientKeys(b"t" * 16).sealing_public
POST = about((CARD, "2026-05-01"), content_hash=hash_of("draft"))


def sealed(content, *, signed=True, expires_at=None, understood=False):
    body = wire.Body(content, CARD, NOW, expires_at, 3, notice_hash("en"), "en", signed=signed, understood=understood)
    return token.issue(body, THERAPIST, CLIENT if signed else None)


def test_each_kind_of_token_says_what_it_is():
    chosen = document(video="ask", note="canary note")
    choices = sealed(wire.Choices(chosen), expires_at=chosen.expires_at, understood=chosen.understood)
    kind, said = entries.arrived(KEY, choices)
    assert (kind, said["token_kind"], said["number"]) == ("import", "preferences", 3)
    assert said["channel.video"] == "ask"
    assert said["expires_at"] == int(chosen.expires_at.timestamp())
    kind, said = entries.arrived(KEY, sealed(wire.Answer(b"r" * 32, "no", "canary note")))
    assert (kind, said["answer"], said["request"]) == ("answer", "no", (b"r" * 32).hex())
    kind, said = entries.arrived(KEY, sealed(wire.Withdrawal("one_post", b"r" * 32), signed=False))
    assert (kind, said["scope"], said["key"]) == ("import", "one_post", None)


def test_one_card_has_one_pseudonym_and_another_under_another_vault():
    asked = Asked(CARD, bytes(32), bytes(32), ("video",), NOW, date(2026, 12, 6), date(2027, 1, 1))
    subjects = {
        entries.arrived(KEY, sealed(wire.Withdrawal("everything")))[1]["subject"],
        entries.confirmed(KEY, CARD, CLIENT.signing_public)["subject"],
        entries.requested(KEY, asked)["subject"],
        entries.subject_of(KEY, CARD),
    }
    assert len(subjects) == 1
    assert entries.subject_of(OTHER, CARD) not in subjects
    assert entries.subject_of(KEY, CARD) != entries.key_of(KEY, CARD.encode())


def test_nothing_that_is_said_names_a_client():
    chosen = document(video="ask", note="canary note")
    verdict = Verdict("ask", ask=(CARD,), reasons=(Reason("ask", CARD),))
    asked = Asked(CARD, bytes(32), bytes(32), ("video",), NOW, date(2026, 12, 6), date(2027, 1, 1))
    said = [
        entries.arrived(KEY, sealed(wire.Choices(chosen), expires_at=chosen.expires_at)),
        entries.arrived(KEY, sealed(wire.Answer(b"r" * 32, "no", "canary note"))),
        entries.confirmed(KEY, CARD, CLIENT.signing_public),
        entries.requested(KEY, asked),
        entries.judged(POST, verdict),
        entries.posted(POST, NOW, 1, [Basis((b"d" * 32,))]),
    ]
    text = json.dumps(said)
    assert [name for name in (CARD, "canary", CLIENT.signing_public.hex(), CLIENT.code) if name in text] == []


def test_the_order_of_people_says_nothing():
    basis = [Basis((bytes([number]) * 32,), (bytes([9 - number]) * 32,)) for number in range(3)]
    assert entries.posted(POST, NOW, 1, basis) == entries.posted(POST, NOW, 1, reversed(basis))


def test_a_verdict_and_a_post_tell_of_a_draft_alike():
    verdict = entries.judged(POST, Verdict("not_yet", on=date(2027, 1, 1), reasons=(Reason("session_gap", CARD),)))
    posted = entries.posted(POST, later(days=1), 7, [], date(2027, 2, 1), "https://example.org")
    for name in ("content_hash", "form", "channels"):
        assert verdict[name] == posted[name]
    assert (verdict["on"], verdict["rules"], verdict["people"]) == ("2027-01-01", ["session_gap"], 1)
    assert (posted["verdict"], posted["take_down_on"]) == (7, "2027-02-01")


def test_money_is_a_place_it_goes_to():
    paid = about((CARD, "2026-05-01"), paid=True)
    assert entries.judged(paid, Verdict("no"))["channels"] == ["post", "promotion"]


def test_the_small_kinds_say_one_thing_each():
    assert entries.taken_down(3, "done") == {"post": 3, "state": "done"}
    assert entries.exported("review", ("b", "a")) == {"what": "review", "parts": ["a", "b"]}
    assert entries.keys_are(b"\1" * 32, b"\2" * 32) == {"sealing_public": "01" * 32, "signing_public": "02" * 32}
    assert entries.opens_with("passphrase") == {"opens_with": "passphrase"}
    assert entries.copied(b"\3" * 32) == {"backup": "03" * 32}
    assert entries.corrected(3, "page 12") == {"post": 3, "address": "page 12"}
    assert entries.set_aside(b"\4" * 32, "back") == {"parcel": "04" * 32, "state": "back"}
    assert len(set(KINDS)) == len(KINDS)
