"""The page on verifying an M-step shows what the program says: its counter-examples are those of a run."""

import re
from pathlib import Path

import pytest

from derive.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "verify-your-m-step.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```", PAGE, re.DOTALL))
RUNS = re.findall(r"<!-- run: derive (.*?) -->\n```\n(.*?)```", PAGE, re.DOTALL)


def stable(text: str) -> list[str]:
    """The lines that do not depend on the last digits of a machine: the verdict and the counter-example."""
    lines = [line.rstrip() for line in text.splitlines()]
    begin = next(i for i, line in enumerate(lines) if line.startswith(("my_em", "derive.adapters")))
    return [line for line in lines[begin:] if line]


def test_the_page_has_runs_that_fail_and_that_pass() -> None:
    assert len(RUNS) == 3
    assert set(FILES) == {"my_em.py", "library_adapter.py"}


@pytest.mark.parametrize(("command", "shown"), RUNS)
def test_a_run_gives_what_the_page_shows(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, _, corrected = command.partition(" (")
    text = FILES["my_em.py"]
    (tmp_path / "my_em.py").write_text(text.replace("/ (counts - 1)", "/ counts") if corrected else text)
    code = main(arguments.split())
    assert stable(capsys.readouterr().out) == stable(shown)
    assert code == (0 if corrected else 1)


def test_the_adapter_on_the_page_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "library_adapter.py").write_text(FILES["library_adapter.py"])
    assert main(["verify", "gaussian-diagonal", "--m-step", "library_adapter.py:m_step"]) == 0
