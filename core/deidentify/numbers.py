"""Numbers that belong to one person or thing: telephone, social security, records, accounts, cars, devices.

A number is told by the word before it ("policy number …") or by its own shape; what has neither
but looks drawn for one case is a ``code``. Telephone numbers are found by phonenumbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.deidentify.finding import Finding, Kind, first_come, matches

_FILLER = (
    r"(?:[\s:,#(\"“]|(?i:\b(?:no|nr|num|number|numbers|id|is|was|reads|ending|ends|in|code|serial"
    r"|certificate)\b)\.?){1,8}"
)
_VALUE = (
    r"(?P<it>#?(?=[A-Z./:-]{0,8}\d|[A-Z]{1,5} [A-Z]*\d)"
    r"[A-Z0-9]+(?:[-./:][A-Z0-9]+)*(?: [A-Z0-9]*\d[A-Z0-9]*(?:[-./:][A-Z0-9]+)*){0,5})"
)
_FEWEST_DIGITS = 3
#: How many characters before a number its label may begin.
_REACH = 60
_YEAR = re.compile(r"(?:19|20)\d\d")

#: The words that tell what the number after them is. The first kind that fits wins.
_LABELS: tuple[tuple[Kind, str], ...] = (
    ("ssn", r"social security|social|ssn|itin|tin|tax(?:payer)? id"),
    ("device", r"serial|s/n|sn|imei|mac(?: address)?|udid|device|asset tag|pacemaker|pump|tracker|model"),
    ("vehicle", r"vin|(?:licen[cs]e |number )?plates?|plate|tags?|registration"),
    ("plan", r"policy|member|subscriber|beneficiary|claim|group|insurance|health plan|plan|medicare|medicaid|blue \w+"),
    ("record", r"mrn|medical record|health record|record|chart|patient|pt\.?|file"),
    ("account", r"accounts?|acct\.?|a/c|loan|checking|savings|routing|sort code|iban|card ending|debit|credit card"),
    ("licence", r"licen[cs]e|lic\.?|dl|cdl|certificate|cert\.?|permit|npi|dea|pilot number"),
    (
        "code",
        (
            r"case|docket|receipt|ticket|badge|inmate|booking|prisoner|visa|passport|a-number|invoice|order|reference|ref"
            r"|card|locker|buzzer|room|report|complaint|petition|student|employee|staff|no\."
        ),
    ),
)
_LABELLED = tuple(
    (kind, re.compile(rf"(?<![\w-])(?i:{words})(?![\w-]){_FILLER}{_VALUE}(?![\w@])")) for kind, words in _LABELS
)

_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("ssn", re.compile(r"(?<![\w-])(?:\d{3}|[xX*]{3})[- ](?:\d\d|[xX*]{2})[- ]\d{4}(?![\w-])")),
    ("device", re.compile(r"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b")),
    ("plan", re.compile(r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d\b")),
    ("vehicle", re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z0-9]{17}\b")),
    ("account", re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("account", re.compile(r"(?<![\w-])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?![\w-])")),
    ("ip", re.compile(r"(?<![\w.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.]*\d)")),
    ("ip", re.compile(r"(?<![\w:])(?=[0-9A-Fa-f:]*\d)(?:[0-9A-Fa-f]{1,4}:{1,2}){2,7}[0-9A-Fa-f]{1,4}(?![\w:])")),
    ("licence", re.compile(r"\b(?:RN|LPN|MD|LMFT|LCSW|LPC|PVT|CDL|DL)-\d{4,}\b")),
)
_LEFT_OVER = re.compile(
    r"(?<![\w@/.-])#(?=[\w-]*\d{3})[\w-]+"
    r"|(?<![\w@/.-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{5,}(?![\w-])"
    r"|(?<![\w@/.,$€£-])\d{7,}(?![\w%])"
)
_FAX_BEFORE = re.compile(r"(?:\bfax(?:ed)?\b[^.\n\d]{0,20}|\bF: ?\(?)[+(]*$", re.IGNORECASE)
_FAX_AFTER = re.compile(r"\W{0,3}fax\b", re.IGNORECASE)
#: The plan whose numbers need no country code. A number from elsewhere is found by its plus sign.
_REGION, _ABROAD = "US", "GB"
#: How a number is written at home in most other countries.
_LEADING_ZERO = re.compile(r"(?<!\w)\(?0\d{2,4}\)?[ -]\d{3}")


def find(text: str) -> Iterator[Finding]:
    """Yield every number that is told by a word or by its shape, each once."""
    certain = (finding for kind, pattern in _SHAPES[:5] for finding in matches(kind, pattern, text))
    shaped = (finding for kind, pattern in _SHAPES[5:] for finding in matches(kind, pattern, text))
    phones = list(_phones(text))
    left_over = matches("code", _LEFT_OVER, text)
    return first_come((certain, _faxes(text, phones), _labelled(text), shaped, phones, left_over))


def _labelled(text: str) -> Iterator[Finding]:
    near = list(_near_digits(text))
    for kind, pattern in _LABELLED:
        for start, end in near:
            for match in pattern.finditer(text, start, end):
                value = match["it"]
                if sum(map(str.isdigit, value)) >= _FEWEST_DIGITS and not _YEAR.fullmatch(value):
                    yield Finding(kind, *match.span("it"))


def _near_digits(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which a number and its label can lie: looking only there saves most of the time."""
    start = end = 0
    for digits in re.finditer(r"\d[\w./: -]*", text):
        if digits.start() - _REACH > end:
            if end:
                yield start, end
            start = max(0, digits.start() - _REACH)
            start = text.rfind(" ", 0, start) + 1
        end = digits.end()
    if end:
        yield start, end


def _phones(text: str) -> Iterator[Finding]:
    # Loaded late: only a draft with enough digits in it needs the tables of every country.
    if sum(map(str.isdigit, text)) < 7:
        return
    from phonenumbers import Leniency, PhoneNumberMatcher

    regions = (_REGION, _ABROAD) if _LEADING_ZERO.search(text) else (_REGION,)
    found = (PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE) for region in regions)
    yield from first_come([[Finding("phone", match.start, match.end) for match in matcher] for matcher in found])


def _faxes(text: str, phones: list[Finding]) -> Iterator[Finding]:
    for phone in phones:
        if _FAX_BEFORE.search(text, max(0, phone.start - 40), phone.start) or _FAX_AFTER.match(text, phone.end):
            yield Finding("fax", phone.start, phone.end)
