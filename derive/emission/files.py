"""Generated files: their texts, how those on disk differ from them, and writing them whole."""

import contextlib
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from derive.em import derive_em
from derive.emission.module import render_module
from derive.models.load import catalogue, load_model
from derive.proof.derivation import Derivation


@dataclass(frozen=True)
class Difference:
    """A file that is not what is generated. kind: "stale", "missing" or "left over"."""

    path: str
    kind: str

    def __str__(self) -> str:
        return f"{self.path} is {self.kind}"


def file_name(model: str) -> str:
    """Return the file of a model: ``gaussian-full`` is in ``gaussian_full.py``."""
    return model.replace("-", "_") + ".py"


def render_all(derivations: Iterable[Derivation] | None = None) -> dict[str, str]:
    """Return file name -> text for each derivation; without any, for every model of the catalogue."""
    if derivations is None:
        return dict(_catalogue())
    return {file_name(derivation.model): render_module(derivation) for derivation in derivations}


@cache
def _catalogue() -> tuple[tuple[str, str], ...]:
    """Derive and render every model of the catalogue, once a process, on all processors."""
    names = sorted(catalogue())
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        texts = pool.map(_rendered, names)
        return tuple((file_name(name), text) for name, text in zip(names, texts, strict=True))


def _rendered(name: str) -> str:
    return render_module(derive_em(load_model(name)))


def compare(folder: Path, texts: Mapping[str, str] | None = None) -> tuple[Difference, ...]:
    """Return how the modules in a folder differ from the texts (by default those of the catalogue), by path."""
    texts = render_all() if texts is None else texts
    present = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    found = []
    for name in sorted(present | set(texts)):
        if name not in present:
            found.append(Difference(name, "missing"))
        elif name not in texts:
            found.append(Difference(name, "left over"))
        elif (folder / name).read_bytes() != texts[name].encode():
            found.append(Difference(name, "stale"))
    return tuple(found)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write every text to its file, each by way of a temporary file: what is read is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _replace(folder / name, text)


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(text.encode())
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
    temporary.replace(path)
