"""When and how old: dates, ages, and words that put a story close to a session.

Month and weekday names come from CLDR (Babel), so they follow the language; the words around them are English.
A year alone is no finding: the law lets it stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import cast

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from core.deidentify.finding import Finding, first_come, matches

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve"
    " thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNIT = "|".join(_ONES.split()[:9])
_SPELT = (
    rf"(?:(?:{'|'.join(_TENS.split())})(?:[- ](?:{_UNIT}))?|{'|'.join(reversed(_ONES.split()))}"
    rf"|a hundred(?: and \w+)?)"
)
_YEARS = rf"(?:1[01]\d|\d{{1,2}}|{_SPELT})"
_PERSON = (
    r"(?:man|woman|boy|girl|kid|child|teen\w*|client|patient|person|guy|lady|mother|mom|father|dad|son|daughter"
    r"|brother"
    r"|sister|husband|wife|student|toddler|baby|widow\w*|veteran|nurse|teacher|he|she|they)"
)
_NO_AGE = (
    r"(?! ?(?:%|percent|minutes?|hours?|days?|weeks?|months?|years? (?!old)|times|miles|people|kids|dollars|o'clock"
    r"|[ap]\.?m))"
)
_AGES = re.compile(
    rf"\b(?P<it>{_YEARS}[- ](?:years?|yrs?|months?|weeks?)[- ](?:old|of age)s?|{_YEARS} ?(?:yo|y/o|y\.o\.))\b"
    rf"|\b(?:aged?|age of|turn(?:s|ed|ing)?|since (?:he|she|they) (?:was|were)|(?:he|she|they|who|i)(?:'s|'re"
    rf"| is| are| was| were))"
    rf"(?: only| just| now| about| nearly| almost)? (?P<it2>{_YEARS})\b{_NO_AGE}"
    rf"|\b(?:you're|you are|who's|{_PERSON}(?:'s| is| was)|[A-Z][\w-]{{1,30}} (?:is|was)"
    rf"|[A-Z][\w-]{{1,30}}'s) (?P<it3>{_YEARS})\b(?= now| when\b| and (?:a half|three quarters|a bit)|[,.;!?)])"
    rf"|\b{_PERSON} of (?P<it4>{_YEARS})\b{_NO_AGE}"
    rf"|(?<=[^\W\d_], )(?P<it5>[1-9]\d|{_SPELT})(?=[,;.)](?! (?:one|two|three|four|five|six|seven|eight|nine|ten)\b))"
    rf"|\b(?:at|from) (?P<it6>\d\d|{_SPELT})(?= on\b|, (?:with|he|she|they)\b)",
    re.IGNORECASE,
)

_HOLIDAYS = (
    r"New Year's(?: Eve| Day)?|Christmas(?: Eve| Day)?|Thanksgiving|Easter(?: Sunday| Monday)?|Halloween"
    r"|Hanukkah|Kwanzaa"
    r"|Ramadan|Eid|Diwali|Passover|Yom Kippur|Rosh Hashanah|Good Friday|Ash Wednesday|Palm Sunday|Holy Week|Lent"
    r"|Columbus Day|Presidents Day|Memorial Day|Labor Day|Veterans Day|Juneteenth"
    r"|(?:Mother|Father|Valentine|St\.? Patrick)'s Day|Independence Day|Boxing Day|Fourth of July|4th of July"
)
_ORDINAL = r"(?:[12]\d|3[01]|[1-9])(?:st|nd|rd|th)"
_FAR_DATES = re.compile(
    rf"\b(?:{_HOLIDAYS})(?:,? (?:19|20)\d\d)?\b"
    r"|(?<![\w./-])(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|[12]\d|3[01])[/.-](?:19|20)?\d\d(?![\w/-]|\.\d)"
    r"|(?<![\w./-])(?:19|20)\d\d[/.-](?:0?[1-9]|1[0-2])(?:[/.-](?:0?[1-9]|[12]\d|3[01]))?(?![\w/-])"
    r"|(?<![\w./$-])(?:0?[1-9]|1[0-2])/(?:1\d|2\d|3[01])(?![\w/%])"
    r"|\b(?:spring|summer|fall|autumn|winter) (?:of )?(?:19|20)\d\d\b"
    rf"|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )(?P<day>the {_ORDINAL})\b"
    rf"|\b(?:on|by|until|till|since|before|after|from|to|and|of|dated|the) (?:the )?(?P<it>{_ORDINAL})\b"
    r"(?! (?:time|day|week|month|year|grade|session|person|hour|street|floor|century|place|birthday|one|of the)\b)",
    re.IGNORECASE,
)

_NEAR = re.compile(
    r"\b(?:yesterday|last night|this (?:morning|afternoon|evening|past \w+)|(?:last (?:week|weekend|month)"
    r"|this week)(?=[,:;.!?]| (?:a|an|i|he|she|they|my|one|in|with)\b)"
    r"|(?:just|earlier) (?:today|now)|today's session|in session today|the other (?:day|night)|a few (?:days"
    r"|weeks|hours) ago"
    r"|(?:a|an|one|two|three|four|five|six|seven|ten|\d{1,2}|couple of) (?:hours?|days?|weeks?|months?) ago"
    r"|(?:our|my|the|his|her|their) (?:last|latest|most recent) (?:session|visit|hour)(?: together)?)\b",
    re.IGNORECASE,
)


def find(text: str, language: str) -> Iterator[Finding]:
    """Yield every date, age and word of nearness. ``language``: a code like ``en``; English where it is unknown."""
    months, weekdays = _calendar(language)
    yield from first_come(
        (matches("date", months, text), matches("date", _FAR_DATES, text), matches("age", _AGES, text))
    )
    yield from first_come((matches("session", weekdays, text), matches("session", _NEAR, text)))


@cache
def _calendar(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    try:
        locale = Locale(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    wide = [str(name) for name in cast("dict[int, str]", get_month_names("wide", locale=locale)).values()]
    short = [
        str(name).rstrip(".") for name in cast("dict[int, str]", get_month_names("abbreviated", locale=locale)).values()
    ]
    days = [str(name) for name in cast("dict[int, str]", get_day_names("wide", locale=locale)).values()]
    return _months(wide, short), _weekdays(days)


def _months(wide: list[str], short: list[str]) -> re.Pattern[str]:
    month = rf"(?:{'|'.join(map(re.escape, wide))}|(?:{'|'.join(map(re.escape, short))})\b\.?)"
    # "May" and "March" are words too: alone they need a capital and a small word before, or a number beside.
    any_case = rf"(?i:{month})"
    day = r"(?:(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?)"
    year = r"(?:,? (?:of )?(?:19|20)\d\d|,? '\d\d)"
    return re.compile(
        rf"\b(?:the )?{day}(?: (?:of|de))? {any_case}\b{year}?"
        rf"|\b{any_case} {day}\b(?:(?:,)?{year})?|\b{any_case}{year}\b"
        rf"|(?:\b(?i:in|since|of|by|until|till|to|last|from|this|early|late|mid|same|that|every|or|and|before"
        rf"|after)[ -])"
        rf"(?P<it>{month})\b"
    )


def _weekdays(days: list[str]) -> re.Pattern[str]:
    day = "|".join(map(re.escape, days))
    return re.compile(
        rf"\b(?:(?:last|this(?: past)?|on|every|past)\s+)?(?:{day})s?\b(?: (?:morning|afternoon|evening|night))?",
        re.IGNORECASE,
    )
