"""My copy: what a client keeps, as sections for a page, as a PDF, and as one picture.

The personal link and the personal code stand only here; so does the name or mark. File names are the caller's:
they hold no choice, no name and no code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core import card, crockford, plain
from core.model.preferences import Preferences
from core.paper import document, fonts
from core.paper.document import Blank, Code, Pairs, Qr, Section, Text
from core.text import Words


@dataclass(frozen=True)
class MyCopy:
    """Everything that stands on a copy, in plain words where a choice is meant.

    ``card``: 8 symbols; ``acknowledgement`` and ``client_code`` as shown in groups; ``base``: the public address;
    ``signed``: a name, a mark, or nothing. A copy without ``client_code`` has no personal link.
    """

    therapist: str
    practice: str
    accounts: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = field(repr=False)
    limits: tuple[tuple[str, str], ...] = field(repr=False)
    ends: str = field(repr=False)
    saved_on: date
    card: str = field(repr=False)
    acknowledgement: str = field(repr=False)
    base: str
    client_code: str = field(default="", repr=False)
    signed: str = field(default="", repr=False)
    language: str = "en"


@dataclass(frozen=True)
class Sender:
    """What a copy says of the practice: who may use it, and where."""

    therapist: str
    practice: str
    accounts: tuple[str, ...]
    base: str


def my_copy(
    preferences: Preferences,
    sender: Sender,
    card_code: str,
    acknowledgement: str,
    client_code: str = "",
    signed: str = "",
    language: str = "en",
) -> MyCopy:
    """Return the copy of a document, its choices and limits put into words. Dated by the document itself."""
    words = Words(language)
    return MyCopy(
        therapist=sender.therapist,
        practice=sender.practice,
        accounts=sender.accounts,
        choices=tuple(plain.places(preferences, words)),
        limits=limits(preferences, words),
        ends=plain.ending(preferences, words),
        saved_on=preferences.issued_at.date(),
        card=card_code,
        acknowledgement=acknowledgement,
        base=sender.base,
        client_code=client_code,
        signed=signed,
        language=language,
    )


def limits(preferences: Preferences, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what limits a yes, as pairs of words; nothing where there is no yes to limit."""
    if not preferences.has_yes:
        return ()
    rows = [
        (words("check.what"), _listed(plain.materials(preferences, words), words("print.copy.nothing"))),
        (words("check.topics"), _listed(plain.topics(preferences, words), words("limits.topics.none"))),
        (words("check.when"), _listed(plain.timing(preferences, words), "")),
    ]
    if preferences.note:
        rows.append((words("check.note"), preferences.note))
    if "disguised" in preferences.channels.values():
        fine = preferences.may_recognise_self
        rows.append((words("check.recognise"), words("check.recognise.yes" if fine else "check.recognise.no")))
    return tuple(rows)


def personal_link(base: str, card_code: str, client_code: str) -> str:
    """Return the address of the client's own page. What opens it is in the fragment, which no server is sent."""
    return f"{base.rstrip('/')}/mine#{card_code}.{crockford.tidy(client_code)}"


def sections(copy: MyCopy) -> tuple[Section, ...]:
    """Return everything on the copy, in the order in which it is read."""
    words = Words(copy.language)
    chosen: tuple[Section, ...] = (Section(words("print.copy.choices"), (Pairs(copy.choices), Text(copy.ends))),)
    if copy.limits:
        whole = all(fonts.prints_whole(answer) for _, answer in copy.limits)
        unprinted = () if whole else (Text(words("print.copy.signs")),)
        chosen += (Section(words("print.copy.limits"), (Pairs(copy.limits), *unprinted)),)
    return (_who(copy, words), *chosen, _stopping(copy, words), _signature(copy, words), *_own_code(copy, words))


def pdf(copy: MyCopy, page: str = "letter") -> bytes:
    """Return the copy as a PDF; ``page``: letter or a4."""
    words = Words(copy.language)
    return document.pdf(
        words("print.copy.title"), sections(copy), page, lambda number: words("print.page", page=number)
    )


def picture(copy: MyCopy) -> bytes:
    """Return the copy as one PNG to save on a phone."""
    return document.picture(Words(copy.language)("print.copy.title"), sections(copy))


def _who(copy: MyCopy, words: Words) -> Section:
    accounts = _listed(list(copy.accounts), words("common.no_account"))
    return Section(
        "",
        (
            Text(words("print.copy.what")),
            Pairs(
                (
                    (words("print.copy.therapist"), "\n".join(filter(None, (copy.therapist, copy.practice)))),
                    (words("print.copy.accounts"), accounts),
                    (words("print.copy.date"), plain.day(copy.saved_on, words)),
                    (words("print.copy.card"), card.shown(copy.card)),
                    (words("print.copy.ack"), copy.acknowledgement),
                )
            ),
            Text(words("print.copy.only", therapist=copy.therapist)),
        ),
    )


def _stopping(copy: MyCopy, words: Words) -> Section:
    address = f"{copy.base.rstrip('/')}/c/{copy.card}"
    texts = (
        words("print.copy.care"),
        words("print.copy.stop", address=address),
        words("print.copy.change"),
        words("print.copy.taken"),
        words("print.copy.undo"),
        words("print.copy.guess"),
    )
    return Section(words("print.copy.stopping"), tuple(map(Text, texts)))


def _signature(copy: MyCopy, words: Words) -> Section:
    mark = copy.signed.strip() or words("print.copy.unsigned")
    note = Text(words("print.copy.signed.note"))
    by_hand = () if fonts.prints_whole(mark) else (Text(words("print.copy.signed.signs")), Blank(""))
    day = Text(plain.day(copy.saved_on, words))
    return Section(words("print.copy.signed"), (Text(mark, strong=True), *by_hand, day, note))


def _own_code(copy: MyCopy, words: Words) -> tuple[Section, ...]:
    if not copy.client_code:
        return ()
    link = personal_link(copy.base, copy.card, copy.client_code)
    opens, lost = Text(words("print.copy.code.opens")), Text(words("print.copy.code.lost"))
    return (Section(words("print.copy.code"), (Code(copy.client_code), opens, Qr(link), lost)),)


def _listed(terms: list[str], otherwise: str) -> str:
    return "\n".join(terms if len(terms) < 2 else (f"• {term}" for term in terms)) or otherwise
