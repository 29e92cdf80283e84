"""A paper form entered by staff: it restricts at once, and the client may confirm it on this screen."""

from __future__ import annotations

import streamlit as st

from core import people
from core.errors import SaysoError
from pages.parts import staff_paper, staff_paper_form
from pages.parts.session import here
from pages.parts.staff_frame import desk, heading

staff_paper.show_handed_over(here())
who = desk("paper")
t = who.words
heading(t("paper.title"))
code = staff_paper.card()
if staff_paper.done(who):
    st.stop()
st.write(t("paper.what"))
if code is None:
    staff_paper.pick_card(who)
    staff_paper.print_form(who)
else:
    try:
        person = people.find_person(who.vault, code, who.now)
    except SaysoError as problem:
        staff_paper.forget()
        st.error(problem.sentence)
    else:
        staff_paper.show_card(who, person)
        draft = staff_paper_form.entered(who, code)
        staff_paper.keep(who, person, draft)
        staff_paper.print_form(who, code)
