"""The command line in one process, over a small catalogue of fakes, so that only the command line is tested."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import derive
import derive.emission
from derive.cli import main
from derive.cli import module as cli_module
from derive.datasets import load_faithful
from derive.errors import ModelError
from tests.runtime.fakes import FAKES, Fake


@dataclass(frozen=True)
class Outcome:
    """What a call left behind."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that an error is, without its prefix."""
        assert self.err.startswith("derive: error: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err.removeprefix("derive: error: ").strip()


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Calls `derive` with these arguments."""

    def call(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@dataclass(frozen=True)
class FakeModel:
    """What the command line asks of a model."""

    fake: Fake
    passed: bool = True

    @property
    def name(self) -> str:
        return self.fake.MODEL

    @property
    def summary(self) -> str:
        return f"a mixture, {self.name}"

    def show(self, document: str) -> str:
        return f"{self.name} as {document}: \N{GREEK CAPITAL LETTER SIGMA}"

    def generate(self, *, fused: bool = False) -> str:
        return f'"""Module of {self.name}."""\n'

    def notebook(self) -> str:
        return "{}\n"

    def module(self) -> Fake:
        return self.fake

    def verify(self) -> Any:
        checks = (
            SimpleNamespace(name="steps", passed=True, detail="12 certified"),
            SimpleNamespace(name="maximum", passed=self.passed, detail="second differential"),
        )
        return SimpleNamespace(model=self.name, passed=self.passed, checks=checks)


def _load(spec: str, changes: Sequence[Any] = ()) -> FakeModel:
    if spec == "broken":
        return FakeModel(FAKES["full"], passed=False)
    if spec.endswith(".py"):
        return FakeModel(FAKES["shifted"])
    if spec not in FAKES:
        raise ModelError(f"no model is named {spec!r}; did you mean 'full'?")
    return FakeModel(FAKES[spec])


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fakes in the place of the catalogue and of everything that derives."""
    api: Any = ModuleType("derive.api")
    api.catalogue, api.load = lambda: tuple(FAKES), _load
    files: Any = ModuleType("derive.emission.files")
    files.render_all = lambda: {f"{name}.py": FakeModel(fake).generate() for name, fake in FAKES.items()}
    monkeypatch.setitem(sys.modules, "derive.api", api)
    monkeypatch.setitem(sys.modules, "derive.emission.files", files)
    monkeypatch.setattr(derive, "api", api, raising=False)
    monkeypatch.setattr(derive.emission, "files", files, raising=False)
    monkeypatch.setattr(cli_module, "generated_names", lambda: tuple(FAKES))
    monkeypatch.setattr(cli_module, "load_generated", FAKES.__getitem__)
    bound = ("derive.cli.plan", "derive.cli.differences")  # these hold the modules above by name
    held = {name: sys.modules.pop(name, None) for name in bound}
    yield
    for name, module in held.items():
        sys.modules.pop(name, None)
        if module is not None:
            sys.modules[name] = module


@pytest.fixture
def faithful(tmp_path: Path) -> Path:
    """Old Faithful as a CSV file with a header."""
    rows = [f"{a},{b}" for a, b in load_faithful()]
    path = tmp_path / "faithful.csv"
    path.write_text("\n".join(["eruptions,waiting", *rows]) + "\n")
    return path
