"""What tells without a number or a name: exact words, rare families, pictures, marks of the body, cars. English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.deidentify.finding import Finding, first_come, matches

#: Fewer words in quotation marks are a term, not somebody's sentence.
_FEWEST_WORDS = 3
_QUOTED = re.compile(r"“[^“”]{8,600}”|\"[^\"\n]{8,600}\"|«[^«»]{8,600}»")
_SCRIPT_LINE = re.compile(
    r"^(?!(?:me|therapist|host|narrator|i|subject|slide|note)\b)[A-Z][\w .]{0,20}: ?(?P<it>[^\n“\"]{8,})$",
    re.MULTILINE | re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?<!\bi )(?:said|says|wrote|writes|told me|answered|replied|texted"
    r"|signed): ?(?P<it>(?![A-Z][\w ]{0,20}:)[^\n.!?\"“”]{12,400}[.!?]?)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"^(?:client|patient|he|she|they|him|her|wife|husband|mom|mum|mother|dad|father|son|daughter|teen|kid|caller)\b",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(
    r"(?:\b(?:i|we|therapists?) (?:always |often |then |just |usually )?(?:say|said|ask|asked|asks|answer"
    r"|answered|replied|tell \w+|told \w+)|(?:(?<![^\n.!?])|(?<=[.!?] )|(?<=then )|(?<=and ))me"
    r"|\bsay this instead)[,:]? ?$",
    re.IGNORECASE,
)

_KIN = (
    r"(?:wi(?:fe|ves)|husbands?|spouses?|partners?|fianc[ée]e?s?|mothers?|moms?|mums?|fathers?|dads?|parents?"
    r"|sons?|daughters?"
    r"|children|kids|babies|brothers?|sisters?|siblings?|cousins?|aunts?|uncles?|grandmothers?|grandfathers?"
    r"|grandparents?)"
)
_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|\d{1,2})"
_RELATION = re.compile(
    rf"\b(?:identical |fraternal )?twins?(?: (?:sister|brother|boys|girls|sons?|daughters?))?\b|\b(?:tri"
    rf"|quadru)plets?\b"
    rf"|\b(?:half|step|foster|adoptive|adopted|birth|biological|estranged|surrogate|late|dead|deaf"
    rf"|blind)[- ]?{_KIN}\b"
    rf"|\b(?:all )?(?:{_COUNT}|(?:both|all) of (?:his|her|their)) (?:of (?:his|her|their) )?(?:ex-|step|half-"
    rf"|foster |older |younger )?{_KIN}\b"
    rf"|\b(?:first|second|third|fourth|fifth|ex|former|only)[- ]{_KIN}\b|\bonly child\b|\b{_KIN} of {_COUNT}\b"
    rf"|\b(?:oldest|youngest|eldest|middle) of {_COUNT}\b|\b(?:widow|widower|orphan|adoptee|surrogate)\b"
    rf"|\b{_COUNT} (?:foster homes|placements)\b"
    rf"|\b{_KIN} (?:and {_KIN} )?(?:(?:was|were) (?:killed|murdered|jailed|deported|arrested)|(?:is|was) (?:his"
    rf"|her|their) (?:boss|coach|teacher|pastor))\b"
    rf"|\bmarried (?:his|her|their|to (?:his|her)) (?:ex|{_KIN})\b",
    re.IGNORECASE,
)
_PICTURE = (
    r"(?:photos?|photographs?|pictures?|selfies?|headshots?|portraits?|screenshots?|mug ?shots?|footage|snapshots?)"
)
_PHOTO = re.compile(
    rf"\b(?:(?:school|class|wedding|baby|profile|passport|graduation|team|family|his|her"
    rf"|their) )?{_PICTURE} (?:of|with) "
    rf"(?:him|her|them|me and|me with|us|his|my|their|the (?:client|patient|couple|family|kids?|boy|girl))\b(?: \w+)?"
    rf"|\b(?:school|class|wedding|baby|prom|profile|passport|graduation|team|family|(?:his|her|their"
    rf"|client's)(?: \w+)?) {_PICTURE}\b|\bheadshots?\b|\bmug ?shots?\b",
    re.IGNORECASE,
)
_BIOMETRIC = re.compile(
    r"\b(?:finger|thumb|palm|hand|foot|voice|retina|iris|face)[- ]?(?:prints?|scans?|id)\b|\bretinas?\b|\b(?:his"
    r"|her|their|an) iris\b"
    r"|\b(?:(?:his|her|their) )?dna(?: (?:profile|test|sample|match|results?))?\b|\bfac(?:e|ial) recognition\b"
    r"|\bdental records?\b|\bgait\b",
    re.IGNORECASE,
)
_MAKES = (
    "Acura|Audi|BMW|Buick|Cadillac|Chevrolet|Chevy|Chrysler|Dodge|Fiat|Ford|GMC|Harley(?:-Davidson)?|Honda|Hyundai|Jaguar|Jeep"
    "|Kia|Land Rover|Lexus|Mazda|Mercedes(?:-Benz)?|Mini Cooper|Mitsubishi|Nissan|Peugeot|Porsche|Renault|Rivian|Subaru"
    "|Suzuki|Tesla|Toyota|Vauxhall|Volkswagen|Volvo|VW"
)
_CAR = re.compile(rf"\b(?:(?:19|20)\d\d )?(?:[a-z]+ )?(?:{_MAKES})(?: [A-Z][\w-]+| \d{{2,4}}\b)?")


def find(text: str, original: str) -> Iterator[Finding]:
    """Yield exact words, relations, pictures, marks of the body and cars. ``original`` keeps the quotation marks."""
    yield from _quotes(original)
    yield from matches("relation", _RELATION, text)
    yield from first_come((matches("photo", _PHOTO, text), matches("biometric", _BIOMETRIC, text)))
    yield from matches("vehicle", _CAR, text)


def _quotes(text: str) -> Iterator[Finding]:
    for match in _QUOTED.finditer(text):
        if len(match[0].split()) > _FEWEST_WORDS and not _OWN_WORDS.search(
            text, max(0, match.start() - 40), match.start()
        ):
            yield Finding("quote", *match.span())
    yield from matches("quote", _REPORTED, text)
    for match in _SCRIPT_LINE.finditer(text):
        if _SPEAKER.match(match[0]):
            yield Finding("quote", *match.span("it"))
