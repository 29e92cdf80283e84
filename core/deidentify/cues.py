"""What stands before or after a name, a place, a school or a workplace, and what an address looks like. English."""

from __future__ import annotations

import re

CUED_LOWER = re.compile(
    r"\b(?:named|called|name is|name's|name was|client|patient|friend|husband|wife|sister|brother|son|daughter|cousin"
    r"|boss|hi|hey|hello|dear|mr|mrs|ms|dr)\.?,? (?P<it>[a-z][\w-]{2,})\b"
)
PERSON_AFTER = re.compile(
    r"(?:'s)?,? (?:and (?:i|he|she|they)\b|who\b|\(?aged?\b|(?:had |has |just |once |then |finally |always |never )?"
    r"(?:said|says|say|told|tells|asked|asks|texted|texts|called|wrote|writes|came|comes|went|goes|sat|cried|cries"
    r"|laughed|laughs|smiled|smiles|nodded|showed|shows|passed|looked|thinks|thought|felt|knew|knows|wanted|wants"
    r"|brought|forgave|drove|drives|married|moved|met|worked|works|lost|loves|loved|hates|hated|left|stopped|started"
    r"|stood|ran|kept|held|gave|took|found|got|put|began|spent|slept|ate|read|heard|saw|spoke|broke|wore|paid"
    r"|bought|built|won|quit|swore|rode|fell|flew|hung|hid|fought|\w{3,}ed|grew|learned|signed|sings|lives|lived"
    r"|died|agreed|crossed|baked)\b"
    r"|(?:if|thank|i|i'm|i am|you|we) (?:you|for|i|still|am|so|know|saw|see|are)\b"
    r"|(?:the|my|his|her|their|our) (?:wife|husband|son|daughter|mother|father|mom|mum|dad|partner|boss|sister"
    r"|brother|client))"
)
LOWER_PLACE_BEFORE = re.compile(r"\b(?:over|back|up|down|out|live[sd]?) in $")
SCHOOL_BEFORE = re.compile(
    r"\b(?:stud(?:ent|ied|ies|ying) at|goes to|went to|attends?|attended|enrolled (?:at|in)|graduated from"
    r"|sophomore at"
    r"|freshman at|junior at|senior at|taught at|teach(?:es|er)? at|principal (?:at|of)|team at|class at|school,?"
    r"|degree (?:at|from)|campus (?:at|of))\s+(?:the )?$",
    re.IGNORECASE,
)
PLACE_BEFORE = re.compile(
    r"\b(?:in|near|outside|around|across|toward|towards|into|downtown|leaving|throughout|lives? (?:at|on)"
    r"|moved? (?:away )?(?:to|from)|(?:drove|flew|flies|fly|drive|back|home|trip|bus|train|went|move"
    r"|travel\w*) (?:in |out )?"
    r"(?:to|from|of)|out of|(?:born|grew up|stayed|stopped|landed|crossed) (?:at|in)|(?:town|city|county|village"
    r"|half|north|south|east|west"
    r"|outskirts|suburb) of)\s+(?:the )?$",
    re.IGNORECASE,
)
EMPLOYER_BEFORE = re.compile(
    r"\b(?:works?|worked|working|job|employed|boss|nurse|surgeon|engineer|manager|guard|cook|waiter|pilot|driver"
    r"|shifts?"
    r"|nights|intern|interned|employee|hired|ceo|director) (?:at|for|by|with|of)\s+(?:the )?$"
    r"|\b(?:fired from|laid off from|retired from|employer,?|runs|owns|founded|at|letterhead of)\s+(?:the )?$",
    re.IGNORECASE,
)
#: The same words stand before people.
#: The same words stand before people.
PLACE_OR_PERSON_BEFORE = re.compile(r"\b(?:from|off|of|through|via|to)\s+(?:the )?$", re.IGNORECASE)
ADDRESS_BEFORE = re.compile(
    r"\b(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd|Way|Terrace|Square|Box \d+|Route \d+)\.?, $"
)
FAMILY_AFTER = re.compile(r" (?:family|families|household|twins|boys|girls|kids|sisters|brothers|siblings|couple)\b")
STATE_AFTER = re.compile(r", ?(?:[A-Z]{2}\b|(?P<state>[A-Z][a-z]+(?: [A-Z][a-z]+)?))")
STREET = re.compile(
    r"\b(?:Rural Route|RR)\.? \d+(?:,? Box \d+)?|\bBox \d+\b|\b(?:on|at) (?P<street>\d{1,3}(?:st|nd|rd"
    r"|th))(?= (?:and|near|by)\b)"
    r"|\b(?:(?:apt|apartment|unit|suite|flat)\.? ?#?\w{1,5}, ?)?\d{1,5}[A-Za-z]? (?:(?:[NSEW]\.?|North|South"
    r"|East|West) )?"
    r"(?:[A-Z][\w']+ |\d{1,3}(?:st|nd|rd|th) ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Highway|Way|Terrace|Place|Square"
    r"|Close|Row)\b\.?"
    r"(?:,? (?:apt|apartment|unit|suite|flat|#)\.? ?\w{1,5})?"
    r"|\b(?:Route|Rt\.?|Highway|Hwy\.?|Interstate|I-)\s?\d{1,4}\b|\bP\.? ?O\.? Box \d+"
    r"|\b(?:[A-Z]{2},? |(?i:zip)(?: code)?:? )\d{5}(?:-\d{4})?\b|(?<![\w#$€£.,/-])\d{5}(?![\w%]|[.,/-]\d)"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]\d[A-Z] \d[A-Z]\d\b"
)
