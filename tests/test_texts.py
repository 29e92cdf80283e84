"""The words people read: every key is there and used, plain to read, and pushes nobody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getmembers, isclass
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from textstat import textstat

from core import errors
from core.answering import FEELINGS
from core.audit import KINDS
from core.endings import Cause, Reason
from core.exchange.subject import OBSTACLES
from core.from_paper import LeftOpen
from core.model.circumstances import Circumstances, Doubt
from core.model.posted import Control, State
from core.model.taxonomy import TAXONOMY
from core.received import ANSWERS, Progress
from core.text import Words, domains
from core.text import template as catalogue
from tools.words import sentences as problems

ROOT = Path(__file__).resolve().parent.parent
TEXT = ROOT / "core" / "text"
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
#: What code calls the words of one language.
SPEAKERS = {"words", "t", "say"}

#: What staff tick of a person, beside days and guardians.
CASES = tuple(
    name
    for name, field in Circumstances.model_fields.items()
    if field.annotation is bool and name != "is_guardian"  # that follows from the minors who name a card
)

#: Keys made from an id: the pattern, and the ids it is made with.
FAMILIES: dict[str, tuple[str, ...]] = {
    "treatment.{}.label": tuple(term.id for term in TAXONOMY.treatments),
    "treatment.{}.hint": tuple(term.id for term in TAXONOMY.treatments),
    "channel.{}.label": TAXONOMY.channel_ids,
    "channel.{}.hint": TAXONOMY.channel_ids,
    "material.{}.label": TAXONOMY.material_ids,
    "topic.{}.label": TAXONOMY.topic_ids,
    "locked.{}.label": tuple(term.id for term in TAXONOMY.locked),
    "therapy.{}.label": tuple(term.id for term in TAXONOMY.therapy),
    "gap.{}.label": tuple(str(months) for months in TAXONOMY.gap_months),
    "term.{}.label": tuple(str(months) for months in TAXONOMY.term_months),
    "report.kind.{}": KINDS,
    "exchange.standing.{}": OBSTACLES,
    "answer.choice.{}.label": ANSWERS,
    "answer.choice.{}.hint": ANSWERS,
    "answer.then.{}": ANSWERS,
    "answer.feeling.{}.label": FEELINGS,
    "answer.undo.{}": TAXONOMY.channel_ids,
    "mine.place.{}": ("up", *get_args(State)),
    "mine.progress.{}": get_args(Progress),
    "mine.post.taken_back.{}": get_args(Progress),
    "posted.state.{}.label": get_args(State),
    "posted.state.{}.button": get_args(State),
    "posted.control.{}.label": get_args(Control),
    "posted.control.{}.hint": get_args(Control),
    "posted.do.{}": get_args(Control),
    "posted.because.{}": tuple(reason for reason in get_args(Reason) if reason != "document_ended"),
    "posted.ended.{}": get_args(Cause),
    "posted.ahead.{}": tuple(reason for reason in get_args(Reason) if reason != "withdrawn"),
    "posted.step.{}.label": ("no_majority", "read_note", "attest_invented"),
    "posted.verdict.{}": ("allowed", "out_of_scope"),
    "special.{}.label": CASES,
    "special.{}.follows": CASES,
    "special.doubt.{}": get_args(Doubt),
    "paper.left_open.{}": get_args(LeftOpen),
    "paper.done.{}": ("yes", "no", "waits"),
    "{}": (*problems(), *catalogue("frontend")),
}

#: Guilt, benefit, hurry, crowd: words that lean on somebody (dark patterns 5 to 8).
PUSHING = (
    r"help(s|ing)? (others|other people|people like you|someone else|many)",
    r"sadly|unfortunately|regret|disappoint|let (us|them|others) down|shame",
    r"miss(ing)? out|last chance|hurry|act now|do not wait|before it is too late|running out",
    r"are you (really |quite )?sure|really want to",
    r"agree to all|accept all|yes to (all|everything)",
    r"most (people|clients)|others (have|said|chose)|everyone (else )?(does|says)",
    r"inspire|make a difference|give back|be brave|generous|your story (can|could|may|might) help",
    r"we (would|.d) (love|like) you to|recommended|best choice|great choice|well done|good choice",
    r"just \d+ (more|steps|minutes)|almost there|only takes",
)


@dataclass(frozen=True)
class Use:
    """One place where code asks for a sentence."""

    place: str
    key: str
    given: frozenset[str]
    open_ended: bool


def catalogues() -> dict[str, dict[str, str]]:
    """Domain to key to English."""
    found: dict[str, dict[str, str]] = {}
    for domain in domains():
        with (TEXT / f"{domain}.pot").open("rb") as file:
            messages = [message for message in read_po(file, abort_invalid=True) if message.id]
        keys = [message.context for message in messages]
        assert None not in keys, f"{domain}: a sentence has no key"
        assert len(keys) == len(set(keys)), f"{domain}: a key stands twice"
        assert all(isinstance(message.id, str) for message in messages), f"{domain}: plural forms are not used here"
        found[domain] = {str(message.context): str(message.id) for message in messages}
    return found


ENGLISH = {key: text for keys in catalogues().values() for key, text in keys.items()}


def placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def trees() -> Iterator[tuple[str, ast.AST]]:
    for folder in ("core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def templates() -> Iterator[tuple[str, nodes.Template]]:
    for path in (ROOT / "core").rglob("*.html"):
        yield str(path.relative_to(ROOT)), Environment(autoescape=True).parse(path.read_text("utf-8"))


def uses() -> list[Use]:
    """Each call of the words with a key written out, in code and in templates."""
    return [use for use in (*uses_in_code(), *uses_in_templates()) if KEY.fullmatch(use.key)]


def uses_in_code() -> Iterator[Use]:
    for place, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _speaker(node.func) in SPEAKERS and node.args:
                names = [keyword.arg for keyword in node.keywords]
                given = frozenset(name for name in names if name)
                for key in _choices(node.args[0]):
                    yield Use(f"{place}:{node.lineno}", str(key.value), given, None in names)


def uses_in_templates() -> Iterator[Use]:
    for place, tree in templates():
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in SPEAKERS:
                given = frozenset(pair.key for pair in call.kwargs)
                first = call.args[0]
                for key in (first, *first.find_all(nodes.Const)):
                    if isinstance(key, nodes.Const):
                        yield Use(f"{place}:{call.lineno}", str(key.value), given, call.dyn_kwargs is not None)


def _speaker(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _choices(key: ast.expr) -> list[ast.Constant]:
    if isinstance(key, ast.IfExp):
        return _choices(key.body) + _choices(key.orelse)
    return [key] if isinstance(key, ast.Constant) else []


def mentioned() -> set[str]:
    """Every key that code or a template writes out, or makes from a pattern that begins with a word."""
    found = {str(const.value) for _, tree in templates() for const in tree.find_all(nodes.Const)}
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                pattern = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
                if re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z0-9_.\0]+", pattern):
                    made = re.compile(re.escape(pattern).replace("\0", r"[a-z0-9_]+"))
                    found |= {key for key in ENGLISH if made.fullmatch(key)}
    return found


def test_a_key_stands_in_one_catalogue_only() -> None:
    assert len(ENGLISH) == sum(len(keys) for keys in catalogues().values())


def test_every_key_that_code_asks_for_is_in_a_catalogue() -> None:
    asked = uses()
    assert asked
    assert [(use.place, use.key) for use in asked if use.key not in ENGLISH] == []


def test_every_key_made_from_an_id_is_in_a_catalogue() -> None:
    made = {pattern.format(name) for pattern, names in FAMILIES.items() for name in names}
    assert made - ENGLISH.keys() == set()


def test_every_sentence_in_a_catalogue_is_used() -> None:
    made = {pattern.format(name) for pattern, names in FAMILIES.items() for name in names}
    assert ENGLISH.keys() - mentioned() - made == set()


def test_each_call_gives_just_the_values_its_sentence_has_places_for() -> None:
    wrong = [
        (use.place, use.key, sorted(use.given ^ placeholders(ENGLISH[use.key])))
        for use in uses()
        if use.key in ENGLISH and not use.open_ended and use.given != placeholders(ENGLISH[use.key])
    ]
    assert wrong == []


def test_a_translation_has_the_same_keys_english_and_places() -> None:
    english = catalogues()
    for path in TEXT.glob("*/*.po"):
        with path.open("rb") as file:
            messages = [message for message in read_po(file, abort_invalid=True) if message.id]
        assert {message.context: message.id for message in messages} == english[path.stem], path
        wrong = [m.context for m in messages if m.string and placeholders(str(m.string)) != placeholders(str(m.id))]
        assert wrong == [], path


def test_the_labels_of_the_choices_are_those_of_the_taxonomy() -> None:
    words = Words("en")
    for family, terms in (
        ("treatment", TAXONOMY.treatments),
        ("channel", TAXONOMY.channels),
        ("material", TAXONOMY.materials),
        ("topic", TAXONOMY.topics),
        ("locked", TAXONOMY.locked),
        ("therapy", TAXONOMY.therapy),
    ):
        for term in terms:
            assert words(f"{family}.{term.id}.label") == term.label
            if getattr(term, "hint", ""):
                assert words(f"{family}.{term.id}.hint") == term.hint  # type: ignore[union-attr]
    assert words("recognise_self.label") == TAXONOMY.recognise_self.label
    assert words("recognise_self.hint") == TAXONOMY.recognise_self.hint


def test_nothing_leans_on_a_person() -> None:
    pushing = re.compile("|".join(rf"\b(?:{words})\b" for words in PUSHING), re.IGNORECASE)
    assert {key: found[0] for key, text in ENGLISH.items() if (found := pushing.search(text))} == {}


def test_no_control_label_is_longer_than_eleven_words() -> None:
    labels = {key: text for key, text in ENGLISH.items() if key.rpartition(".")[2] in {"label", "button", "link"}}
    assert labels
    assert {key: text for key, text in labels.items() if len(text.split()) > 11} == {}


def screens() -> dict[str, str]:
    """Each screen's sentences: the keys that begin alike, where they come to 100 words.

    Labels are left out: counted as sentences of one or two words they would make any text look easy.
    """
    found: dict[str, list[str]] = {}
    for key, text in ENGLISH.items():
        filled = text.format_map(dict.fromkeys(placeholders(text), "Sam"))
        if filled.rstrip("”\"') ").endswith((".", "?", "!", ":")):
            found.setdefault(key.partition(".")[0], []).append(filled)
    return {screen: "\n".join(texts) for screen, texts in found.items() if sum(len(t.split()) for t in texts) >= 100}


@pytest.mark.parametrize("screen", sorted(screens()))
def test_a_screen_reads_at_grade_six_or_lower(screen: str) -> None:
    assert textstat.flesch_kincaid_grade(screens()[screen]) <= 6


def test_every_error_says_what_to_do_in_one_or_a_few_clear_sentences() -> None:
    kinds = [kind for _, kind in getmembers(errors, isclass) if issubclass(kind, errors.SaysoError)]
    for kind in kinds:
        # A stand-in for any value, so that the words themselves are what is read.
        sentence = str(kind.__doc__)
        assert len(sentence.split()) <= 40 or "{" in sentence, kind
        assert sentence.rstrip().endswith((".", "}")), kind
    assert len({kind.id for kind in kinds}) == len(kinds)
