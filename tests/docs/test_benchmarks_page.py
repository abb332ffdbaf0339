"""The page on benchmarks names the options there are, and its tables and picture come from any run."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import matplotlib as mpl
import pytest
import typer

from derive.cli.main import app, main
from derive.runtime.benchmark.peers import PEERS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    mpl.use("Agg")
    spec = importlib.util.spec_from_file_location("docs_benchmarks", DOCS / "benchmarks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_options_and_peers_are_those_of_the_command() -> None:
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    command = typer.main.get_command(app).commands["benchmark"]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert set(re.findall(r"--[a-z]+", page)) <= options
    assert all(f"`{peer.name}`" in page for peer in PEERS)


def test_page_and_picture_come_from_runs(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [tmp_path / "one.json", tmp_path / "two.json"]
    options = ("--repeats", "1", "--peers", "none", "--format", "json")
    assert main(["benchmark", "poisson", "--case", "200,1,2", *options, "--growth", "-o", str(runs[0])]) == 0
    assert main(["benchmark", "student-t", "--case", "210,3,2", *options, "-o", str(runs[1])]) == 0
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- runs -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    monkeypatch.setattr(script, "PAGE", page)
    monkeypatch.setattr(script, "PICTURE", tmp_path / "picture.png")
    for _ in range(2):  # what it wrote it writes anew
        assert script.main(list(map(str, runs))) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- runs -->\n")
    assert text.endswith("<!-- end -->\nafter\n")
    assert "old" not in text
    assert [line.split(" | ")[0] for line in text.splitlines() if line.startswith(("| poisson", "| student"))] == [
        "| poisson 200, 1, 2",
        "| student-t 210, 3, 2",
        "| poisson",
        "| poisson",
    ]
    assert (tmp_path / "picture.png").stat().st_size > 1000


def test_without_runs_it_says_what_it_needs(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([]) == 2
    assert "run.json" in capsys.readouterr().err
