"""One token before it counts: who, what changes, what it is worth, and the code to compare."""

from __future__ import annotations

import streamlit as st

from core import importing
from core import plain as in_words
from core.card import shown
from core.errors import AlreadyImported, SaysoError
from core.importing import Preview
from core.standing import Held, choices_of
from pages.parts import staff_words
from pages.parts.staff_frame import Desk, tell
from pages.parts.staff_text import code, facts, glance, lines, plain


def show(desk: Desk, source: str, look: Preview) -> bool:
    """Show a token that waits for a decision. Returns whether it was imported just now."""
    # By token, not by place: a second tap never meets the next one.
    t, key = desk.words, f"{source}-{look.token.digest.hex()[:12]}"
    with st.container(border=True, key=f"token-{key}"):
        st.subheader(plain(name(look)))
        date = in_words.day(look.token.body.issued_at, t)
        st.caption(t("inbox.who", code=shown(look.card.code), number=look.card.number, date=date))
        st.write(f"**{staff_words.kind(look.token, t)}**")
        lines(staff_words.seals(look.token, t))
        _changes(desk, look)
        if look.older_than_held:
            st.info(t("inbox.older"))
        st.write(f"**{t('inbox.ack')}**")
        code(look.token.acknowledgement)
        waved = _not_handed_out(desk, look, key)
        return _decide(desk, look, key, waved=waved)


def name(look: Preview) -> str:
    """Return the alias, or the card's code where there is none."""
    return look.holder.alias or shown(look.card.code)


def _changes(desk: Desk, look: Preview) -> None:
    t = desk.words
    if look.token.body.kind != "preferences":
        st.write(t("inbox.stop.what") if look.after.on_hold or look.after.withdrawn else t("inbox.no_change"))
    elif look.before.documents:
        st.write(f"**{t('inbox.changes')}**" if look.changes else t("inbox.no_change"))
        facts(staff_words.change_facts(look.changes, t))
    else:
        document = choices_of(Held(look.token.body, look.token.digest))
        st.write(f"**{t('inbox.first')}**")
        glance(staff_words.glance(document, t))
        facts(staff_words.limit_facts(document, t))


def _not_handed_out(desk: Desk, look: Preview, key: str) -> bool:
    if look.handed_out:
        return False
    st.warning(desk.words("inbox.not_handed_out", number=look.card.number))
    return st.checkbox(desk.words("inbox.all_the_same.label"), key=f"waved-{key}")


def _decide(desk: Desk, look: Preview, key: str, *, waved: bool) -> bool:
    t = desk.words
    if not look.confirms:
        return st.button(t("inbox.import.button"), key=f"keep-{key}", type="primary", width="stretch") and _keep(
            desk, look, waved=waved
        )
    st.write(t("inbox.compare.other" if look.holder.confirmed_key else "inbox.compare.first"))
    if st.button(t("inbox.matches.button"), key=f"confirm-{key}", type="primary", width="stretch"):
        return _keep(desk, look, waved=waved, compared=True)
    if st.button(t("inbox.later.button"), key=f"later-{key}", width="stretch"):
        return _keep(desk, look, waved=waved)
    return False


def _keep(desk: Desk, look: Preview, *, waved: bool, compared: bool = False) -> bool:
    t = desk.words
    try:
        standing = importing.keep(desk.vault, look, desk.now, compared=compared, not_handed_out_is_fine=waved)
    except AlreadyImported as known:
        tell(t.problem(known), "info")
    except SaysoError as problem:
        st.error(t.problem(problem))
        return False
    else:
        state = t("inbox.older.done") if look.older_than_held else staff_words.after_import(standing, t)
        tell(t("inbox.imported", name=plain(name(look)), state=state))
    return True
