"""Choose: no, the same everywhere, or place by place. Nothing is preset; all options look alike."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import streamlit as st

from core.drafts import WAYS, Draft, Way
from core.model.taxonomy import PROMOTION, TAXONOMY, WITHOUT_UNDERSTANDING
from pages.parts import prose
from pages.parts.client import Visit, back_and_on, visit
from pages.parts.client_help import offer
from pages.parts.client_sending import shown_first
from pages.parts.form import as_set, fold, one_of
from pages.parts.problems import Problems

#: Where the phone is given time to draw: when its screen is full, and halfway through the rest, to hear a finger.
_PAUSES = (TAXONOMY.channel_ids[0], TAXONOMY.channel_ids[2])


def _treatments(seen: Visit, channel: str | None) -> list[str]:
    options = TAXONOMY.treatments_for(channel) if channel else tuple(term.id for term in TAXONOMY.treatments)
    if seen.draft.only_ask:
        return [option for option in options if option in WITHOUT_UNDERSTANDING]
    return list(options)


def _treatment(seen: Visit, label: str, key: str, channel: str | None, value: str | None) -> str | None:
    t = seen.words
    prose.show(prose.heading(label), prose.paragraph(t(f"channel.{channel}.hint")) if channel else "")
    options = _treatments(seen, channel)
    return one_of(
        label,
        options,
        lambda option: t(f"treatment.{option}.label"),
        key=key,
        value=value if value in options else None,
        hints=lambda option: t(f"treatment.{option}.hint"),
        headed=True,
    )


def _same(seen: Visit, draft: Draft, problems: Problems) -> Draft:
    problems.place("same")
    chosen = _treatment(seen, seen.words("choose.same"), "same", None, draft.same)
    if chosen in ("composite", "disguised"):
        st.write(seen.words("choose.same.promotion"))
    return replace(draft, same=chosen)


def _each(seen: Visit, draft: Draft) -> Draft:
    t = seen.words
    chosen: dict[str, str] = {}
    for channel in TAXONOMY.channel_ids:
        label = t(f"channel.{channel}.label")
        if channel == PROMOTION:
            state = t(f"treatment.{draft.treatments()[PROMOTION]}.label")
            part = fold(t("choose.promotion.folded", state=as_set(state)), key="promotion")
            answer = draft.channels.get(channel)
            if part.open:
                with part:
                    answer = _treatment(seen, label, f"channel-{channel}", channel, answer)
        else:
            answer = _treatment(seen, label, f"channel-{channel}", channel, draft.channels.get(channel))
        if answer:
            chosen[channel] = answer
        if channel in _PAUSES:
            shown_first(channel, lambda: seen.keep(replace(draft, channels={**draft.channels, **chosen})))
    prose.show(prose.paragraph(t("choose.unanswered"), "aside"))
    return replace(draft, channels=chosen)


def _on(seen: Visit, draft: Draft, problems: Problems) -> None:
    t = seen.words
    gap = next((gap for gap in draft.missing() if gap in ("way", "same")), None)
    if gap:
        problems.say(gap, t(f"choose.pick_{gap}"))
    elif draft.has_yes:
        st.switch_page("client/limits.py")
    else:
        st.switch_page("client/check.py")


seen = visit()
t = seen.words
st.title(t("choose.title"))
problems = Problems()
if seen.draft.only_ask:
    st.write(t("guardian.only_ask" if seen.draft.guardian else "choose.only_ask"))
if seen.draft.on_paper and seen.draft.keys is None:
    # Nothing is preset here but by the client's own hand: so it says whose.
    st.write(t("choose.from_paper"))
problems.place("way")
way = one_of(
    t("choose.way"),
    WAYS,
    lambda option: t(f"choose.way.{option}.label"),
    key="way",
    value=seen.draft.way,
    hints=lambda option: t(f"choose.way.{option}.hint"),
)
draft = replace(seen.draft, way=cast("Way | None", way))
if way in ("same", "each"):
    offer(t, seen.therapist, seen.card, "words")
if way == "same":
    draft = _same(seen, draft, problems)
elif way == "each":
    draft = _each(seen, draft)
seen.keep(draft)
if back_and_on(t, "explain"):
    _on(seen, draft, problems)
offer(t, seen.therapist, seen.card, "who", "talk")
