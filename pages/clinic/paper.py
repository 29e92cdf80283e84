"""A paper form entered by staff: it restricts at once, and the client may confirm it on this screen."""

from __future__ import annotations

import streamlit as st

from core.errors import SaysoError
from pages.parts import staff_paper, staff_paper_form
from pages.parts.session import here
from pages.parts.staff_frame import counter, heading

staff_paper.show_handed_over(here())
who = counter("paper")
t = who.words
heading(t("paper.title"))
code = staff_paper.card()
if staff_paper.done(who):
    st.stop()
st.write(t("paper.what") if who.vault else t("paper.office.what"))
if code is None:
    staff_paper.pick_card(who)
    staff_paper.print_form(who)
else:
    try:
        card, name = staff_paper.whose(who, code)
    except SaysoError as problem:
        staff_paper.forget()
        st.error(t.problem(problem))
    else:
        staff_paper.show_card(who, card, name)
        draft = staff_paper_form.entered(who, code)
        staff_paper.keep(who, card, name, draft)
        staff_paper.print_form(who, card)
