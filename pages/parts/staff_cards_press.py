"""The cards that are being made, as far as they are: found again after a reload, by who began them."""

from __future__ import annotations

import streamlit as st

from core.printing import Job
from core.store import card_batches
from pages.parts.staff_frame import Counter, tell


def at_work(who: Counter) -> bool:
    """Show the job that is not over, or what came of the last one. Returns whether one is at work."""
    job = who.here.portal.press.job(who.id)
    if job is None:
        return False
    if not job.is_over:
        _watch(who, job)
        return True
    _outcome(who, job)
    return False


def cut_off(who: Counter) -> None:
    """Name the batches that were cut off when the portal stopped. They are blocked; one tap puts them away."""
    portal, t = who.here.portal, who.words
    if portal.press.is_at_work:
        return
    for batch in card_batches.unfinished(portal.database):
        st.warning(t("cards.cut_off", first=batch.first, last=batch.last))
        if st.button(t("cards.cut_off.button", first=batch.first, last=batch.last), key=f"cut-off-{batch.id}"):
            with portal.database.write() as connection:
                card_batches.put_away(connection, [batch.id])
            st.rerun()


@st.fragment(run_every=1)
def _watch(who: Counter, job: Job) -> None:
    t = who.words
    if job.is_over:
        st.rerun()
    if job.state == "waiting":
        st.progress(0.0, t("cards.waiting"))
    else:
        done = job.count * job.done // job.steps
        st.progress(job.done / job.steps, t("cards.making", done=f"{done:,}", count=f"{job.count:,}"))
    st.caption(t("cards.making.go_on"))
    if st.button(t("cards.stop.button"), key="press-stop", width="stretch"):
        job.stop()


def _outcome(who: Counter, job: Job) -> None:
    t = who.words
    if job.state == "failed":
        st.error(who.words.problem(job.problem))
    elif job.state == "stopped":
        st.info(t("cards.stopped"))
    elif job.made is not None:
        made = job.made
        st.success(t("cards.made", first=made.first, last=made.last, sheets=made.sheets))
        st.download_button(
            t("cards.download.button"),
            job.pdf,
            "cards.pdf",
            "application/pdf",
            key="download",
            on_click="ignore",
            type="primary",
            width="stretch",
        )
    if st.button(t("cards.over.button"), key="press-over", width="stretch"):
        who.here.portal.press.forget(who.id)
        if job.state == "ready":
            tell(t("cards.forgotten"), "info")
        st.rerun()
