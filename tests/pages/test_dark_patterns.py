"""No dark patterns: what can be told from the screens themselves. Rule by rule as in docs/dark-patterns.md.

What only a browser sees (looks, taps) is in tests/browser/test_dark_patterns.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from core import importing, parcel
from core.drafts import Draft
from core.model.taxonomy import PROMOTION, TAXONOMY
from core.portal import clock
from core.received import ANSWERS
from core.store import mailbox
from core.text import Words
from tests.pages.conftest import BROWSER, Practised, shown, titles, unfolded
from tests.pages.own import Visitor, ref, someone, tap
from tests.pages.screens import Screen, screens
from tests.test_texts import catalogues

WORDS = Words()
ROOT = Path(__file__).resolve().parents[2]
#: What a client picked on the way to a state; everything else stands as it is first shown.
PICKED = {"way", "same", "channel-video", "term", "material-story", "topic-work", "guardian"}
#: Elements of Streamlit that count, hurry or celebrate.
PRESSING = {"progress", "metric", "spinner", "status", "balloons", "snow", "toast", "badge"}
PRESSURE = re.compile(
    r"\d+ ?(%|percent)|\b(step|question|page) \d|\b\d+ (of|out of|de) \d|\b\d+ (people|clients|others|left|to go)\b"
    r"|\b(seconds|minutes) left\b|\balmost (done|there)\b|\bcomplete[d]?\b",
    re.IGNORECASE,
)
#: One part of a sentence with two words that turn it round.
NEGATIVE = re.compile(r"\b(no|not|never|nobody|nothing|none|without|unless|cannot)\b", re.IGNORECASE)
PARTS = re.compile(r"[.,;:?!()“”]|\b(?:is|means|counts as|and|or|but|if|so|until|who|that)\b", re.IGNORECASE)
#: What lasts less, or waits longer, protects more.
IN_ORDER = {
    "way": ("no", "same", "each"),
    "term": tuple(str(months) for months in TAXONOMY.term_months),
    "therapy": tuple(term.id for term in TAXONOMY.therapy),
    "gap": tuple(str(months) for months in TAXONOMY.gap_months),
}


@pytest.fixture
def found(practised, page) -> dict[str, Screen]:
    return screens(practised, page, "en")


@pytest.fixture
def waiting(practised: Practised):
    recipient = parcel.recipient_of(practised.therapist.sealing_public)
    return lambda: mailbox.count_waiting(practised.portal.database, recipient)


@pytest.fixture
def client(practised: Practised, page) -> Visitor:
    return Visitor(practised, someone(practised, clock()), page)


# --- 1 nothing preset -----------------------------------------------------------------------------------


def test_rule_1_nothing_is_preset_on_any_screen(found) -> None:
    chosen = {
        (screen.name, choice.key)
        for screen in found.values()
        for choice in screen.choices
        if choice.value is not None and choice.key not in PICKED and not choice.key.startswith(("answer-", "feeling-"))
    }
    ticked = {
        (screen.name, key) for screen in found.values() for key, _, on in screen.ticks if on and key not in PICKED
    }
    assert sum(len(screen.choices) + len(screen.ticks) for screen in found.values()) > 60
    assert (chosen, ticked) == (set(), set())
    first = {"choose": "way", "choose-same": "same", "limits": "term"}
    assert [choice.value for name, key in first.items() for choice in found[name].choices if choice.key == key] == [
        None,
        None,
        None,
    ]
    assert {choice.value for choice in found["answer"].choices} == {None}
    assert [on for name in ("limits", "check-yes") for _, _, on in found[name].ticks if on] == []


# --- 5 a no is never asked about again ------------------------------------------------------------------


def test_rule_5_to_save_a_no_there_is_nothing_to_confirm(found) -> None:
    # To save a no there is nothing to tick first and nothing to read that a yes has not.
    assert {key for key, _, _ in found["check-no"].ticks} <= {key for key, _, _ in found["check-yes"].ticks} - {"own"}


def test_rule_5_a_no_to_a_question_meets_no_further_question(client) -> None:
    asked = client.person.is_asked()
    for word in ("no", "no_never_ask", "not_now"):
        at = client.reads(asked)
        at.radio(key=f"answer-{ref(asked)}").set_value(word).run()
        # One button sends it: no second question, no field, no warning.
        assert [radio.key for radio in at.radio] == [f"answer-{ref(asked)}"]
        assert (len(at.warning), len(at.checkbox), len(at.text_input), len(at.info)) == (0, 0, 0, 0)
        assert [button.key for button in at.button].count(f"send-{ref(asked)}") == 1


# --- 6 no word that leans on anybody: tests/test_texts.py reads every catalogue ------------------------


def test_rule_6_what_a_therapist_writes_is_not_the_portals_word(found) -> None:
    known = {text for keys in catalogues().values() for text in keys.values()}
    # Every sentence on a screen without a value in it comes word for word from a catalogue, which is read whole.
    plain = {line for line in found["explain"].lines if "demo" not in line.lower() and "Card " not in line}
    assert len(plain) > 30
    assert {line for line in plain if line not in known} == set()


# --- 7 no counts, badges, timers, progress --------------------------------------------------------------


def test_rule_7_no_screen_counts_or_hurries(found) -> None:
    assert {(screen.name, kind) for screen in found.values() for kind in screen.kinds & PRESSING} == set()
    assert {(screen.name, line) for screen in found.values() for line in screen.lines if PRESSURE.search(line)} == set()


# --- 8 no "agree to all" --------------------------------------------------------------------------------


def test_rule_8_no_single_answer_says_yes_to_everything(practised, page) -> None:
    card = practised.scan()
    for treatment in (term.id for term in TAXONOMY.treatments):
        practised.draft(replace(Draft(card.code), way="same", same=treatment))
        at = page("choose")
        promotion = practised.portal.drafts.get(BROWSER).treatments()[PROMOTION]
        assert promotion in {"never", "undecided", treatment if treatment == "ask" else "never"}
        said = WORDS("choose.same.promotion") in shown(at)
        assert said == (treatment in {"composite", "disguised"})


def test_rule_8_what_may_be_used_is_ticked_one_by_one(practised, page) -> None:
    card = practised.scan()
    practised.draft(replace(Draft(card.code), way="each", channels={"video": "disguised"}))
    at = unfolded(page("limits"), "topics")
    keys = [str(tick.key) for tick in at.checkbox]
    for key in keys:
        at.checkbox(key=key).check().run()
        assert [str(tick.key) for tick in at.checkbox if tick.value] == [key]
        at.checkbox(key=key).uncheck().run()
    assert len(keys) == len(TAXONOMY.material_ids) + len(TAXONOMY.topic_ids) + 1


# --- 9 extra steps only towards sharing -----------------------------------------------------------------


@pytest.mark.parametrize("treatment", ["never", "undecided"])
def test_rule_9_a_no_skips_what_a_yes_has_to_pass(practised, page, treatment) -> None:
    practised.scan()
    at = page("choose")
    at._page_hash = ""
    at.radio(key="way").set_value("each").run()
    unfolded(at, "promotion")
    for channel in TAXONOMY.channel_ids:
        at.radio(key=f"channel-{channel}").set_value(treatment).run()
    assert titles(tap(at, "onward")) == [WORDS("check.title")]
    assert "own" not in [tick.key for tick in at.checkbox]
    assert titles(tap(at, "save")) == [WORDS("done.title")]


def test_rule_9_ads_stay_folded_at_never(found) -> None:
    never = WORDS("choose.promotion.folded", state=WORDS("treatment.never.label"))
    assert (never, False) in found["choose-each"].folds
    as_it_comes = [screen for name, screen in found.items() if not name.endswith("-open")]
    assert [opened for screen in as_it_comes for _, opened in screen.folds if opened] == []


# --- 10 one order of options everywhere, protective first -----------------------------------------------


def test_rule_10_every_choice_has_one_order_and_begins_with_what_protects_most(found) -> None:
    label = {
        **{f"channel-{channel}": TAXONOMY.treatments_for(channel) for channel in TAXONOMY.channel_ids},
        "same": tuple(term.id for term in TAXONOMY.treatments),
    }
    seen = set()
    for screen in found.values():
        for choice in screen.choices:
            if choice.key in label and screen.name != "choose-only-ask":
                wanted = tuple(WORDS(f"treatment.{one}.label") for one in label[choice.key])
            elif choice.key in IN_ORDER:
                family = "choose.way.{}" if choice.key == "way" else f"{choice.key}.{{}}"
                wanted = tuple(WORDS(f"{family.format(one)}.label") for one in IN_ORDER[choice.key])
            elif choice.key.startswith("answer-"):
                wanted = tuple(WORDS(f"answer.choice.{one}.label") for one in ANSWERS)
                # After an answer only stricter ones are left, in the same order.
                wanted = wanted if screen.name != "answer-sent" else wanted[: len(choice.options)]
            else:
                continue
            seen.add(choice.key.partition("-")[0])
            assert choice.options == wanted, (screen.name, choice.key)
    assert seen == {"channel", "same", "answer", *IN_ORDER}


def test_rule_10_the_order_itself_begins_with_no() -> None:
    assert next(iter(TAXONOMY.treatments)).id == "never"
    assert ANSWERS[0] == "no"
    assert ANSWERS[-1] == "yes"
    assert all(shorter < longer for shorter, longer in pairwise(TAXONOMY.term_months))
    assert all(longer > shorter for longer, shorter in pairwise(TAXONOMY.gap_months))


# --- 11 no double negatives; a tick always means more sharing ------------------------------------------


def test_rule_11_nothing_that_is_tapped_turns_round_twice(found) -> None:
    tapped = {
        line
        for screen in found.values()
        for line in (
            *screen.buttons,
            *(label for _, label, _ in screen.ticks),
            *(option for choice in screen.choices for option in choice.options),
        )
    }
    hints = {WORDS(f"treatment.{one.id}.hint") for one in TAXONOMY.treatments}
    hints |= {WORDS(f"answer.choice.{one}.hint") for one in ANSWERS}
    twice = {line for line in tapped | hints for part in PARTS.split(line) if len(NEGATIVE.findall(part)) > 1}
    # "No answer means no" is one thing said once: it is split at "means".
    assert twice == set()


def test_rule_11_a_tick_never_stands_for_leaving_something_out(found) -> None:
    labels = {label for screen in found.values() for _, label, _ in screen.ticks}
    assert len(labels) > 15
    assert {label for label in labels if re.match(r"(?i)(no|not|never|do not|leave|without)\b", label)} == set()


@pytest.mark.parametrize("ticks", ["material", "topic"])
def test_rule_11_each_tick_adds_to_what_may_be_used_and_takes_nothing_away(practised, page, ticks) -> None:
    card = practised.scan()
    practised.draft(replace(Draft(card.code), way="each", channels={"video": "ask"}))
    at, before = page("limits"), practised.portal.drafts.get(BROWSER)
    for key in [str(tick.key) for tick in at.checkbox if str(tick.key).startswith(f"{ticks}-")]:
        at.checkbox(key=key).check().run()
        after = practised.portal.drafts.get(BROWSER)
        assert {*before.materials, *before.topics} < {*after.materials, *after.topics}
        before = after


# --- 12 scrolling, closing, time-out never mean yes ------------------------------------------------------


def test_rule_12_a_yes_that_is_left_lying_is_never_sent_and_then_gone(practised, page, moving, waiting) -> None:
    card = practised.scan()
    ready = replace(Draft(card.code), way="each", channels={"video": "ask"}, materials=("story",), term_months=3)
    practised.draft(ready)
    at = page("check")
    at.checkbox(key="own").check().run()
    assert waiting() == 0
    moving.forward(hours=2, minutes=1)
    assert practised.portal.drafts.get(BROWSER) is None
    at = page("check")
    assert WORDS("common.not_kept.title") in shown(at)
    assert waiting() == 0
    assert not importing.standing(practised.vault, card.code).documents


# --- 13 no asking again after a no -----------------------------------------------------------------------


def test_rule_13_after_a_no_no_screen_asks_to_think_again(found) -> None:
    for name in ("card-no", "card-stop", "card-no_to_question"):
        # Nothing to tap but leaving and copying one's own code.
        assert set(found[name].buttons) <= {WORDS("leave.button"), WORDS("done_here.copy.button")}
        assert found[name].links == ()
    assert found["mine-stopped"].choices == ()
    assert [button for button in found["mine-stopped"].buttons if button != WORDS("answer.back")] == [
        WORDS("done.copy_text")
    ]


# --- 14 terms stay in the page ---------------------------------------------------------------------------


def test_rule_14_every_word_a_permission_rests_on_stands_on_the_way_to_it(found) -> None:
    way = ("welcome", "explain", "choose-each-open", "limits-open", "questions", "check-yes")
    shown_on_the_way = "\n".join(found[name].text for name in way)
    with_values = {"notice.who": {"therapist": "Demo therapist", "accounts": "demo account"}}
    missing = {
        key
        for key in catalogues()["notice"]
        if WORDS(key, **with_values.get(key, {})) not in shown_on_the_way and WORDS(key) not in shown_on_the_way
    }
    assert missing == set()


def test_rule_14_no_screen_sends_anybody_elsewhere_to_read(found) -> None:
    links = {(screen.name, link) for screen in found.values() for link in screen.links}
    assert links
    assert {(name, link) for name, link in links if not re.fullmatch(r"/(c/\w+)?|#[\w-]+", link)} == set()


# --- 15 the therapist sees no rates -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["inbox", "people", "posts", "settings", "may_i_post", "ask"])
def test_rule_15_staff_pages_show_no_rates(practised, page, name) -> None:
    someone(practised, clock(), 0)
    someone(practised, clock(), 1, treatment="never")
    practised.unlock()
    at = page(name)
    words = shown(at)
    assert len(words) > 100
    assert not re.search(r"\d ?%|\bpercent|\brate\b|\b\d+ (of|out of) \d|\bcomplet", words, re.IGNORECASE)
    assert {element.type for element in at.main} & {"metric", "progress", "arrow_vega_lite_chart"} == set()


def test_rule_15_no_words_for_a_rate_are_kept_ready() -> None:
    # Paper is printed "at 100 %"; a rate would stand beside a value.
    rates = re.compile(r"\} ?%|\bpercent|\bcompletion|\b(yes|consent|acceptance|answer|opt-in) rate", re.IGNORECASE)
    assert {key: said for keys in catalogues().values() for key, said in keys.items() if rates.search(said)} == {}


def test_each_rule_has_its_row_and_each_test_it_names_is_there() -> None:
    table = [line for line in (ROOT / "docs" / "dark-patterns.md").read_text("utf-8").split("\n") if line[:3] != "|--"]
    rules = [int(row[1]) for line in table if (row := re.match(r"\| (\d+) ", line))]
    assert sorted(set(rules)) == list(range(1, 17))
    tests = {path.relative_to(ROOT / "tests").as_posix(): path for path in (ROOT / "tests").rglob("test_*.py")}
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", "\n".join(table))
    assert len(named) > 16
    assert {(file, test) for file, test in named if f"def {test}(" not in tests[file].read_text("utf-8")} == set()
