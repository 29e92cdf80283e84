"""Our own words in FHIR R4: what identifies things, code systems and extensions.

A reader who does not know ``conditions`` must not act on the rule that carries it: it is a modifier extension.
Their definitions as resources: ``fhir_definitions.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from core.exchange.subject import OBSTACLES, urn
from core.model.taxonomy import TAXONOMY

Json = dict[str, Any]
PartType = Literal["code", "string", "boolean", "integer"]

VERSION = "1"
#: What identifies cards, tokens, drafts and therapists, and the rules an export refers to.
CARD, TOKEN, REQUEST, DRAFT, THERAPIST = (
    urn(f"identifier/{name}") for name in ("card", "token", "request", "draft", "therapist")
)
POLICY = urn("policy/preferences/1")
#: The one action all rules are about; the places are kinds of it.
PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Terms:
    """One code system. ``codes``: id, words, and the id it is a kind of, or empty."""

    name: str
    title: str
    codes: tuple[tuple[str, str, str], ...]

    @property
    def system(self) -> str:
        """The URI of the code system."""
        return urn(f"fhir/CodeSystem/{self.name}")

    @property
    def value_set(self) -> str:
        """The URI of the value set with all its codes."""
        return urn(f"fhir/ValueSet/{self.name}")

    def coding(self, code: str) -> Json:
        """Return one code with its words. Raises ``KeyError``."""
        words = {known: label for known, label, _ in self.codes}
        return {"system": self.system, "version": VERSION, "code": code, "display": words[code]}


def _labelled(terms: Iterable[Any], parent: str = "") -> tuple[tuple[str, str, str], ...]:
    return tuple((term.id, term.label, parent) for term in terms)


PLACES = Terms(
    "places",
    "Places where something of a client is told in public",
    ((PUBLISH, "Tell in public", ""), *_labelled(TAXONOMY.channels, PUBLISH)),
)
TREATMENTS = Terms("treatments", "What may be done in a place", _labelled(TAXONOMY.treatments))
MATERIALS = Terms("materials", "What may be told", _labelled(TAXONOMY.materials))
TOPICS = Terms("topics", "Topics that may come up", _labelled(TAXONOMY.topics))
THERAPY = Terms("therapy", "In therapy, or only after it", _labelled(TAXONOMY.therapy))
_WHY = {
    "hold": "On hold: somebody else spoke for this card, or a key was not compared yet",
    "withdrawn": "Stopped by the client",
    "lapsed": "Ended for a reason outside it",
    "expired": "Its time is over",
    "tie": "Two documents of one second, neither stands alone",
}
OBSTACLE = Terms("obstacles", "Why nothing may be used now", tuple((one, _WHY[one], "") for one in OBSTACLES))
SYSTEMS = (PLACES, TREATMENTS, MATERIALS, TOPICS, THERAPY, OBSTACLE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an extension. ``most``: 0 for any number; ``parts``: of one that has parts instead of a value."""

    name: str
    what: str
    type: PartType = "string"
    least: int = 0
    most: int = 1
    terms: Terms | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """One of our extensions. ``on``: the elements it may stand on. Without ``parts`` its value is a string."""

    name: str
    title: str
    what: str
    on: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    modifies: str = ""

    @property
    def url(self) -> str:
        """Its URI."""
        return urn(f"fhir/StructureDefinition/{self.name}")


_TICKED = (
    Part("material", "What was ticked that may be told", "code", most=0, terms=MATERIALS),
    Part("topic", "A topic that was ticked; no other may come up", "code", most=0, terms=TOPICS),
    Part("leaveOut", "What else to leave out, in the client's own words"),
    Part("recogniseSelf", "Whether it is fine if the client can tell it is them", "boolean"),
    Part("therapy", "Whether the client may still be in therapy", "code", terms=THERAPY),
    Part("gapMonths", "Months that must have passed since the session", "integer"),
)
_CHOICE = (
    Part("place", "The place", "code", 1, terms=PLACES),
    Part("treatment", "What was chosen for it", "code", 1, terms=TREATMENTS),
)
DOCUMENT = Extension(
    "document",
    "The whole document",
    "Every field of the preferences document as it was signed, to read it back without loss.",
    ("Consent",),
    (
        Part("choice", "One place and what was chosen for it", least=6, most=6, parts=_CHOICE),
        *_TICKED,
        Part("understood", "Whether the four questions were passed", "boolean", 1),
        Part("sequence", "The number of the token, from 1; up to 32 bits", least=1),
        Part("notice", "First 8 bytes of SHA-256 of the words it rests on, hex", least=1),
        Part("language", "The language of those words", least=1),
    ),
)
CONDITIONS = Extension(
    "conditions",
    "Conditions of a permission",
    "What limits the permission beside the place. The rule must not be used by who does not understand them.",
    ("Consent.provision", "Consent.provision.provision"),
    (
        Part("treatment", "What may be done in this place", "code", terms=TREATMENTS),
        *_TICKED,
        Part("account", "The only account it may appear on"),
        Part("once", "Whether it is for one single draft", "boolean"),
    ),
    "Who ignores these conditions would take the permission for a wider one.",
)
STANDING = Extension(
    "standing",
    "Why nothing may be used now",
    "Each reason why the document permits nothing at the moment of the export.",
    ("Consent",),
    (Part("obstacle", "One reason", "code", 1, 0, OBSTACLE),),
)
HEAD = Extension(
    "head",
    "Head of the record",
    "The signed head of the practice's append-only record at the moment of the export, as one line.",
    ("Provenance",),
)
EXTENSIONS = (DOCUMENT, CONDITIONS, STANDING, HEAD)


def filled(extension: Extension, *parts: tuple[str, object]) -> Json:
    """Return an extension with its parts in order; those that are None or empty are left out. Raises ``KeyError``."""
    return {"url": extension.url, "extension": nested(extension.parts, *parts)}


def nested(known: tuple[Part, ...], *parts: tuple[str, object]) -> list[Json]:
    """Return the parts of an extension as FHIR writes them; a list is a part that has parts."""
    types = {part.name: part.type for part in known}
    return [_part(name, types[name], value) for name, value in parts if value is not None and value != ""]


def _part(name: str, kind: PartType, value: object) -> Json:
    if isinstance(value, list):
        return {"url": name, "extension": value}
    return {"url": name, f"value{kind[0].upper()}{kind[1:]}": value}


def choice(place: str, treatment: str) -> list[Json]:
    """Return the parts of one ``choice``."""
    return nested(_CHOICE, ("place", place), ("treatment", treatment))
