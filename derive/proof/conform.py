"""Whether a value has the type that a dataclass declares for it: what a file holds is checked before it is used."""

import types
from dataclasses import fields
from typing import Any, Union, get_args, get_origin, get_type_hints


def conforms(value: object, hint: Any) -> bool:  # noqa: ANN401 - any type hint
    """Whether a value is of the hinted type: a class, an optional, a union, or a tuple of such."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(conforms(value, argument) for argument in arguments)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return all(conforms(part, arguments[0]) for part in value)
        return len(value) == len(arguments) and all(map(conforms, value, arguments))
    if hint is type(None):
        return value is None
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def misfit(cls: type, values: dict[str, object]) -> str | None:
    """Return the name of the first field that is missing, unknown or of another type; None where all fit."""
    hints = get_type_hints(cls)
    wanted = {field.name for field in fields(cls)}
    for name in sorted(wanted ^ set(values)):
        return name
    return next((name for name in sorted(wanted) if not conforms(values[name], hints[name])), None)
