"""``/``: the first start, and afterwards the way in with a card."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from core import card as codes
from core import reader
from core.demo import PASSPHRASE, start_demo
from core.errors import CardUnknown, SaysoError, TooManyTries, WrongSetupCode
from core.portal import Portal, clock
from core.signing_in import give_setup_code
from core.store import cards, practice
from core.store.limits import network
from core.text import Words
from core.web.asked import Asked
from core.web.responses import page

#: Somebody may type the whole address from the card.
_LONGEST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Home:
    """The pages at the root."""

    portal: Portal

    def show(self, asked: Asked) -> Response:
        """The first start before set-up; afterwards the form for a card."""
        found = practice.find_practice(self.portal.database)
        if found is None:
            return self._first(asked)
        return self._card_form(asked, demo=found.demo)

    def find_card(self, asked: Asked) -> Response:
        """Go on to the card a person typed. A wrong code is counted."""
        now, visitor = clock(), network(asked.address)
        self.portal.limits.check("card", visitor, now)
        try:
            code = cards.find(self.portal.database, asked.form.get("code", "")).code
        except CardUnknown as error:
            self.portal.limits.note("card", visitor, now)
            return self._card_form(asked, typed=asked.form.get("code", "")[:_LONGEST_TYPED], error=error, status=404)
        return RedirectResponse(f"/C/{code}", 303)

    def start_demo(self, asked: Asked) -> Response:
        """Make the demo practice; from another machine only with the set-up code."""
        if not asked.this_machine:
            try:
                give_setup_code(self.portal, asked.binding, asked.form.get("setup", ""), asked.address, clock())
            except (WrongSetupCode, TooManyTries) as error:
                return self._first(asked, error=error, status=403)
        start_demo(self.portal.database, asked.base, clock())
        return RedirectResponse("/", 303)

    def _first(self, asked: Asked, error: SaysoError | None = None, status: int = 200) -> Response:
        words = self._words(asked)
        if self.portal.settings.face == "client":
            return page(
                "said.html",
                words,
                503,
                title=words("first.closed.title"),
                lines=[words("first.closed")],
                back=asked.back,
            )
        wrong = words.problem(error) if error else ""
        return page("first.html", words, status, ask_code=not asked.this_machine, error=wrong, back=asked.back)

    def _card_form(
        self,
        asked: Asked,
        *,
        demo: bool | None = None,
        typed: str = "",
        error: SaysoError | None = None,
        status: int = 200,
    ) -> Response:
        staff = self.portal.settings.face != "client"
        if demo is None:
            found = practice.find_practice(self.portal.database)
            demo = found is not None and found.demo
        return page(
            "home.html",
            self._words(asked),
            status,
            leave_to=self.portal.settings.leave_to,
            back=asked.back,
            takes_cards=self.portal.settings.face != "staff",
            staff=staff,
            demo_card=self._demo_card() if demo and staff else "",
            demo_passphrase=PASSPHRASE,
            typed=typed,
            error=self._words(asked).problem(error) if error else "",
        )

    def _words(self, asked: Asked) -> Words:
        return reader.words(self.portal, asked.binding, asked.accept_language)

    def _demo_card(self) -> str:
        for therapist in practice.list_therapists(self.portal.database):
            for card in cards.of_therapist(self.portal.database, therapist.id):
                if card.state == "handed_out":
                    return codes.shown(card.code)
        return ""
