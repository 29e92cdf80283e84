"""Every client screen as a client reads it, in its main states: walked once, for tests of all of them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape

from streamlit.testing.v1 import AppTest

from core import reader
from core.drafts import QUESTIONS, Draft
from core.portal import clock
from core.web.asked import Asked
from core.web.welcome import Welcome
from tests.pages.conftest import BROWSER, Practised, shown, unfolded
from tests.pages.own import Visitor, ref, someone, tap

#: What ends a sentence. A label is none: counted as one it would make any text look easy.
SENTENCE = re.compile(r"[.?!:][”\"’')»]*$")


@dataclass(frozen=True)
class Choice:
    """One question with its options. ``value``: what is picked."""

    key: str
    value: str | None
    options: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """One screen. ``lines``: every word on it, folded ones too; ``kinds``: the elements it is made of."""

    name: str
    lines: tuple[str, ...]
    links: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    ticks: tuple[tuple[str, str, bool], ...] = ()
    buttons: tuple[str, ...] = ()
    folds: tuple[tuple[str, bool], ...] = ()
    kinds: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """Every word."""
        return "\n".join(self.lines)

    @property
    def prose(self) -> str:
        """The sentences."""
        return "\n".join(line for line in self.lines if SENTENCE.search(line))


#: The walk of each language, done once: it is long, and what it took down is only read.
_WALKED: dict[str, dict[str, Screen]] = {}


def screens(practised: Practised, page: Callable[..., AppTest], language: str) -> dict[str, Screen]:
    """Return each screen of a client's way by its name, as it is when a client comes to it.

    The first call in a language walks through an unused practice; later ones leave theirs alone.
    """
    if language not in _WALKED:
        _WALKED[language] = _walk(practised, page, language)
    return _WALKED[language]


def _walk(practised: Practised, page: Callable[..., AppTest], language: str) -> dict[str, Screen]:
    reader.pick(practised.portal, BROWSER, language)
    found = [
        *_own(practised, page),
        *_plain(practised, language),
        *_choosing(practised, page),
        *_over(practised, page, language),
    ]
    return {screen.name: screen for screen in found}


def taken(name: str, at: AppTest) -> Screen:
    """Take down what stands on a page now."""
    lines = [line for line in shown(at).split("\n") if line.strip()]
    html = "\n".join(str(element.value) for element in at.get("html"))
    for radio in at.radio:
        lines += [*radio.options, *radio.proto.captions]
    # How a folded part is set is marked in its label.
    lines += [
        element.label.replace("*", "")
        for kind in ("button", "checkbox", "text_input", "expander")
        for element in at.get(kind)
    ]
    return Screen(
        name,
        tuple(line.strip("* ") for line in dict.fromkeys(lines)),
        tuple(re.findall(r'href="([^"]*)"', html)) + tuple(re.findall(r"\]\(([^)]*)\)", shown(at))),
        tuple(Choice(str(radio.key), radio.value, tuple(radio.options)) for radio in at.radio),
        tuple((str(tick.key), tick.label, tick.value) for tick in at.checkbox),
        tuple(button.label for button in at.button),
        tuple((fold.label.replace("*", ""), fold.proto.expanded) for fold in at.expander),
        frozenset(element.type for element in at.main),
    )


def _plain(practised: Practised, language: str) -> Iterator[Screen]:
    card = practised.cards[3]
    pages = Welcome(practised.portal, ())
    asked = Asked(BROWSER, "", "/", language, "http://localhost", False, True, {}, card.code)  # noqa: FBT003 (its own fields)
    for name in ("show", "no", "stop", "no_to_question"):
        text = bytes(getattr(pages, name)(asked).body).decode()
        yield Screen(
            {"show": "welcome"}.get(name, f"card-{name}"),
            tuple(_lines(text.partition("<main")[2])),
            tuple(re.findall(r'<a [^>]*href="([^"]*)"', text)),
            buttons=tuple(unescape(label) for label in re.findall(r"<button>([^<]*)", text)),
        )


def _lines(html: str) -> Iterator[str]:
    # Words in the middle of a sentence may be marked: only what makes a block of its own ends a line.
    apart = re.sub(r"</?(p|h\d|li|ul|small|button|summary|details|div|main|form|span|label|strong)\b[^>]*>", "\n", html)
    for line in unescape(re.sub(r"<[^>]*>", "", apart)).split("\n"):
        if line.strip():
            yield " ".join(line.split())


def _choosing(practised: Practised, page: Callable[..., AppTest]) -> Iterator[Screen]:
    card = practised.scan()
    at = page("explain")
    at._page_hash = ""
    yield taken("explain", at)
    yield taken("choose", tap(at, "onward"))
    yield taken("choose-same", at.radio(key="way").set_value("same").run())
    yield taken("choose-same-composite", at.radio(key="same").set_value("composite").run())
    yield taken("choose-each", at.radio(key="way").set_value("each").run())
    yield taken("choose-each-open", unfolded(at, "promotion"))
    at.radio(key="channel-video").set_value("disguised").run()
    yield taken("limits", tap(at, "onward"))
    yield taken("limits-open", unfolded(unfolded(at, "topics"), "when"))
    at.radio(key="term").set_value("6").run()
    at.checkbox(key="topic-work").check().run()
    at.checkbox(key="material-story").check().run()
    yield taken("limits-filled-open", at)
    yield taken("questions", tap(at, "onward"))
    yield taken("questions-missed", _answer(at, 0, stop="gone", guess="no"))
    for question in ("stop", "guess"):
        at.radio(key=f"question-{question}-1").set_value(QUESTIONS[question])
    yield taken("check-yes", tap(at, "onward"))
    yield taken("check-guardian", at.checkbox(key="guardian").check().run())
    at.checkbox(key="guardian").uncheck().run()
    at.checkbox(key="own").check().run()
    yield taken("done", tap(at, "save"))
    practised.draft(replace(Draft(card.code), way="each", channels={"video": "disguised"}, term_months=3))
    at = page("questions")
    at._page_hash = ""
    _answer(at, 0, guess="no")
    yield taken("questions-person", _answer(at, 1, only=("guess",), guess="no"))
    yield taken("choose-only-ask", tap(at, "onward"))
    practised.draft(Draft(card.code))
    yield taken("check-missing", page("check"))
    practised.draft(replace(Draft(card.code), way="no"))
    yield taken("check-no", page("check"))


def _answer(at: AppTest, misses: int, only: tuple[str, ...] = tuple(QUESTIONS), **other: str) -> AppTest:
    for question in only:
        at.radio(key=f"question-{question}-{misses}").set_value(other.get(question, QUESTIONS[question]))
    return tap(at, "onward")


def _own(practised: Practised, page: Callable[..., AppTest]) -> Iterator[Screen]:
    yield taken("mine-enter", page("mine"))
    posted = Visitor(practised, someone(practised, clock() - timedelta(days=30), 2), page)
    word = posted.person.is_asked()
    posted.person.answers("yes", posted.person.at + timedelta(hours=1))
    posted.person.is_posted(word.request.content_hash, clock())
    yield taken("mine-posted", posted.opens())
    visitor = Visitor(practised, someone(practised, clock(), 1), page)
    asked = visitor.person.is_asked()
    yield taken("mine-asked", visitor.opens())
    at = visitor.reads(asked)
    yield taken("answer", at)
    for word in ("no", "yes_if_changed", "yes"):
        yield taken(f"answer-{word}", at.radio(key=f"answer-{ref(asked)}").set_value(word).run())
    yield taken("answer-pressured", at.radio(key=f"feeling-{ref(asked)}").set_value("pressured").run())
    yield taken("answer-sent", tap(at, f"send-{ref(asked)}"))
    yield taken("mine-stopped", tap(visitor.opens(), "stop"))


def _over(practised: Practised, page: Callable[..., AppTest], language: str) -> Iterator[Screen]:
    practised.portal.forget_browser(BROWSER)
    reader.pick(practised.portal, BROWSER, language)
    yield taken("not-kept", page("choose"))
