"""The bar is on stderr and only where somebody can see it."""

import io
import sys

import pytest
from rich.console import Console

from derive.cli import progress as module
from derive.cli.progress import progress, status


def test_no_terminal_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(3, 100) as tell:
        assert tell is None
    assert capsys.readouterr().err == ""


def test_a_terminal_sees_the_start_and_the_log_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(module, "Console", lambda **_: Console(file=stream, force_terminal=True, width=100))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress(3, 100) as tell:
        assert tell is not None
        for start in range(3):
            for iteration in range(4):
                tell(start, iteration, -1234.5 + iteration)
    assert "start 3/3" in stream.getvalue()
    assert "-1,231.5" in stream.getvalue()


def test_a_status_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with status() as tell:
        tell("at work")
    assert capsys.readouterr().err == ""


def test_a_terminal_sees_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(module, "Console", lambda **_: Console(file=stream, force_terminal=True, width=100))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with status() as tell:
        tell("at work on 3")
    assert "at work on 3" in stream.getvalue()
