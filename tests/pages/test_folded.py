"""Parts that are drawn only while they are open: what was chosen in them counts all the same."""

from __future__ import annotations

from dataclasses import replace

from core.drafts import Draft
from core.portal import clock
from core.store import practice
from tests.pages.conftest import BROWSER, unfolded
from tests.pages.own import tap


def test_what_was_chosen_in_a_folded_part_stays_when_it_is_folded_again(practised, page):
    practised.scan()
    at = page("choose")
    at._page_hash = ""
    at.radio(key="way").set_value("each").run()
    at.radio(key="channel-video").set_value("composite").run()
    unfolded(at, "promotion").radio(key="channel-promotion").set_value("ask").run()
    limits = unfolded(unfolded(tap(at, "onward"), "topics"), "when")
    limits.checkbox(key="topic-work").check().run()
    limits.radio(key="therapy").set_value("during").run()
    limits.radio(key="gap").set_value("0").run()
    limits.session_state["topics"] = limits.session_state["when"] = False
    limits.run()
    assert "topic-work" not in [tick.key for tick in limits.checkbox]
    draft = practised.portal.drafts.get(BROWSER)
    assert draft.channels == {"video": "composite", "promotion": "ask"}
    assert (draft.topics, draft.therapy, draft.gap_months) == (("work",), "during", 0)
    assert unfolded(limits, "topics").checkbox(key="topic-work").value
    assert unfolded(limits, "when").radio(key="gap").value == "0"


def test_a_topic_that_is_not_offered_goes_although_its_part_was_never_opened(practised, page):
    card = practised.scan()
    practice.switch_part_2(practised.portal.database, clock(), on=True)
    way = Draft(card.code, way="each", channels={"video": "ask"}, term_months=6)
    practised.draft(replace(way, topics=("work", "substances")))
    page("limits")
    assert practised.portal.drafts.get(BROWSER).topics == ("work",)


def test_the_label_stays_the_same_while_the_part_is_open(practised, page):
    # Another label is another part to the app: it would close under the reader's hand.
    card = practised.scan()
    practised.draft(Draft(card.code, way="each", channels={"video": "ask"}, term_months=6))
    at = unfolded(page("limits"), "topics")
    before = at.expander[0].label
    at.checkbox(key="topic-work").check().run()
    assert at.run().expander[0].label == before
    at.session_state["topics"] = False
    assert at.run().expander[0].label != before
