"""The form of "May I post this?": what is planned, piece by piece. What was said outlives a look at another page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import may_post, people
from core.card import shown
from core.model.post import Form, latest_session
from core.model.posted import Piece
from core.model.question import Question, Told
from core.model.taxonomy import TAXONOMY
from core.people import Person
from core.text import Words
from pages.parts import staff_post_words
from pages.parts.form import one_of, start_from, tick
from pages.parts.staff_day import ask_day
from pages.parts.staff_frame import Desk, changes
from pages.parts.staff_text import plain

#: Which draft is open: its id, empty for a new one; absent while the list is shown.
OPEN = "post-open"
_SAID, _FILES = "post-said", "post-files"
_WHO, _MOMENT = "post-who", 30
_OTHER, _NONE = "another\n", "none"
_USES = tuple(term.id for term in TAXONOMY.locked)
Say = Callable[[str], str]
Seen = TypeVar("Seen")
#: So many cards are offered for a story; more are found by searching.
_OFFERED = 8


def said() -> dict[str, Any]:
    """Return what was said so far, by field: kept apart from the fields, which go while another page is open."""
    kept: dict[str, Any] = st.session_state.setdefault(_SAID, {"stories": [], "next": 0})
    return kept


def fill(desk: Desk, piece: Piece | None) -> None:
    """Begin anew: from a kept draft, or from nothing."""
    for key in [key for key in st.session_state if str(key).startswith(("post-f-", _SAID))]:
        del st.session_state[key]
    # Only a new field forgets a file.
    st.session_state[_FILES] = st.session_state.get(_FILES, 0) + 1
    if piece is None:
        return
    known, field = may_post.question_of(piece), said()
    field |= {"form": known.form, "slots-for": known.form, "text": known.text, "translation": known.translation}
    field |= {"paid": "yes" if known.paid else "no", "live": "yes" if known.live else "no"}
    field |= {"channels": known.channels, "materials": known.materials}
    field |= {"topics": known.topics or (_NONE,), "uses": known.uses or (_NONE,)}
    field["account"] = known.account if known.account in may_post.accounts(desk.vault) else _OTHER
    field["title"], field["kept-file"] = piece.draft.title, known.kept_file
    for story in known.stories:
        number = _add_story()
        field[f"date-{number}"], field[f"people-{number}"] = story.session_date, story.people


def open_draft(desk: Desk, piece: Piece) -> None:
    """Let the page show this kept draft."""
    fill(desk, piece)
    st.session_state[OPEN] = piece.id


def leave_out(number: int) -> None:
    """Drop a story by its number in the form. Where somebody's no took it out, the draft still has its details."""
    said()["stories"].remove(number)
    if number in said().get("noes", ()):
        said()["left-out-of"] = said()["words"]


def remember_noes(places: Sequence[int], words: str) -> list[int]:
    """Remember which stories a no takes out, and what names the draft that has them. Returns their numbers."""
    said()["noes"], said()["words"] = [said()["stories"][place] for place in places], words
    noes: list[int] = said()["noes"]
    return noes


def names(desk: Desk) -> Say:
    """Return how each card is called: by its alias and code."""
    t, known = desk.words, _seen(desk, "holders", desk.vault.holders)

    def name(code: str) -> str:
        alias = known[code].alias if code in known else ""
        return t("post.person", alias=alias, code=shown(code)) if alias else t("post.card", code=shown(code))

    return name


def ask(desk: Desk, name: Say) -> Question:
    """Show the form and return what was said."""
    t = desk.words
    st.header(t("post.form"))
    form = _choice(
        "form",
        t("post.form.label"),
        get_args(Form),
        lambda one: t(f"post.form.{one}.label"),
        lambda one: t(f"post.form.{one}.hint"),
    )
    stories = _stories(desk, form, name) if form in {"disguised", "composite"} else ()
    st.header(t("post.account"))
    account = _account(desk)
    channels = _ticks(
        "channels", TAXONOMY.channel_ids, t, lambda one: t(f"channel.{one}.label"), hint=t("post.channels.what")
    )
    materials = _ticks("materials", TAXONOMY.material_ids, t, lambda one: t(f"post.material.{one}.label"))
    topics = _ticks("topics", TAXONOMY.topic_ids, t, lambda one: t(f"post.topic.{one}.label"), none=True)
    uses = _ticks("uses", _USES, t, lambda one: t(f"post.use.{one}.label"), none=True)
    paid, live = _money_and_live(t)
    codes = sorted({code for story in stories for code in story.people})
    foreign = _seen(desk, f"foreign {codes}", lambda: may_post.other_language(desk.vault, codes, t.language))
    text, translation, file = staff_post_words.ask(t, said(), st.session_state.get(_FILES, 0), foreign=foreign)
    return Question(
        form=form,
        stories=stories,
        account=account,
        channels=channels,
        materials=materials,
        topics=_some(topics),
        uses=_some(uses),
        paid=paid,
        live=live,
        text=text,
        translation=translation,
        file=file,
        left_out_of=said().get("left-out-of", ""),
        kept_file=said().get("kept-file", ""),
    )


def _money_and_live(t: Words) -> tuple[bool | None, bool | None]:
    st.header(t("post.money"))
    said_of = {"no": t("post.no.label"), "yes": t("post.yes.label")}
    paid = _choice("paid", t("post.paid.label"), tuple(said_of), said_of.__getitem__)
    live = _choice("live", t("post.live.label"), tuple(said_of), said_of.__getitem__)
    return _is_yes(paid), _is_yes(live)


def _is_yes(chosen: str | None) -> bool | None:
    return None if chosen is None else chosen == "yes"


