"""Every language says everything, plainly, and leans on nobody: what is missing or stale is named by its key."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from textstat import textstat

from core.language import names
from core.model.taxonomy import TAXONOMY
from core.seal import check_words
from core.text import LANGUAGES, Words, domains
from tests.test_texts import ENGLISH, TEXT, catalogues, placeholders

OTHERS = LANGUAGES[1:]

#: Guilt, benefit, hurry, crowd, as for English (dark patterns 5 to 8).
PUSHING = {
    "es": (
        r"ayud(e|ar|a|en) a (otr[oa]s|los demás|más gente|otras personas|muchos|alguien)",
        r"lamentablemente|desgraciadamente|por desgracia|tristemente|decepcion\w*|vergüenza|fallarle?s?",
        r"perder(se|la|lo)? (la|esta|una) oportunidad|última oportunidad|dese prisa|actúe ya|no espere",
        r"antes de que sea (demasiado )?tarde|se acaba el tiempo",
        r"está (realmente |completamente )?segur[oa]|de verdad quiere",
        r"acept(ar|o|e) todo|sí a todo",
        r"la mayoría (de (la gente|las personas|los clientes)|elige)|otr[oa]s (ya )?(han|dijeron|eligieron)",
        r"todo el mundo (lo|dice|elige)",
        r"inspir(e|ar|ará)|marcar (la|una) diferencia|devolver algo|sea valiente|generos[oa]s?",
        r"su historia (puede|podría) ayudar",
        r"nos (gustaría|encantaría) que|recomendad[oa]|la mejor opción|gran decisión|bien hecho|buena elección",
        r"solo \d+ (más|pasos|minutos)|ya casi (está|termina)|solo tarda",
    )
}
#: Easiest to read is 100; from 70 on a text is easy for somebody of eleven or twelve.
EASY = {"es": (textstat.fernandez_huerta, 70)}


def translated(language: str) -> Iterator[tuple[str, object]]:
    """Each message of a language's files, with its domain."""
    for domain in domains():
        with (TEXT / language / f"{domain}.po").open("rb") as file:
            yield from ((domain, message) for message in read_po(file, locale=language, abort_invalid=True))


def said(language: str) -> dict[str, str]:
    words = Words(language)
    return {key: words._strings[key] for key in ENGLISH}


def test_there_is_another_language() -> None:
    assert OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_catalogue_is_there(language) -> None:
    assert {path.stem for path in (TEXT / language).glob("*.po")} == set(domains())


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_missing_and_none_is_stale(language) -> None:
    english = catalogues()
    found = {domain: {} for domain in english}
    for domain, message in translated(language):
        if message.id:
            found[domain][message.context] = message
    open_ = {
        f"{domain}: {key}"
        for domain, keys in english.items()
        for key, text in keys.items()
        if key not in found[domain]
        or found[domain][key].id != text
        or found[domain][key].fuzzy
        or not str(found[domain][key].string).strip()
    }
    assert open_ == set(), "run make words, and translate these"
    stale = {f"{domain}: {key}" for domain, keys in found.items() for key in keys if key not in english[domain]}
    assert stale == set(), "run make words"


@pytest.mark.parametrize("language", OTHERS)
def test_each_sentence_has_the_places_of_its_english(language) -> None:
    words = said(language)
    assert {key for key in ENGLISH if placeholders(words[key]) != placeholders(ENGLISH[key])} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_markup_and_addresses_are_as_in_the_english(language) -> None:
    signs = re.compile(r"\*\*|</?\w+[^>]*>|https?://[^\s”]+|SAYSO\w*|`")
    words = said(language)
    wrong = {key for key, text in ENGLISH.items() if sorted(signs.findall(text)) != sorted(signs.findall(words[key]))}
    assert wrong == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_label_is_longer_than_eleven_words(language) -> None:
    labels = {
        key: text for key, text in said(language).items() if key.rpartition(".")[2] in {"label", "button", "link"}
    }
    assert {key: text for key, text in labels.items() if len(text.split()) > 11} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_leans_on_a_person(language) -> None:
    pushing = re.compile("|".join(rf"\b(?:{words})\b" for words in PUSHING[language]), re.IGNORECASE)
    assert {key: found[0] for key, text in said(language).items() if (found := pushing.search(text))} == {}


@pytest.mark.parametrize(
    "sentence", ["Su historia puede ayudar a otras personas.", "¿Está seguro?", "Lamentablemente, no.", "Recomendado"]
)
def test_the_list_of_leaning_words_finds_them(sentence) -> None:
    assert re.search("|".join(rf"\b(?:{words})\b" for words in PUSHING["es"]), sentence, re.IGNORECASE)


def screens(language: str) -> dict[str, str]:
    """Each screen's sentences, as for English: the keys that begin alike, where they come to 100 words."""
    found: dict[str, list[str]] = {}
    for key, text in said(language).items():
        filled = text.format_map(dict.fromkeys(placeholders(text), "Sam"))
        if filled.rstrip("”\"') ").endswith((".", "?", "!", ":")):
            found.setdefault(key.partition(".")[0], []).append(filled)
    return {screen: "\n".join(texts) for screen, texts in found.items() if sum(len(t.split()) for t in texts) >= 100}


@pytest.fixture
def spanish_syllables() -> Iterator[None]:
    """The counter of syllables is set for a whole process."""
    textstat.set_lang("es")
    yield
    textstat.set_lang("en_US")


@pytest.mark.parametrize("screen", sorted(screens("es")))
def test_a_screen_in_spanish_is_easy_to_read(screen, spanish_syllables) -> None:
    measure, least = EASY["es"]
    assert measure(screens("es")[screen]) >= least


@pytest.mark.parametrize("language", OTHERS)
def test_every_choice_has_words_of_its_own(language) -> None:
    words = Words(language)
    for family, ids in (
        ("treatment", [term.id for term in TAXONOMY.treatments]),
        ("channel", TAXONOMY.channel_ids),
        ("material", TAXONOMY.material_ids),
        ("topic", TAXONOMY.topic_ids),
    ):
        labels = [words(f"{family}.{one}.label") for one in ids]
        assert len(set(labels)) == len(labels)
        assert set(labels).isdisjoint(Words("en")(f"{family}.{one}.label") for one in ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_name_a_direction_and_check_words(language) -> None:
    assert dict(names())[language].lower() == Locale.parse(language).get_display_name().lower()
    assert Words(language).direction in {"ltr", "rtl"}
    assert len(check_words(bytes(32), bytes(32), language)) == 4


def test_check_words_in_spanish_are_of_the_spanish_list_at_the_same_places() -> None:
    english, spanish = (check_words(bytes(32), bytes(range(32)), language) for language in ("en", "es"))
    assert set(english).isdisjoint(spanish)
