"""A card's own page: what this is, and the three ways on. Plain forms; no script, no code, no app needed.

*No to everything*, *stop everything* and *no to the question* are done here and now. Each form carries a
nonce, so that a double tap or a reload sends nothing twice and shows the same page again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from core import answering, help_in_place, qr, reader, saving, seal, visit
from core import card as codes
from core.errors import CardExpired, CardUnknown
from core.keys import ClientKeys
from core.portal import Portal, clock
from core.saving import Letter, Saved
from core.shelf import Shelf
from core.store import cards, practice
from core.store.cards import Card
from core.store.limits import network
from core.store.practice import Therapist
from core.text import Words
from core.web.asked import Asked
from core.web.languages import take_pick
from core.web.responses import page

#: The questions answered on the card's page, beside "Is this real?".
_HELPS = ("what", "who", "talk", "saw")
_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_DONE = 200


@dataclass(frozen=True)
class Welcome:
    """The pages of a card. ``preloads``: the app's scripts, which the page's own script fetches while someone reads."""

    portal: Portal
    preloads: tuple[str, ...]
    _letters: Shelf[Letter] = field(default_factory=lambda: Shelf(timedelta(hours=2), clock), repr=False)

    def show(self, asked: Asked) -> Response:
        """The card's page, or what is still possible with a card that has run out."""
        card = self._card(asked)
        words = self._words(asked, card)
        try:
            cards.usable(self.portal.database, card.code, clock())
        except CardExpired as error:
            return self._page(
                "expired.html", card, words, 410, sentence=words.problem(error), nonce=_nonce(), back=asked.back
            )
        therapist = practice.of_card(self.portal.database, card)
        found = practice.find_practice(self.portal.database)
        return self._page(
            "welcome.html",
            card,
            words,
            therapist=therapist.name,
            accounts=", ".join(therapist.accounts) or words("common.no_account"),
            practice=found.name if found else "",
            demo=bool(found and found.demo),
            check_words=seal.check_words(therapist.sealing_public, therapist.signing_public, card.language),
            helps=help_in_place.answers(_HELPS, words, therapist, card.language),
            only_no=card.only_no,
            nonce=_nonce(),
            preloads=self.preloads,
            back=asked.back,
        )

    def start(self, asked: Asked) -> Response:
        """Go on to the app with this card."""
        return self._on(asked, "/explain")

    def change(self, asked: Asked) -> Response:
        """Go on to the client's own page with this card."""
        return self._on(asked, "/mine")

    def no(self, asked: Asked) -> Response:
        """Say no to everything: a signed document of nevers. A personal code is offered afterwards."""
        card = cards.usable(self.portal.database, self._card(asked).code, clock())
        therapist, language = practice.of_card(self.portal.database, card), self._words(asked, card).language

        def write() -> Letter:
            keys = ClientKeys.new()
            return saving.write_choices(card, therapist, saving.nevers(clock()), keys=keys, language=language)

        return self._begin_anew("no", asked, card, therapist, write)

    def stop(self, asked: Asked) -> Response:
        """Stop everything: an unsigned restriction, for which the card is enough. A run-out card is too."""
        card = self._card(asked)
        therapist, language = practice.of_card(self.portal.database, card), self._words(asked, card).language

        def write() -> Letter:
            return saving.write_stop(card, therapist, clock(), language=language)

        return self._begin_anew("stop", asked, card, therapist, write)

    def no_to_question(self, asked: Asked) -> Response:
        """Say no to whatever question is open: the card is enough, also one that has run out."""
        card = self._card(asked)
        therapist, language = practice.of_card(self.portal.database, card), self._words(asked, card).language

        def write() -> Letter:
            return answering.write_no_to_whatever_is_open(card, therapist, clock(), language)

        return self._done("question", asked, card, therapist, write)

    def _words(self, asked: Asked, card: Card) -> Words:
        return reader.words(self.portal, asked.binding, asked.accept_language, card.language)

    def _card(self, asked: Asked) -> Card:
        """Return the card in the address unless it is blocked. Unknown ones are counted, so none is found by trying."""
        now, visitor = clock(), network(asked.address)
        self.portal.limits.check("card", visitor, now)
        try:
            card = cards.find(self.portal.database, asked.code)
            return cards.usable(self.portal.database, card.code, now)
        except CardExpired:
            return card
        except CardUnknown:
            self.portal.limits.note("card", visitor, now)
            raise

    def _on(self, asked: Asked, path: str) -> Response:
        card = cards.usable(self.portal.database, self._card(asked).code, clock())
        visit.scan(self.portal, asked.binding, card.code)
        return RedirectResponse(path, 303)

    def _begin_anew(
        self, what: str, asked: Asked, card: Card, therapist: Therapist, write: Callable[[], Letter]
    ) -> Response:
        page = self._done(what, asked, card, therapist, write)
        if page.status_code == _DONE:
            visit.after_stop(self.portal, asked.binding, card.code)
        return page

    def _done(self, what: str, asked: Asked, card: Card, therapist: Therapist, write: Callable[[], Letter]) -> Response:
        take_pick(self.portal, asked, card.code)
        given = asked.form.get("form", "")
        nonce = given if _NONCE.fullmatch(given) else _nonce()
        key = f"{what}.{card.code}.{nonce}"
        saved, words = self._sent(key, write), self._words(asked, card)
        if saved is None:
            return self._left_before(card, words)
        if what == "question" and saved.sent:
            # Filed: whoever reads that question in this browser is told that it is closed.
            self.portal.noes.put(asked.binding, saved.token)
        return self._page(
            "done.html",
            card,
            words,
            _DONE,
            what=what,
            therapist=therapist.name,
            saved=saved,
            personal=saved.keys.code if saved.keys else "",
            picture="" if saved.sent else qr.svg(qr.matrix(saved.token.text, qr.TOKEN_MASK)),
            form_key=key,
            # The same form again shows the same page, in the language that was picked.
            switch=f"/c/{card.code}/{what}",
            switch_fields={"form": nonce},
        )

    def _left_before(self, card: Card, words: Words) -> Response:
        """Say that this form was used before its page was left; whoever taps Back has done nothing twice."""
        lines, to = [words("used.what"), words("used.again")], f"/c/{card.code}"
        title, again = words("used.title"), words("used.button")
        return self._page("problem.html", card, words, 409, title=title, lines=lines, again=again, to=to, back=to)

    def _sent(self, key: str, write: Callable[[], Letter]) -> Saved | None:
        # Two taps may arrive at once; the second finds what the first did. Where nobody knows whether
        # it was kept, the next try sends the same letter.
        with self.portal.turns.of(key):
            saved = self.portal.forms.get(key)
            if saved is None and not self.portal.was_left(key):
                letter = self._letters.get(key) or write()
                self._letters.put(key, letter)
                saved = saving.send(self.portal.outbox, letter)
                self.portal.forms.put(key, saved)
                self._letters.forget(key)
        return saved

    def _page(self, template: str, card: Card, words: Words, status: int = 200, **values: object) -> Response:
        shown = codes.shown(card.code)
        leave_to = self.portal.settings.leave_to
        return page(template, words, status, code=card.code, shown=shown, leave_to=leave_to, **values)


def _nonce() -> str:
    return secrets.token_urlsafe(16)
