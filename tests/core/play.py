"""A whole practice, played at random through the real store: what may happen to four people and six drafts.

Drafts 0 and 3 are about one person, 1 and 4 about a couple, 2 and 5 composites of three stories with all of them.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from core import answering, importing, knowing, posting, saving, token, wire
from core.answering import Reply
from core.errors import AlreadyImported, ClockBehind, InboxFirst, MayNotAsk, MayNotPost, SaysoError
from core.model.circumstances import Circumstances
from core.model.posted import Piece
from core.people import link
from core.saving import Saved
from core.take_downs import take_downs
from core.text import notice_hash
from tests.core.clinic import NOW, document, found
from tests.core.story import TERMS, Client, about, ask, draft, publish
from tests.core.word import DAY, Account, Question, Said

WHO, PIECE = st.integers(0, 3), st.integers(0, 5)
DAYS = ("2026-05-01", "2026-08-20", "2026-10-01")
STORIES = [[({0}, DAYS[0])], [({1, 2}, DAYS[1])], [({0}, DAYS[0]), ({1, 2}, DAYS[1]), ({3}, DAYS[2])]] * 2
FORMS = ["disguised", "disguised", "composite"] * 2
CHOICES = st.fixed_dictionaries(
    {"post": st.sampled_from(["ask", "ask", "disguised", "composite", "undecided", "never"])},
    optional={
        "may_recognise_self": st.booleans(),
        "materials": st.sampled_from([("lesson",), ("story",)]),
        "topics": st.sampled_from([(), ("work",)]),
        "therapy": st.sampled_from(["during", "after"]),
        "gap_months": st.sampled_from([0, 3, 6]),
    },
)
WILLING = {
    "materials": ("story",),
    "topics": ("work",),
    "therapy": "during",
    "gap_months": 0,
    "may_recognise_self": True,
}


@dataclass(frozen=True)
class OnItsWay:
    """Something that was said and is not imported yet."""

    said: Said
    saved: Saved


class Practice(RuleBasedStateMachine):
    """Four clients, six drafts, and whatever may happen to them."""

    original: tuple = ()
    allowed = 0

    @initialize()
    def open_the_practice(self):
        self.folder = Path(tempfile.mkdtemp())
        source, therapist, recovery_code = self.original
        shutil.copy(source, self.folder / "clinic.sqlite3")
        self.clinic = found(self.folder / "clinic.sqlite3", therapist, recovery_code)
        self.now, self.account, self.unopened, self.arrived = NOW, Account(), [], []
        self.account.enters(self.now)
        self.clients = [Client(self.clinic, card) for card in self.clinic.cards[:4]]
        self.linked: list[set[int]] = []
        self.posted: dict[int, dict[int, datetime]] = {}
        self.pieces: list[Piece] = [self._draft(number) for number in range(len(STORIES))]

    def _draft(self, number):
        stories = [([self.clients[who].card.code for who in sorted(people)], day) for people, day in STORIES[number]]
        return draft(self.clinic, about(*stories, form=FORMS[number]), f"Words {number}.")

    # What time does.

    @rule(days=st.sampled_from([0, 1, 7, 7, 30, 95, 200]), seconds=st.integers(1, 3))
    def time_passes(self, days, seconds):
        self.now += days * DAY + timedelta(seconds=seconds)

    @rule(back=st.sampled_from([timedelta(seconds=1), timedelta(hours=30), 8 * DAY, 40 * DAY]))
    def the_clock_is_set_back(self, back):
        # Not to before the last session: nobody could have told of it.
        self.now = max(self.now - back, NOW - 40 * DAY)

    # What a client does.

    @rule(who=WHO, chosen=CHOICES, by_hand=st.booleans())
    def saves_choices(self, who, chosen, by_hand=False):
        client = self.clients[who]
        with self._by_hand(by_hand):
            # A client whose own clock is behind says things later than the last, as the portal does.
            at = saving.next_moment(client.record(self.now), self.now)
            saved = self.clinic.save(client.keys, at, client.card, **WILLING | chosen)
        self._is_on_its_way(who, "choices", saved)

    @rule(who=WHO, paper=st.booleans(), treatment=st.sampled_from(["ask", "never"]))
    def somebody_with_the_card_brings_choices_without_a_key(self, who, paper, treatment):
        client = self.clients[who]
        choices = document(self.now.replace(microsecond=0), post=treatment, **WILLING)
        body = wire.Body(
            content=wire.Choices(choices),
            card=client.card.code,
            issued_at=choices.issued_at,
            expires_at=choices.expires_at,
            sequence=1,
            notice=notice_hash("en"),
            language="en",
            signed=False,
            understood=choices.understood,
            paper=paper,
        )
        issued = token.issue(body, self.clinic.therapist.sealing_public)
        self._is_on_its_way(who, "choices", Saved(issued, sent=False))

    @rule(who=WHO, signed=st.booleans(), by_hand=st.booleans())
    def stops(self, who, signed, by_hand=False):
        client = self.clients[who]
        with self._by_hand(by_hand):
            saved = self.clinic.stop(self.now, client.keys if signed else None, client.card)
        self._is_on_its_way(who, "stop", saved)

    @rule(who=WHO)
    def loses_the_code_and_starts_anew(self, who):
        self.clients[who] = Client(self.clinic, self.clients[who].card)

    @rule(who=WHO, piece=PIECE, answer=st.sampled_from(["yes", "yes", "yes", "no", "not_now", "yes_if_changed"]))
    def answers(self, who, piece, answer):
        question = self._question(who, piece)
        if question is None:
            return
        client, reply = self.clients[who], Reply(answer, "want" if answer == "yes" else None)
        try:
            letter = answering.write_answer(
                client.card, self.clinic.therapist, question, reply, self.now, keys=client.keys, last=client.record()
            )
        except SaysoError:
            assert answer == "yes"
            return
        self._is_on_its_way(who, answer, saving.send(self.clinic.outbox, letter), piece)

    @rule(who=WHO)
    def says_no_to_whatever_is_open(self, who):
        card = self.clients[who].card
        letter = answering.write_no_to_whatever_is_open(card, self.clinic.therapist, self.now)
        self._is_on_its_way(who, "no", saving.send(self.clinic.outbox, letter))

    @rule(who=WHO, piece=PIECE, signed=st.booleans())
    def takes_it_back(self, who, piece, signed):
        client, question = self.clients[who], self._question(who, piece)
        if question is None:
            return
        keys, last = (client.keys, client.record()) if signed else (None, None)
        letter = answering.write_undo(
            client.card, self.clinic.therapist, question.request_id, self.now, keys=keys, last=last
        )
        self._is_on_its_way(who, "undo", saving.send(self.clinic.outbox, letter), piece)

    # What becomes of a token.

    @rule(data=st.data(), compared=st.booleans())
    @precondition(lambda self: self.unopened)
    def a_token_is_imported_in_any_order(self, data, compared):
        self.imports(data.draw(st.integers(0, len(self.unopened) - 1)), compared=compared)

    def imports(self, place, *, compared=False):
        one = self.unopened[place]
        try:
            look = importing.preview(self.clinic.vault, one.saved.token.text, self.now)
        except SaysoError:
            # Dated more than a day ahead of a clock that was set back: it waits.
            assert one.said.at > self.now + DAY
            return
        importing.keep(self.clinic.vault, look, self.now, compared=compared)
        self.account.enters(self.now)
        if compared and look.confirms:
            self.account.compared.add((one.said.who, look.confirms))
        self.account.arrived.append(one.said)
        self.arrived.append(self.unopened.pop(place))
        # Its parcel has arrived with it.
        importing.look_at_mailbox(self.clinic.vault, self.now)

    @rule()
    def everything_waiting_is_imported(self):
        for place in reversed(range(len(self.unopened))):
            self.imports(place, compared=True)

    @rule(data=st.data())
    @precondition(lambda self: any(not one.saved.sent for one in self.unopened))
    def a_token_given_by_hand_is_lost(self, data):
        lost = data.draw(st.sampled_from([one for one in self.unopened if not one.saved.sent]))
        self.unopened.remove(lost)

    @rule(data=st.data())
    @precondition(lambda self: self.arrived)
    def a_token_comes_once_more(self, data):
        again = data.draw(st.sampled_from(self.arrived))
        with suppress(AlreadyImported):
            importing.preview(self.clinic.vault, again.saved.token.text, max(self.now, again.said.at))
            raise AssertionError

    # What a therapist does.

    @rule(who=WHO, piece=PIECE)
    def is_asked(self, who, piece):
        today = self.now.date()
        terms = replace(TERMS, answer_by=today + 20 * DAY, post_on=today + 30 * DAY, take_down_on=today + 150 * DAY)
        try:
            asked = ask(self.clinic, self.pieces[piece], self.clients[who], self.now, terms)
        except (MayNotAsk, InboxFirst):
            return
        self.account.enters(self.now)
        request = asked.request
        said = Question(who, piece, request.issued_at, request.closes_at, request.take_down_on)
        self.account.questions.append(said)

    @rule(who=WHO)
    @precondition(lambda self: not self.account.dead)
    def dies(self, who):
        self.account.dead.add(who)
        knowing.note_circumstances(self.clinic.vault, self.clients[who].card.code, Circumstances(died=True))

    @rule(who=WHO, other=WHO)
    @precondition(lambda self: not self.linked)
    def two_cards_turn_out_to_be_one_persons(self, who, other):
        if who != other:
            self.linked.append({who, other})
            link(self.clinic.vault, self.clients[who].card.code, self.clients[other].card.code, self.now)
            self.account.enters(self.now)

    @rule(piece=PIECE, treatment=st.sampled_from(["ask", "disguised"]))
    def everyone_in_it_is_willing(self, piece, treatment="ask"):
        self.time_passes(0, 1)
        self.everything_waiting_is_imported()
        for who in sorted(set().union(*(together for together, _ in self._stories(piece)))):
            self.saves_choices(who, {"post": treatment if who == 0 else "disguised"})
        self.everything_waiting_is_imported()
        self.is_judged(piece)

    @rule(piece=PIECE, who=WHO)
    def a_question_is_answered_with_yes(self, piece, who=0):
        self.everything_waiting_is_imported()
        self.is_asked(who, piece)
        self.time_passes(1, 1)
        self.answers(who, piece, "yes")
        self.everything_waiting_is_imported()
        self.time_passes(7, 1)
        self.is_judged(piece)

    # What must hold.

    @rule(piece=PIECE)
    def is_judged(self, piece):
        objections = self._objections(piece)
        try:
            verdict = knowing.judge(self.clinic.vault, self.pieces[piece].draft.post, self.now)
        except InboxFirst:
            assert any(one.saved.sent for one in self.unopened)
            return
        except ClockBehind:
            assert self.account.clock_is_behind(self.now)
            assert objections == []
            return
        if verdict.answer == "allowed":
            type(self).allowed += 1
            assert not any(one.saved.sent for one in self.unopened)
            assert not self.account.clock_is_behind(self.now)
            assert objections == []
        else:
            assert objections

    @rule(piece=PIECE)
    def is_posted(self, piece):
        if piece in self.posted:
            return
        objections = self._objections(piece)
        try:
            publish(self.clinic, self.pieces[piece], self.now)
        except (MayNotPost, InboxFirst):
            return
        except ClockBehind:
            assert self.account.clock_is_behind(self.now)
            return
        assert objections == []
        assert not self.account.clock_is_behind(self.now)
        self.account.enters(self.now)
        self.posted[piece] = {who: self._rests_on(who) for people, _ in self._stories(piece) for who in people}

    @rule()
    @precondition(lambda self: self.posted)
    def what_was_taken_back_has_to_come_down(self):
        listed = {task.piece.id for task in take_downs(self.clinic.vault, self.now)}
        live = {piece.id for piece in posting.published(self.clinic.vault)}
        for piece, basis in self.posted.items():
            assert self.pieces[piece].id in live
            if any(self._is_taken_back(piece, who, since) for who, since in basis.items()):
                assert self.pieces[piece].id in listed

    def _is_taken_back(self, piece, who, since):
        own = [one for one in self.account.arrived if one.who == who]
        stopped = any(one.what == "stop" and one.at >= since for one in own)
        asked = [one for one in self.account.questions if (one.who, one.piece) == (who, piece)]
        return stopped or any(one.what == "undo" and one.piece == piece for one in own if asked)

    def _rests_on(self, who):
        key = self._keys()[who]
        return max(one.at for one in self.account.arrived if (one.who, one.what, one.key) == (who, "choices", key))

    def _objections(self, piece):
        stories = [(people, date.fromisoformat(day)) for people, day in self._stories(piece)]
        return self.account.objections(piece, stories, FORMS[piece], self._keys(), self.now)

    def _stories(self, piece):
        """The stories with every card that must permit: both of one person's."""
        whole = []
        for people, day in STORIES[piece]:
            more = [pair for pair in self.linked if pair & people]
            whole.append((people.union(*more), day))
        return whole

    def _keys(self):
        return {who: self.clinic.vault.holder(one.card.code).confirmed_key for who, one in enumerate(self.clients)}

    def _question(self, who, piece):
        client, wanted = self.clients[who], self.pieces[piece].draft.content_hash
        questions = client.letters(self.now).questions
        return next((one for one in questions if one.request.content_hash == wanted), None)

    def _is_on_its_way(self, who, what, saved, piece=None):
        body = saved.token.body
        content = body.content
        chosen = content.preferences.model_dump(mode="json") if isinstance(content, wire.Choices) else {}
        said = Said(who, what, body.issued_at, body.client_key if body.signed else None, chosen, piece)
        self.unopened.append(OnItsWay(said, saved))

    @contextmanager
    def _by_hand(self, by_hand):
        before = self.clinic.outbox
        if by_hand:
            self.clinic.without_mailbox()
        yield
        self.clinic.outbox = before

    def teardown(self):
        if hasattr(self, "clinic"):
            self.clinic.database.close()
            shutil.rmtree(self.folder)
