"""A derivation as JSON and back, without loss. Families are written once, in a list, and named elsewhere."""

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from derive.errors import DeriveError, InputError
from derive.language import (
    atom,
    beyond,
    calculus_nodes,
    domain,
    excess,
    expr,
    family,
    functions,
    index,
    indicator,
    integral,
    joint,
    larger,
    numbered,
    reductions,
    root_of,
    special,
    symbolic_power,
    width,
)
from derive.proof import derivation, step
from derive.proof.conform import misfit

_MODULES = (
    beyond,
    calculus_nodes,
    domain,
    excess,
    expr,
    family,
    functions,
    index,
    joint,
    integral,
    larger,
    numbered,
    atom,
    reductions,
    root_of,
    special,
    indicator,
    symbolic_power,
    width,
    derivation,
    step,
)
_TYPES: dict[str, Any] = {
    name: value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, type) and value.__module__ == module.__name__ and is_dataclass(value)
}
_ENUMS: dict[str, type[Enum]] = {"Relation": step.Relation, "Role": family.Role}
FORMAT = 1


def encode(value: derivation.Derivation) -> dict[str, Any]:
    """Return plain dictionaries, lists, strings and integers."""
    table: dict[str, Any] = {}
    body = _encode(value, table)
    return {"format": FORMAT, "families": list(table.values()), "derivation": body}


def decode(document: object) -> derivation.Derivation:
    """Return the derivation that was encoded; raises InputError for a document that is not one."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(f"this is not a derivation in JSON (format {FORMAT})")
    families: dict[str, family.Family] = {}
    try:
        for stored in document["families"]:
            found = _decode(stored, families)
            _check_names(found)
            families[found.name] = found
        value = _decode(document["derivation"], families)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError, RecursionError, DeriveError) as error:
        raise InputError(f"this JSON is not a derivation: {type(error).__name__}: {error}") from None
    if not isinstance(value, derivation.Derivation):
        raise InputError("this JSON holds something else than a derivation")
    return value


def to_json(value: derivation.Derivation) -> str:
    """Return the JSON text, with sorted keys."""
    return json.dumps(encode(value), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def from_json(text: str) -> derivation.Derivation:
    """Return the derivation in a JSON text; raises InputError for any other text."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"this is not JSON: {error}") from None
    return decode(document)


def _encode(value: Any, table: dict[str, Any]) -> Any:
    if value is None or (isinstance(value, str | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return {"type": type(value).__name__, "value": value.value}
    if isinstance(value, Fraction):
        return {"type": "Fraction", "value": str(value)}
    if isinstance(value, tuple):
        return [_encode(part, table) for part in value]
    if isinstance(value, family.Family):
        if value.name not in table:
            stored = _record(value, table)  # before the entry: a family it refers to comes first
            table[value.name] = stored
        return {"type": "FamilyName", "value": value.name}
    return _record(value, table)


def _record(value: Any, table: dict[str, Any]) -> dict[str, Any]:
    name = type(value).__name__
    if _made(name) is not type(value):
        raise TypeError(f"no JSON form for {name}")
    return {"type": name} | {f.name: _encode(getattr(value, f.name), table) for f in fields(value)}


def _made(name: str) -> Any:
    """Return the class of this name that may stand in a file: a dataclass of the language or of proofs, or a domain."""
    found = _TYPES.get(name) or vars(domain).get(name)
    return found if isinstance(found, type) and (name in _TYPES or issubclass(found, domain.Domain)) else None


def _decode(value: Any, families: dict[str, family.Family]) -> Any:
    if isinstance(value, list):
        return tuple(_decode(part, families) for part in value)
    if not isinstance(value, dict):
        return value
    name = value["type"]
    if name == "Fraction":
        return Fraction(value["value"])
    if name == "FamilyName":
        return families[value["value"]]
    if name in _ENUMS:
        return _ENUMS[name](value["value"])
    made = _made(name)
    if made is None:
        raise InputError(f"unknown type {name!r}")
    parts = {key: _decode(part, families) for key, part in value.items() if key != "type"}
    wrong = misfit(made, parts)
    if wrong is not None:
        raise InputError(f"the field {wrong!r} of {name} is missing, unknown or of another type")
    return made(**parts)


def _check_names(found: family.Family) -> None:
    """Refuse names that could not have been declared: they reach file names and code."""
    derived = found.inverse_of is not None or found.differential_of is not None
    if not derived and not found.name.isidentifier():
        raise InputError(f"{found.name!r} cannot name a symbol")
    if found.code and not found.code.isidentifier():
        raise InputError(f"{found.code!r} is not a name that code can use")
