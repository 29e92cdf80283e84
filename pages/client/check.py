"""Check: every answer with a way to change it, then one button that saves and sends."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core import plain
from core.drafts import Draft
from core.errors import SaysoError
from core.model.preferences import Preferences
from pages.parts import prose
from pages.parts.client import Visit, visit
from pages.parts.client_help import folded
from pages.parts.client_saved import save_label, saved_before
from pages.parts.form import start_from, tick
from pages.parts.problems import Problems
from pages.parts.prose import Answers


def _section(seen: Visit, title: str, answers: Answers, page: str) -> str:
    t = seen.words
    about = t(f"check.{title}")
    given = prose.answers(answers or [t("common.none")])
    return prose.heading(about) + given + prose.press(t("common.change"), about, f"change-{page}")


def _answers(seen: Visit, document: Preferences) -> list[str]:
    t = seen.words
    places = _section(seen, "places", plain.places(document, t), "choose")
    if not document.has_yes:
        return [places, prose.paragraph(plain.ending(document, t))]
    limits: list[tuple[str, Answers]] = [
        ("what", plain.materials(document, t)),
        ("topics", plain.topics(document, t)),
        ("when", plain.timing(document, t)),
    ]
    if document.note:
        limits.append(("note", [document.note]))
    if "disguised" in document.channels.values():
        answer = "check.recognise.yes" if document.may_recognise_self else "check.recognise.no"
        limits.append(("recognise", [t(answer)]))
    limits.append(("end", [plain.ending(document, t)]))
    warning = plain.effect(document, t)
    return [
        places,
        *(_section(seen, title, given, "limits") for title, given in limits),
        *([prose.paragraph(warning, "note")] if warning else []),
    ]


def _changes(seen: Visit, document: Preferences) -> None:
    """Draw the buttons that the links beside the answers press: out of sight, one for each page."""
    for page in ("choose", "limits") if document.has_yes else ("choose",):
        if st.button(seen.words("common.change"), key=f"change-{page}"):
            st.switch_page(f"client/{page}.py")


def _missing(seen: Visit, gap: str) -> None:
    t = seen.words
    prose.show(prose.title(t("check.title")))
    if gap == "questions" and seen.draft.offered_a_person:
        st.error(t("check.missing.understood"))
        page = "choose"
    else:
        st.error(t(f"check.missing.{gap}"))
        page = {"term": "limits", "questions": "questions"}.get(gap, "choose")
    if st.button(t("common.change"), type="primary", width="stretch"):
        st.switch_page(f"client/{page}.py")
    st.stop()


def _guardian(seen: Visit) -> Draft:
    """Ask who signs. Returns the draft with the answer, or stops where a guardian cannot say as much as was chosen."""
    t = seen.words
    draft = replace(seen.draft, guardian=tick(t("guardian.label"), key="guardian", value=seen.draft.guardian))
    seen.keep(draft)
    if draft.guardian:
        st.write(t("guardian.what"))
    if "guardian" in draft.missing():
        st.error(t("guardian.too_much"))
        if st.button(t("common.change"), type="primary", key="change-guardian", width="stretch"):
            st.switch_page("client/choose.py")
        st.stop()
    return draft


def _save(seen: Visit, document: Preferences, problems: Problems) -> None:
    t, draft = seen.words, _guardian(seen)
    problems.place("own")
    own = not document.has_yes or tick(t("check.own"), key="own", value=False)
    start_from("mark", draft.mark or None)
    mark = st.text_input(t("check.mark"), key="mark", max_chars=60, autocomplete="off")
    prose.show(prose.paragraph(t("check.mark.hint"), "aside"))
    seen.keep(replace(draft, mark=mark.strip()))
    if not st.button(save_label(seen), type="primary", key="save", width="stretch"):
        return
    if not own:
        problems.say("own", t("check.own.needed"))
        return
    try:
        seen.save(replace(draft, mark=mark.strip()))
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    st.switch_page("client/done.py")


seen = visit()
t = seen.words
if seen.draft.saved:
    saved_before(seen, seen.draft.saved)
problems = Problems()
for gap in seen.draft.missing():
    # A guardian is told below, beside the tick that says so.
    if gap != "guardian":
        _missing(seen, gap)
document = seen.draft.document(seen.here.now.replace(microsecond=0))
prose.show(
    prose.title(t("check.title")),
    prose.paragraph(t("check.intro"), "strong"),
    *_answers(seen, document),
    prose.paragraph(t("check.talk")),
    folded(t, seen.therapist, seen.card, "who", "real"),
)
_changes(seen, document)
_save(seen, document, problems)
if st.button(t("common.back"), key="back", width="stretch"):
    st.switch_page("client/limits.py" if document.has_yes else "client/choose.py")
