"""The page on estimators and the example in the README run, and give what they show."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "estimator.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_gives_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest(PAGE, {}, "estimator.md", None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(examples).failed == 0
    assert len(examples.examples) > 25
    assert (tmp_path / "gammas.png").stat().st_size > 1000


def test_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"<!-- runs -->\n```python\n(.*?)```", README, re.DOTALL)
    found: dict[str, np.ndarray] = {}
    exec(compile(example, "README.md", "exec"), found)  # noqa: S102  the README is ours
    assert sorted(np.bincount(found["labels"])) == [200, 300]
    assert (tmp_path / "waits.json").is_file()
