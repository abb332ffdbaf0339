"""What `generate` would write: texts by path, before any file is touched."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from derive import api
from derive.emission import files
from derive.emission.fused import render_fused
from derive.errors import InputError
from derive.models.changes import Change


@dataclass(frozen=True)
class Plan:
    """files: path to text. folder: where they lie. whole: the catalogue, so that other modules there are left over."""

    files: Mapping[Path, str]
    folder: Path
    whole: bool
    command: str


def plan(
    specs: tuple[str, ...],
    output: Path | None,
    default: Path,
    changes: tuple[Change, ...] = (),
    *,
    fused: bool = False,
) -> Plan:
    """Render the models (the catalogue if there are none) for this output, a folder or a single model's file.

    changes: what to make of each model. fused: with the kernel inlined. Raises InputError where the output is a file
    for several models, or the whole catalogue would be changed, and ModelError for a model that is none.
    """
    if changes and not specs:
        raise InputError(f"{changes[0]} changes which model? Name it: derive generate MODEL {changes[0]}")
    target = output if output is not None else default
    chosen = " ".join(map(shlex.quote, specs))
    command = "derive generate" + (f" {chosen}" if chosen else "")
    command += "".join(f" {change}" for change in changes)
    command += " --fused" if fused else ""
    command += f" -o {shlex.quote(str(output))}" if output is not None else ""
    if _is_file(target):
        if len(specs) != 1:
            count = f"{len(specs)} models" if specs else "the whole catalogue"
            raise InputError(f"{target} is a file and {count} would go into it; give a folder, or a single MODEL")
        return Plan(
            {target: api.load(specs[0], changes).generate(fused=fused)}, target.parent, whole=False, command=command
        )
    if specs:
        texts: dict[str, str] = {}
        for spec in dict.fromkeys(specs):
            model = api.load(spec, changes)
            name = f"{model.name.replace('-', '_')}.py"
            if name in texts:
                raise InputError(f"two of the models are named {model.name!r}; generate them into different files")
            texts[name] = model.generate(fused=fused)
    else:
        texts = files.render_all()
        texts = {name: render_fused(text) for name, text in texts.items()} if fused else texts
    return Plan({target / name: text for name, text in sorted(texts.items())}, target, not specs, command)


def _is_file(path: Path) -> bool:
    """A path that is there is what it is; one that is not is a file if it ends in .py."""
    return not path.is_dir() and (path.exists() or path.suffix == ".py")
