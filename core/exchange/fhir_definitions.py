"""Our code systems, value sets and extensions as FHIR resources, so that a reader finds them in the export itself.

There is no host to fetch them from. Their content is ``fhir_terms.py`` and nothing else.
"""

from __future__ import annotations

from core.exchange.fhir_terms import EXTENSIONS, SYSTEMS, VERSION, Extension, Json, Part, Terms
from core.exchange.subject import urn, uuid_of

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"


def definitions() -> list[Json]:
    """Return the definition of everything of ours that an export may carry, as FHIR resources."""
    terms = [made for one in SYSTEMS for made in (_code_system(one), _value_set(one))]
    return [*terms, *(_structure(one) for one in EXTENSIONS)]


def _heading(kind: str, name: str, title: str) -> Json:
    url = urn(f"fhir/{kind}/{name}")
    return {
        "resourceType": kind,
        "id": str(uuid_of(f"fhir/{kind}/{name}")),
        "url": url,
        "version": VERSION,
        "name": "Sayso" + name.capitalize(),
        "title": title,
        "status": "active",
        "experimental": False,
        "publisher": "Sayso",
    }


def _code_system(terms: Terms) -> Json:
    tops = [one for one in terms.codes if not one[2]]
    return _heading("CodeSystem", terms.name, terms.title) | {
        "caseSensitive": True,
        "valueSet": terms.value_set,
        "hierarchyMeaning": "is-a",
        "content": "complete",
        "count": len(terms.codes),
        "concept": [_concept(terms, *one) for one in tops],
    }


def _concept(terms: Terms, code: str, label: str, _parent: str) -> Json:
    below = [_concept(terms, *one) for one in terms.codes if one[2] == code]
    return {"code": code, "display": label} | ({"concept": below} if below else {})


def _value_set(terms: Terms) -> Json:
    compose = {"include": [{"system": terms.system, "version": VERSION}]}
    return _heading("ValueSet", terms.name, terms.title) | {"compose": compose}


def _structure(extension: Extension) -> Json:
    return _heading("StructureDefinition", extension.name, extension.title) | {
        "description": extension.what,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": place} for place in extension.on],
        "type": "Extension",
        "baseDefinition": _EXTENSION,
        "derivation": "constraint",
        "differential": {"element": [_root(extension), *_elements(extension)]},
    }


def _root(extension: Extension) -> Json:
    changes = {"isModifier": bool(extension.modifies)}
    reason = {"isModifierReason": extension.modifies} if extension.modifies else {}
    about = {"id": "Extension", "path": "Extension", "short": extension.title, "definition": extension.what}
    return about | changes | reason


def _elements(extension: Extension) -> list[Json]:
    url = {"id": "Extension.url", "path": "Extension.url", "fixedUri": extension.url}
    if not extension.parts:
        value = {"id": "Extension.value[x]", "path": "Extension.value[x]", "min": 1, "type": [{"code": "string"}]}
        return [{"id": "Extension.extension", "path": "Extension.extension", "max": "0"}, url, value]
    no_value = {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"}
    return [*_parts("Extension", "Extension", extension.parts), url, no_value]


def _parts(id_: str, path: str, parts: tuple[Part, ...]) -> list[Json]:
    return [element for part in parts for element in _slice(f"{id_}.extension:{part.name}", f"{path}.extension", part)]


def _slice(id_: str, path: str, part: Part) -> list[Json]:
    most = str(part.most) if part.most else "*"
    about = {"id": id_, "path": path, "sliceName": part.name, "short": part.what, "min": part.least, "max": most}
    url = {"id": f"{id_}.url", "path": f"{path}.url", "fixedUri": part.name}
    value: Json = {"id": f"{id_}.value[x]", "path": f"{path}.value[x]"}
    if part.parts:
        return [about, *_parts(id_, path, part.parts), url, value | {"max": "0"}]
    value |= {"min": 1, "type": [{"code": part.type}]}
    binding = {"binding": {"strength": "required", "valueSet": part.terms.value_set}} if part.terms else {}
    return [about, {"id": f"{id_}.extension", "path": f"{path}.extension", "max": "0"}, url, value | binding]
