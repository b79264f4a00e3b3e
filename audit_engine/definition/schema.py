"""Which JSON Schema lets an editor complete and check a questionnaire while it is written?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.translated import ENGLISH, LANGUAGE

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a questionnaire file."""
    from audit_engine.definition.shape import questionnaire_shape  # marshmallow is slow to import

    found: dict[str, Any] = {"$schema": DIALECT, "title": "Questionnaire"}
    definitions: dict[str, Any] = {}
    found |= _object(questionnaire_shape(), definitions)
    item = definitions["Item"]
    item["properties"]["type"]["enum"] = list(ITEM_TYPES)
    item["allOf"] = [_rules_of_type(type_id) for type_id in ITEM_TYPES]
    return {**found, "$defs": definitions}


def _rules_of_type(type_id: str) -> dict[str, Any]:
    every_special = {key for item_type in ITEM_TYPES.values() for key in item_type.takes}
    refused = sorted(every_special - ITEM_TYPES[type_id].takes)
    then: dict[str, Any] = {"properties": dict.fromkeys(refused, False)}
    return {"if": {"properties": {"type": {"const": type_id}}, "required": ["type"]}, "then": then}


def _object(shape: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    required = []
    for name, field in shape.fields.items():
        key = field.data_key or name
        properties[key] = _of(field, definitions)
        if field.required:
            required.append(key)
    found = {
        "type": "object",
        "description": _sentence(type(shape).__doc__),
        "properties": properties,
        "additionalProperties": False,
    }
    return {**found, "required": required} if required else found


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


def _of(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    for kind in type(field).__mro__:
        maker = _MAKERS.get(kind.__name__)
        if maker is not None:
            return maker(field, definitions)
    raise TypeError(f"No JSON Schema is known for {type(field).__name__}; add it to _MAKERS.")


def _line(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    found = {"type": "string", "minLength": 1, "maxLength": field.longest}
    if field.pattern is None:
        return found
    return {**found, "pattern": f"^(?:{field.pattern.pattern})$", "description": field.rule}


def _translatable(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    text = _line(field, definitions)
    languages = {"pattern": f"^(?:{LANGUAGE})$"}
    by_language = {"type": "object", "propertyNames": languages, "additionalProperties": text, "required": [ENGLISH]}
    return {"anyOf": [text, by_language]}


def _one_of(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"enum": list(field.words)}


def _formula(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"type": ["string", "boolean"], "maxLength": 500, "description": "An expression."}


def _true_false(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "boolean"}


def _whole(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "integer", "minimum": field.least, "maximum": field.most}


def _amount(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "number"}
    for key, limit in (("minimum", field.least), ("maximum", field.most)):
        if limit is not None:
            found[key] = float(limit)
    return found


def _day(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "string", "format": "date"}


def _several(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    one = _line(field.line, definitions)
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _anything(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object"}


def _list(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _of(field.inner, definitions)}


def _nested(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = type(field.schema).__name__.removesuffix("Shape")
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _object(field.schema, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _table(field: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "additionalProperties": _of(field.values, definitions)}
    if field.keys.pattern is not None:
        found["propertyNames"] = {"pattern": f"^(?:{field.keys.pattern.pattern})$"}
    return found


_MAKERS: Mapping[str, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    "Line": _line,
    "Translatable": _translatable,
    "OneOf": _one_of,
    "Formula": _formula,
    "TrueFalse": _true_false,
    "Whole": _whole,
    "Amount": _amount,
    "Day": _day,
    "Several": _several,
    "Anything": _anything,
    "Listed": _list,
    "Shaped": _nested,
    "Table": _table,
}
