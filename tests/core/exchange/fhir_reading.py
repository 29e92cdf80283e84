"""Reading an export as somebody else would: the rules of R4 that a model library does not check, written from R4."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: R4's own codes that an export may use, by system.
KNOWN = {
    "http://terminology.hl7.org/CodeSystem/consentscope": {"adr", "research", "patient-privacy", "treatment"},
    "http://loinc.org": {"59284-0"},
    "http://terminology.hl7.org/CodeSystem/v3-ActCode": {"IDSCL"},
    "http://terminology.hl7.org/CodeSystem/v3-RoleClass": {"PROV"},
    "http://terminology.hl7.org/CodeSystem/consentaction": {"collect", "access", "use", "disclose", "correct"},
}
STATES = {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_STRING = re.compile(r"[\r\n\t\u0020-\U0010FFFF]*\S[\r\n\t\u0020-\U0010FFFF]*")
_URI = re.compile(r"\S+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def resources(bundle: dict, kind: str) -> list[dict]:
    """The resources of one type in a bundle."""
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def walk(part: object, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every object of a resource with the path of its element, list indexes left out."""
    if isinstance(part, dict):
        path = path or part["resourceType"]
        yield path, part
        for name, inner in part.items():
            yield from walk(inner, f"{path}.{name}")
    elif isinstance(part, list):
        for inner in part:
            yield from walk(inner, path)


def rules(provision: dict) -> Iterator[dict]:
    """A provision and all below it."""
    yield provision
    for inner in provision.get("provision", ()):
        yield from rules(inner)


def permitted(consent: dict) -> list[dict]:
    """The rules of a consent that permit something; none where it is not to be acted on."""
    return [rule for rule in rules(consent["provision"]) if rule["type"] == "permit"]


def faults(bundle: dict) -> list[str]:
    """What is wrong with a bundle, as sentences."""
    return [*_of_bundle(bundle), *(fault for one in resources(bundle, "Consent") for fault in _of_consent(one))] + [
        fault for entry in bundle["entry"] for fault in (*_of_values(entry["resource"]), *_of_extensions(entry, bundle))
    ]


def _of_bundle(bundle: dict) -> Iterator[str]:
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    if bundle["type"] != "collection" or len(set(urls)) != len(urls):
        yield "a full URL stands twice (bdl-7)"
    for entry in bundle["entry"]:
        if entry["fullUrl"] != f"urn:uuid:{entry['resource']['id']}" or not _ID.fullmatch(entry["resource"]["id"]):
            yield "a resource is not where its URL says"
    for provenance in resources(bundle, "Provenance"):
        if not provenance["target"] or any(target["reference"] not in urls for target in provenance["target"]):
            yield "a Provenance is about nothing"


def _of_consent(consent: dict) -> Iterator[str]:
    if consent["status"] not in STATES:
        yield "unknown status"
    if not consent.get("policy") and not consent.get("policyRule"):
        yield "ppc-1: neither policy nor policyRule"
    if not consent.get("scope") or not consent.get("category"):
        yield "scope and category are required"
    if not consent.get("patient"):
        yield "ppc-2: a privacy consent without a patient"
    if any(rule.get("type") not in {"deny", "permit"} for rule in rules(consent["provision"])):
        yield "a rule is neither deny nor permit"
    for rule in rules(consent["provision"]):
        if rule.get("period", {}).get("end") and rule["period"]["start"] > rule["period"]["end"]:
            yield "per-1: a period ends before it starts"


def _of_values(resource: dict) -> Iterator[str]:
    for path, part in walk(resource):
        if not part:
            yield f"ele-1: {path} is empty"
        for name, value in part.items():
            if isinstance(value, str) and not _STRING.fullmatch(value):
                yield f"{path}.{name} is no string of R4"
            if name in {"url", "system", "uri", "reference"} and isinstance(value, str) and not _URI.fullmatch(value):
                yield f"{path}.{name} is no URI"
            if name in {"dateTime", "recorded", "start", "end"} and not _INSTANT.fullmatch(value):
                yield f"{path}.{name} is no time with its zone"
            if isinstance(value, list) and not value:
                yield f"{path}.{name} is an empty list"


def _of_extensions(entry: dict, bundle: dict) -> Iterator[str]:
    structures = {one["url"]: one for one in resources(bundle, "StructureDefinition")}
    for path, part in walk(entry["resource"]):
        for name in ("extension", "modifierExtension"):
            for extension in part.get(name, ()):
                if "urn:" not in extension["url"]:
                    continue
                structure = structures.get(extension["url"])
                if structure is None:
                    yield f"{path} carries an extension that is not defined here"
                else:
                    yield from _of_extension(extension, structure, path, modifies=name == "modifierExtension")


def _of_extension(extension: dict, structure: dict, path: str, *, modifies: bool) -> Iterator[str]:
    root, *elements = structure["differential"]["element"]
    if path not in {context["expression"] for context in structure["context"]}:
        yield f"{structure['name']} may not stand on {path}"
    if root["isModifier"] != modifies:
        yield f"{structure['name']} stands where it must not"
    yield from _of_parts(extension, "Extension", {element["id"]: element for element in elements}, structure["name"])


def _of_parts(extension: dict, id_: str, elements: dict[str, dict], name: str) -> Iterator[str]:
    parts = extension.get("extension", [])
    values = [key for key in extension if key.startswith("value")]
    if bool(parts) == bool(values):
        yield f"ext-1: {name} at {id_} must have either parts or a value"
    for value in values:
        code = elements[f"{id_}.value[x]"]["type"][0]["code"]
        if value != f"value{code[0].upper()}{code[1:]}":
            yield f"{name} at {id_} has a value of another type"
    slices = {key: one for key, one in elements.items() if re.fullmatch(re.escape(id_) + r"\.extension:\w+", key)}
    for key, one in slices.items():
        count = sum(part["url"] == one["sliceName"] for part in parts)
        if parts and (count < one["min"] or (one["max"] != "*" and count > int(one["max"]))):
            yield f"{name} has {count} times {key}"
    for part in parts:
        key = f"{id_}.extension:{part['url']}"
        if key not in slices:
            yield f"{name} has a part that is not defined: {part['url']}"
        else:
            yield from _of_parts(part, key, elements, name)
