"""`derive check-code` against submissions that attack: what is wrong stays wrong, and nothing runs unprotected."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from derive.checking.sandbox import layout
from derive.checking.sandbox.isolation import bubblewrapped
from derive.checking.sandbox.session import isolated
from derive.cli import main

HOSTILE = Path(__file__).parent / "hostile"
SECONDS = 10.0
pytestmark = pytest.mark.xdist_group("sandbox")  # the model is derived once
# file: what the report says, and the whole verdict
EXPECTED = {
    "ends_the_process": ("exit code 0", "failed"),
    "ends_on_import": ("exit code 0", "failed"),
    "exits_on_import": ("SystemExit", "failed"),
    "loops": ("does not return", "failed"),
    "loops_on_import": ("does not return", "failed"),
    "forks_and_fills": ("it raises|ended|does not return", "failed"),
    "patches_numpy": ("it returns|differ|it raises|channel", "wrong|failed"),
    "patches_the_worker": ("weights|means|channel|it raises", "wrong|failed"),
    "forges_results": ("channel", "failed"),
    "prints_a_verdict": ("divided by N", "wrong"),
    "asks_for_the_reference": ("ModuleNotFoundError", "failed"),
    "equals_everything": ("it returns|it raises|means|weights", "wrong|failed"),
}


Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Exit code, what was written, and errors."""

    def call(path: Path, *options: str) -> tuple[int, str, str]:
        code = main(["check-code", str(path), "--format", "json", *options])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def bubblewrap() -> None:
    if layout.bubblewrap() is None:
        pytest.skip("bubblewrap is not installed")
    isolated()


@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize("name", EXPECTED)
def test_an_attack_costs_only_itself(name: str, check: Check) -> None:
    words, verdicts = EXPECTED[name]
    began = time.monotonic()
    code, out, errors = check(HOSTILE / f"{name}.py")
    assert time.monotonic() - began < SECONDS
    assert code == 1, errors
    content = json.loads(out)
    assert content["verdict"] in verdicts.split("|")
    assert content["isolation"].startswith("bubblewrap")
    told = " ".join([content.get("says", ""), *(one["says"] for one in content["functions"].values())])
    assert any(word in told for word in words.split("|")), told


def test_every_attack_is_tried() -> None:
    assert {path.stem for path in HOSTILE.glob("*.py")} == set(EXPECTED)


def test_without_isolation_nothing_is_run(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "it-ran"
    path = tmp_path / "solution.py"
    path.write_text(f"open({str(mark)!r}, 'w').close()\ndef m_step(X, gamma):\n    return gamma.mean(0)\n")
    monkeypatch.setattr(layout, "bubblewrap", lambda: None)
    for cached in (bubblewrapped, isolated):
        cached.cache_clear()
    try:
        code, out, errors = check(path)
        assert (code, out) == (2, "")
        assert "bubblewrap" in errors
        assert "--trust-code" in errors
        assert not mark.exists()
        code, out, errors = check(path, "--trust-code")
        assert mark.exists()
        assert json.loads(out)["isolation"] == "none: the code was trusted"
    finally:
        for cached in (bubblewrapped, isolated):
            cached.cache_clear()
