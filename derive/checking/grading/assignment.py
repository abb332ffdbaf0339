"""What a class is asked: a TOML file with the model, the points and the limits.

title = "EM for the Gaussian mixture"
model = "gaussian-full"          # of the catalogue, or a file beside this one
hints = "why"                    # none, where, why or solution

[asked]
results = ["means", "covariances", "weights"]
functions = ["e_step", "m_step"]

[points]
results = 2                      # for each, or a table: results = { means = 3, weights = 1 }
rows = 4                         # for all rows together
functions = 5                    # for each, or a table

[functions.m_step]               # how submitted functions are called, where that cannot be guessed
...

[limits]
seconds = 60                     # for one file
"""

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from derive.checking.feedback.hints import Hints
from derive.checking.feedback.scores import Points
from derive.errors import InputError

_KEYS = {
    "": {"title", "model", "hints", "asked", "points", "functions", "limits"},
    "asked": {"results", "functions"},
    "points": {"results", "rows", "functions"},
    "limits": {"seconds"},
}
_LARGEST = 1 << 20  # bytes of the file
SECONDS = 120.0


@dataclass(frozen=True)
class Assignment:
    """What is asked of every hand-in.

    model: its name or file; "" where each hand-in says it. results, functions: those that are asked; None for those
    that the model has, and that are handed in. function, functions_earn: points for each function, and for some of
    their own. calls: how submitted functions are called, by name, as the file has it. seconds: for judging one file.
    digest: of all that it says.
    """

    title: str = "Assignment"
    model: str = ""
    hints: Hints = Hints.why
    results: tuple[str, ...] | None = None
    functions: tuple[str, ...] | None = None
    points: Points = field(default_factory=Points)
    calls: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = SECONDS
    digest: str = ""


def read_assignment(path: Path) -> Assignment:
    """Read an assignment. Raises InputError with the key for whatever is not as it should be."""
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST:
            raise InputError(f"{path}: {len(content)} bytes are too many for an assignment")
        found = tomllib.loads(content.decode())
    except OSError as error:
        raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8, at byte {error.start}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path}: no TOML: {error}") from error
    reader = _Reader(path, found)
    digest = hashlib.sha256(content)
    model, file = _model(path, reader.text("", "model", ""))
    if file is not None and file.is_file():
        digest.update(file.read_bytes())
    each_result, of_results = reader.points("results")
    each_function, of_functions = reader.points("functions")
    return Assignment(
        reader.text("", "title", "Assignment"),
        model,
        reader.hints(),
        reader.names("results"),
        reader.names("functions"),
        Points(each_result, reader.number("points", "rows", 1.0, least=0.0), each_function, of_results, of_functions),
        reader.calls(),
        reader.number("limits", "seconds", SECONDS, least=1.0),
        digest.hexdigest(),
    )


def _model(path: Path, spec: str) -> tuple[str, Path | None]:
    """A model as `load_model` takes it, and its file, which is beside the assignment unless it is told elsewhere."""
    stem, found, name = spec.partition(".py")
    if not found:
        return spec, None
    file = path.parent / f"{stem}.py"
    return f"{file}{name}", file


class _Reader:
    """The content of a file, with messages that name the key."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self._path, self._content = path, content
        for section, known in _KEYS.items():
            for key in self._section(section):
                if key not in known:
                    named = ", ".join(sorted(known))
                    raise self._error(section, key, f"there is no such key; there are {named}")

    def text(self, section: str, key: str, default: str) -> str:
        value = self._section(section).get(key, default)
        if not isinstance(value, str) or (key in self._section(section) and not value.strip()):
            raise self._error(section, key, f"text is needed, not {value!r}")
        return value

    def hints(self) -> Hints:
        value = self.text("", "hints", Hints.why.value)
        if value not in set(Hints):
            raise self._error("", "hints", f"{value!r} is none of {', '.join(Hints)}")
        return Hints(value)

    def number(self, section: str, key: str, default: float, least: float) -> float:
        return self._number(section, key, self._section(section).get(key, default), least)

    def names(self, key: str) -> tuple[str, ...] | None:
        value = self._section("asked").get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
            raise self._error("asked", key, f"a list of names is needed, not {value!r}")
        if twice := {name for name in value if value.count(name) > 1}:
            raise self._error("asked", key, f"{min(twice)!r} stands there twice")
        return tuple(value)

    def points(self, key: str) -> tuple[float, dict[str, float]]:
        """Points for each, and for some of their own."""
        value = self._section("points").get(key, 1.0)
        if isinstance(value, dict):
            return 0.0, {name: self._number(f"points.{key}", name, each, 0.0) for name, each in value.items()}
        return self._number("points", key, value, 0.0), {}

    def calls(self) -> dict[str, Any]:
        value = self._section("functions")
        for name, call in value.items():
            if not isinstance(call, dict):
                raise self._error("functions", name, f"a table [functions.{name}] is needed, not {call!r}")
        return value

    def _number(self, section: str, key: str, value: object, least: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
            raise self._error(section, key, f"a number of at least {least:g} is needed, not {value!r}")
        return float(value)

    def _section(self, section: str) -> dict[str, Any]:
        value = self._content.get(section, {}) if section else self._content
        if not isinstance(value, dict):
            raise self._error("", section, f"a table [{section}] is needed, not {value!r}")
        return value

    def _error(self, section: str, key: str, reason: str) -> InputError:
        return InputError(f"{self._path}: {f'{section}.' if section else ''}{key}: {reason}")
