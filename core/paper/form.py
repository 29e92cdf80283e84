"""The paper form: the same choices in the same order, for who has no phone. Nothing on it is ticked."""

from __future__ import annotations

from dataclasses import dataclass, field

from core import card, plain
from core.model.circumstances import offered_topics
from core.model.taxonomy import TAXONOMY
from core.paper import document
from core.paper.document import Blank, Boxes, Item, Section, Text
from core.text import Words


@dataclass(frozen=True)
class PaperForm:
    """Whose form it is. ``card``: the code of the card it goes with, or nothing to write it in by hand.

    ``part_2``: a practice that cannot offer every topic.
    """

    therapist: str
    practice: str
    accounts: tuple[str, ...]
    card: str = field(default="", repr=False)
    language: str = "en"
    part_2: bool = False


def pdf(form: PaperForm, page: str = "letter") -> bytes:
    """Return the form as a PDF; ``page``: letter or a4."""
    words = Words(form.language)
    return document.pdf(
        words("print.form.title"), sections(form), page, lambda number: words("print.page", page=number)
    )


def sections(form: PaperForm) -> tuple[Section, ...]:
    """Return everything on the form: what is said first, then the choices in the order of the screens."""
    words = Words(form.language)
    return (
        _said(form, words),
        Section(words("print.form.all_no"), (Boxes(((words("print.form.no"), ""),)),)),
        Section(words("print.form.places"), (Text(words("print.form.places.how")), *_meanings(words))),
        *(Section(words(f"channel.{channel}.label"), _place(channel, words)) for channel in TAXONOMY.channel_ids),
        *_limits(form, words),
        _signature(form, words),
    )


def _said(form: PaperForm, words: Words) -> Section:
    accounts = ", ".join(form.accounts) or words("common.no_account")
    said = (
        words("notice.what"),
        words("notice.choose"),
        words("notice.no"),
        words("notice.who", therapist=form.therapist, accounts=accounts),
        words("notice.mixed"),
        words("notice.changed"),
        words("notice.asked"),
        words("notice.fail"),
        words("notice.undo"),
        words("notice.end"),
        words("notice.stop"),
        words("notice.taken"),
        words("notice.locked"),
        *(words(f"locked.{term.id}.label") for term in TAXONOMY.locked),
    )
    return Section("", tuple(map(Text, said)))


def _meanings(words: Words) -> tuple[Text, ...]:
    """What each answer means: once, before the places, so that these take a page and not three."""
    ids = [term.id for term in TAXONOMY.treatments]
    return tuple(Text(f"{words(f'treatment.{one}.label')}: {words(f'treatment.{one}.hint')}") for one in ids)


def _place(channel: str, words: Words) -> tuple[Item, ...]:
    answers = tuple((words(f"treatment.{one}.label"), "") for one in TAXONOMY.treatments_for(channel))
    return Text(words(f"channel.{channel}.hint")), Boxes(answers, columns=2)


def _limits(form: PaperForm, words: Words) -> tuple[Section, ...]:
    materials = (Text(words("limits.intro")), _ticks("material", TAXONOMY.material_ids, words))
    recognise = Boxes(((words("recognise_self.label"), words("recognise_self.hint")),))
    return (
        Section(words("limits.materials"), (*materials, recognise)),
        Section(words("limits.term"), (Text(words("limits.term.hint")), _terms(words))),
        Section(words("check.topics"), _topics(form, words)),
        Section(
            words("limits.therapy"), (Boxes(tuple((words(f"therapy.{t.id}.label"), "") for t in TAXONOMY.therapy)),)
        ),
        Section(words("limits.gap"), (Boxes(tuple((words(f"gap.{m}.label"), "") for m in TAXONOMY.gap_months)),)),
        Section(words("print.form.more"), (Blank(words("print.form.note")),)),
    )


def _topics(form: PaperForm, words: Words) -> tuple[Item, ...]:
    listed = (Text(words("limits.topics.intro")), _ticks("topic", offered_topics(part_2=form.part_2), words))
    return (*listed, Text(words("limits.topics.part_2"))) if form.part_2 else listed


def _ticks(family: str, terms: tuple[str, ...], words: Words) -> Boxes:
    if family == "material":
        return Boxes(tuple((plain.material(term, words), "") for term in terms))
    return Boxes(tuple((words(f"{family}.{term}.label"), "") for term in terms), columns=2)


def _terms(words: Words) -> Boxes:
    return Boxes(tuple((words(f"term.{months}.label"), "") for months in TAXONOMY.term_months), columns=3)


def _signature(form: PaperForm, words: Words) -> Section:
    shown = card.shown(form.card) if form.card else ""
    return Section(
        words("print.form.sign"),
        (
            Text(words("print.form.confirm")),
            Boxes(((words("check.own"), ""), (words("guardian.label"), words("guardian.what")))),
            Text(f"{words('print.copy.card')}: {shown}") if shown else Blank(words("print.copy.card")),
            Blank(words("print.form.date")),
            Blank(words("print.copy.signed")),
            Text(words("print.form.mark")),
        ),
    )
