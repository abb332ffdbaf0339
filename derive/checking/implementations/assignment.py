"""How an assignment says that functions are called: tables [functions.m_step] of its TOML file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.checking.implementations.vocabulary import DATA, GAMMA, ROLES
from derive.checking.submitted.problem import Setting
from derive.errors import InputError

_KEYS = {"name", "arguments", "returns", "standard_deviations", "stable"}


@dataclass(frozen=True)
class Called:
    """How one function is called.

    name: in the file, "" for the usual ones. arguments: in order, by position: X, responsibilities, parameters and
    known constants by their names in code, and K, N, D; None where they are recognised. returns: likewise.
    standard_deviations: whether what is a variance here is returned as its root. stable: whether a sample far away
    must give finite numbers, else the function is wrong.
    """

    name: str = ""
    arguments: tuple[str, ...] | None = None
    returns: tuple[str, ...] | None = None
    standard_deviations: bool = False
    stable: bool = False


def calls_of(tables: Mapping[str, Any], setting: Setting) -> dict[str, Called]:
    """Read the tables. Raises InputError for a function, a key or a name that does not exist."""
    known = {DATA, GAMMA, "K", "N", "D", "parameters", *setting.fields, *setting.module.KNOWNS}
    found = {}
    for role, table in tables.items():
        if role not in ROLES:
            raise InputError(f"functions.{role}: there is no such function; there are {', '.join(ROLES)}")
        if not isinstance(table, Mapping) or set(table) - _KEYS:
            raise InputError(f"functions.{role}: a table with {', '.join(sorted(_KEYS))} is needed")
        name, flags = table.get("name", ""), (table.get("standard_deviations", False), table.get("stable", False))
        if not isinstance(name, str) or not all(isinstance(flag, bool) for flag in flags):
            raise InputError(f"functions.{role}: name is text, standard_deviations and stable are true or false")
        lists = {key: _names(role, key, table.get(key), known) for key in ("arguments", "returns")}
        found[role] = Called(name, lists["arguments"], lists["returns"], *flags)
    return found


def _names(role: str, key: str, value: object, known: set[str]) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError(f"functions.{role}.{key}: a list of names is needed")
    allowed = known | ({"log_likelihood", "_"} if key == "returns" else set())
    wrong = [name for name in value if name not in allowed]
    if wrong:
        raise InputError(f"functions.{role}.{key}: {wrong[0]!r} is none of {', '.join(sorted(allowed))}")
    return tuple(value)
