"""Whatever happens, in whatever order: nothing is ever allowed without a live document, and a live yes where asked.

A whole practice is played at random, through the real store, and every verdict is held against a plain account
of what each client last said by their own key.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from core import importing, knowing, posting, requests
from core.errors import InboxFirst, MayNotAsk, MayNotPost, SaysoError
from core.take_downs import take_downs
from tests.core.clinic import NOW, found
from tests.core.story import TERMS, Client, about, ask, draft, publish

DAY = timedelta(days=1)


class Practice(RuleBasedStateMachine):
    """Two clients, one draft of each, and whatever may happen to them."""

    original: tuple = ()

    @initialize()
    def open_the_practice(self):
        self.folder = Path(tempfile.mkdtemp())
        source, therapist, recovery_code = self.original
        shutil.copy(source, self.folder / "clinic.sqlite3")
        self.clinic = found(self.folder / "clinic.sqlite3", therapist, recovery_code)
        self.now = NOW
        self.clients = [Client(self.clinic, card) for card in self.clinic.cards[:2]]
        self.said = [[] for _ in self.clients]  # what arrived of each: (when it was said, what, by which keys)
        self.unopened = []
        self.pieces = []
        for client, i in zip(self.clients, range(2), strict=True):
            self.pieces.append(draft(self.clinic, about((client.card.code, "2026-05-01")), f"Words {i}."))

    who = st.integers(0, 1)

    @rule(days=st.sampled_from([0, 1, 7, 30, 95]), seconds=st.integers(1, 3))
    def time_passes(self, days, seconds):
        self.now += days * DAY + timedelta(seconds=seconds)

    @rule(who=who, treatment=st.sampled_from(["ask", "disguised", "never"]))
    def saves_choices(self, who, treatment):
        client = self.clients[who]
        fields = {"materials": ("story",), "topics": ("work",), "therapy": "during", "gap_months": 0}
        saved = self.clinic.save(client.keys, self.now, client.card, post=treatment, may_recognise_self=True, **fields)
        self.unopened.append((who, saved, treatment, client.keys))

    @rule(who=who, signed=st.booleans())
    def stops(self, who, signed):
        client = self.clients[who]
        saved = self.clinic.stop(self.now, client.keys if signed else None, client.card)
        self.unopened.append((who, saved, "stop", client.keys))

    @rule(who=who)
    def loses_the_code_and_starts_anew(self, who):
        self.clients[who] = Client(self.clinic, self.clients[who].card)

    @rule(data=st.data(), compared=st.booleans())
    @precondition(lambda self: self.unopened)
    def a_token_is_imported_in_any_order(self, data, compared):
        place = data.draw(st.integers(0, len(self.unopened) - 1))
        self.imports(place, compared=compared)

    def imports(self, place, *, compared=False):
        who, saved, what, keys = self.unopened.pop(place)
        self.clinic.take_in(saved, self.now, compared=compared)
        self.said[who].append((saved.token.body.issued_at, what, keys))
        # Its parcel has arrived with it.
        importing.look_at_mailbox(self.clinic.vault, self.now)

    @rule(who=who)
    def is_asked(self, who):
        try:
            ask(self.clinic, self.pieces[who], self.clients[who], self.now, self.terms())
        except (MayNotAsk, InboxFirst):
            assert len([one for one in self.outcomes(who) if one.answer is None]) <= 1

    def terms(self):
        today = self.now.date()
        return replace(TERMS, answer_by=today + 20 * DAY, post_on=today + 30 * DAY, take_down_on=today + 150 * DAY)

    @rule(who=who, answer=st.sampled_from(["yes", "yes", "no", "not_now", "yes_if_changed"]))
    def answers(self, who, answer):
        client = self.clients[who]
        if not client.letters(self.now).questions:
            return
        try:
            saved = client.answers(answer, self.now, import_at=False)
        except SaysoError:
            assert answer == "yes"
            return
        self.unopened.append((who, saved, answer, client.keys))

    @rule(who=who, signed=st.booleans())
    def takes_it_back(self, who, signed):
        client = self.clients[who]
        if client.letters(self.now).questions:
            saved = client.undoes(self.now, signed=signed, import_at=False)
            self.unopened.append((who, saved, "undo", client.keys))

    @rule(who=who)
    def is_judged(self, who):
        try:
            verdict = knowing.judge(self.clinic.vault, self.pieces[who].draft.post, self.now)
        except InboxFirst:
            assert self.unopened
            return
        if verdict.answer == "allowed":
            self.rests_on_the_clients_own_word(who)

    @rule(who=who)
    def is_posted(self, who):
        try:
            publish(self.clinic, self.pieces[who], self.now)
        except (MayNotPost, InboxFirst):
            return
        if not take_downs(self.clinic.vault, self.now):
            assert all(
                rest.documents for piece in posting.published(self.clinic.vault) for rest in piece.posted.rests_on
            )

    def outcomes(self, who):
        return requests.outcomes(self.clinic.vault, self.clients[who].card.code, self.now)

    def rests_on_the_clients_own_word(self, who):
        """The newest choices of one key permit it, nothing after them stops it, and a yes where they say ask."""
        assert not [one for one in self.unopened if one[1].sent]
        vault, code = self.clinic.vault, self.clients[who].card.code
        key = vault.holder(code).confirmed_key
        own = [(at, what) for at, what, keys in self.said[who] if keys.signing_public == key]
        choices = [one for one in own if one[1] in {"ask", "disguised", "never"}]
        assert choices
        at, treatment = max(choices, key=lambda one: one[0])
        assert treatment != "never"
        # Whoever sent it: a stop that is not older than the choices.
        assert not [one for one in self.said[who] if one[1] == "stop" and one[0] >= at]
        assert self.now < at + timedelta(days=184)
        if treatment == "ask":
            yeses = [when for when, what in own if what == "yes"]
            assert yeses
            assert any(when + 7 * DAY <= self.now < when + timedelta(days=366) for when in yeses)
            assert not [one for one in self.said[who] if one[1] in {"no", "not_now", "yes_if_changed", "undo"}]

    def teardown(self):
        if hasattr(self, "clinic"):
            self.clinic.database.close()
            shutil.rmtree(self.folder)


def test_nothing_is_allowed_without_a_live_word_of_everybody_in_it(practice_file):
    Practice.original = practice_file
    run_state_machine_as_test(
        Practice,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.parametrize("treatment", ["ask", "disguised"])
def test_the_play_does_reach_what_is_allowed(practice_file, treatment):
    Practice.original = practice_file
    play = Practice()
    play.open_the_practice()
    play.saves_choices(who=0, treatment=treatment)
    play.imports(0, compared=True)
    if treatment == "ask":
        play.is_asked(who=0)
        play.time_passes(days=1, seconds=1)
        play.answers(who=0, answer="yes")
        play.imports(0)
        play.time_passes(days=7, seconds=1)
    assert knowing.judge(play.clinic.vault, play.pieces[0].draft.post, play.now).answer == "allowed"
    play.is_judged(who=0)
    play.is_posted(who=0)
    assert posting.published(play.clinic.vault)
    play.teardown()