def _some(ticked: tuple[str, ...]) -> tuple[str, ...] | None:
    """Whatever is ticked counts, also beside "none of these"."""
    return tuple(one for one in ticked if one != _NONE) if ticked else None


def _choice(field: str, label: str, options: Sequence[str], shown: Say, hints: Say | None = None) -> str | None:
    said()[field] = one_of(label, options, shown, key=f"post-f-{field}", value=said().get(field), hints=hints)
    chosen: str | None = said()[field]
    return chosen


def _ticks(
    field: str, ids: Sequence[str], t: Words, label: Say, *, hint: str = "", none: bool = False
) -> tuple[str, ...]:
    st.header(t(f"post.{field}"))
    if hint:
        st.caption(hint)
    options = [*ids, _NONE] if none else list(ids)
    before = said().get(field, ())
    ticked = tuple(
        one
        for column, some in _in_two(options)
        for one in some
        if _tick_in(
            column,
            t("post.none.label") if one == _NONE else label(one),
            key=f"post-f-{field}-{one}",
            value=one in before,
        )
    )
    said()[field] = ticked
    return ticked


def _in_two(options: Sequence[str]) -> Iterator[tuple[DeltaGenerator, Sequence[str]]]:
    half = (len(options) + 1) // 2
    return zip(st.columns(2, gap="small"), (options[:half], options[half:]), strict=True)


def _tick_in(column: DeltaGenerator, label: str, *, key: str, value: bool) -> bool:
    with column:
        return tick(label, key=key, value=value)


def _account(desk: Desk) -> str | None:
    t, covered = desk.words, may_post.accounts(desk.vault)
    said()["account"] = one_of(
        t("post.account.label"),
        [*covered, _OTHER],
        lambda one: t("post.account.other.label") if one == _OTHER else plain(one),
        key="post-f-account",
        value=said().get("account"),
    )
    chosen: str | None = said()["account"]
    return chosen


def _add_story() -> int:
    number: int = said()["next"]
    said()["stories"].append(number)
    said()["next"] = number + 1
    return number


def _stories(desk: Desk, form: str | None, name: Say) -> tuple[Told, ...]:
    t = desk.words
    st.header(t("post.stories"))
    st.caption(t("post.stories.what"))
    if form == "composite":
        st.caption(t("post.stories.composite"))
    # Only once for each kind: a story that was taken off stays off.
    if said().get("slots-for") != form:
        said()["slots-for"] = form
        while len(said()["stories"]) < may_post.slots(form):
            _add_story()
    own = said()["stories"][:1] if form == "disguised" else said()["stories"]
    told = tuple(_story(desk, place, number, name, alone=len(own) < 2) for place, number in enumerate(own))
    if form == "composite":
        st.button(t("post.story.add.button"), key="post-add", on_click=_add_story)
    return told


def _story(desk: Desk, place: int, number: int, name: Say, *, alone: bool) -> Told:
    t = desk.words
    with st.container(border=True, key=f"post-story-{number}"):
        if not alone:
            st.markdown(f"### {t('post.story', number=place + 1)}")
        people_in_it = _people(desk, number, name)
        start_from(f"post-f-date-{number}", said().get(f"date-{number}"))
        label, last = t("post.story.date.label"), latest_session(desk.now)
        day = ask_day(t, label, key=f"post-f-date-{number}", last=last)
        st.caption(t("post.story.date.hint"))
        said()[f"date-{number}"] = day
        if not alone:
            label = t("post.story.remove.button", number=place + 1)
            st.button(label, key=f"post-off-{number}", on_click=leave_out, args=(number,))
    return Told(people_in_it, day)


def _people(desk: Desk, number: int, name: Say) -> tuple[str, ...]:
    t, before = desk.words, said().get(f"people-{number}", ())
    start_from(f"post-f-find-{number}", said().get(f"find-{number}"))
    search = st.text_input(t("post.story.find.label"), key=f"post-f-find-{number}", autocomplete="off")
    said()[f"find-{number}"] = search
    found = _seen(desk, f"found {search}", lambda: people.list_people(desk.vault, desk.now, search))
    offered, more = _offered(found, before)
    ticked = tuple(
        code
        for column, some in _in_two(offered)
        for code in some
        if _tick_in(column, plain(name(code)), key=f"post-f-in-{number}-{code}", value=code in before)
    )
    if more or not offered:
        st.caption(t("post.story.more" if more else "post.story.nobody"))
    said()[f"people-{number}"] = ticked
    return ticked


def _seen(desk: Desk, what: str, look: Callable[[], Seen]) -> Seen:
    """Return who there is as it was seen a moment ago: opening every row for each story takes too long to type by."""
    stamp = (changes(), int(desk.now.timestamp()) // _MOMENT)
    kept: tuple[object, dict[str, Any]] | None = st.session_state.get(_WHO)
    if kept is None or kept[0] != stamp:
        kept = st.session_state[_WHO] = (stamp, {})
    if what not in kept[1]:
        kept[1][what] = look()
    seen: Seen = kept[1][what]
    return seen


def _offered(found: list[Person], before: Sequence[str]) -> tuple[list[str], bool]:
    """Those ticked stay in sight, whatever is searched for. Also returns whether more cards fit."""
    fitting = [person.card.code for person in sorted(found, key=lambda one: (one.name.casefold(), one.card.number))]
    unticked = [code for code in fitting if code not in before]
    offered = set(unticked[:_OFFERED])
    listed = [code for code in fitting if code in offered or code in before]
    return [*(code for code in before if code not in fitting), *listed], len(unticked) > _OFFERED
