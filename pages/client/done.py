"""Done: the sealed code to show, the check code, my copy, and what happens next."""

from __future__ import annotations

import streamlit as st

from core import receipt
from core.receipt import MyCopy, Sender
from core.saving import Saved
from core.store import practice
from core.visit import change_again
from core.web.own_assets import drawing
from core.wire import Choices
from pages.parts import prose
from pages.parts.client import Visit, visit
from pages.parts.client_saved import kept_copy, note_shown
from pages.parts.client_token import check_code, square, text_and_file
from pages.parts.form import fold, tick
from pages.parts.session import origin


def _sent(seen: Visit, saved: Saved) -> None:
    t, name = seen.words, seen.therapist.name
    prose.show(
        prose.title(t("done.title")),
        drawing("sealed", 96, 72),
        prose.paragraph(t("done.sent" if saved.sent else "done.not_sent", therapist=name)),
        check_code(t, saved, t("done.ack.why", therapist=name)),
        prose.heading(t("done.qr")),
    )
    square(t, saved.token)


def _my_copy(seen: Visit, saved: Saved, content: Choices) -> MyCopy:
    found = practice.find_practice(seen.here.portal.database)
    sender = Sender(
        seen.therapist.name,
        found.name if found else "",
        seen.therapist.accounts,
        seen.here.portal.public_url or origin(),
    )
    own_code = saved.keys.code if saved.keys else ""
    return receipt.my_copy(
        content.preferences,
        sender,
        seen.card.code,
        saved.acknowledgement,
        own_code,
        "\n".join(filter(None, (seen.draft.mark, seen.words("guardian.copy") if seen.draft.guardian else ""))),
        seen.words.language,
    )


def _keep(seen: Visit, saved: Saved, copy: MyCopy) -> None:
    t = seen.words
    with st.container(key="personal"):
        prose.show(
            prose.heading(t("done.copy.title")),
            prose.paragraph(t("done.copy.why")),
            *(_own_code(seen, saved.keys.code) if saved.keys else ()),
            "" if st.session_state.get("keep") else prose.paragraph(t("reception.keep.nothing")),
        )
    kept = tick(t("reception.keep.label"), key="keep", value=False)
    prose.show(prose.paragraph(t("reception.keep.hint"), "aside"))
    if kept:
        kept_copy(t, copy)


def _own_code(seen: Visit, own_code: str) -> tuple[str, ...]:
    t = seen.words
    return prose.paragraph(t("done.code"), "strong"), prose.code(own_code), prose.paragraph(t("done.code.lost"))


def _other_ways(seen: Visit, saved: Saved) -> None:
    t = seen.words
    part = fold(t("done.other"), key="other")
    if not part.open:
        return
    with part:
        text_and_file(t, saved.token)
        st.button(t("done.print"), key="print", width="stretch")
        st.write(t("done.paper"))


def _next(seen: Visit, saved: Saved) -> None:
    t = seen.words
    prose.show(prose.heading(t("done.next")), prose.paragraph(t("done.next.text", therapist=seen.therapist.name)))
    if st.button(t("mine.change"), key="change", width="stretch"):
        seen.keep(change_again(seen.draft))
        st.switch_page("client/choose.py")
    if saved.keys and st.button(t("done.mine"), key="mine", width="stretch"):
        seen.here.portal.personal.put(seen.here.binding, saved.keys.seed)
        st.switch_page("client/mine.py")


seen = visit()
t, saved = seen.words, seen.draft.saved
if saved is None:
    st.switch_page("client/check.py")
content = saved.token.body.content
if not isinstance(content, Choices):
    st.switch_page("client/mine.py")
note_shown(saved)
_sent(seen, saved)
copy = _my_copy(seen, saved, content)
_keep(seen, saved, copy)
_other_ways(seen, saved)
_next(seen, saved)
