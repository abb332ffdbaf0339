"""Tables never cut a number off, however narrow the terminal."""

import re
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from derive.cli import tables
from derive.runtime.dataset import DataSet
from derive.runtime.em import FitResult
from tests.runtime.fakes import FULL


@pytest.mark.parametrize("width", [60, 80, 137, 1000])
@pytest.mark.parametrize("names", [False, True])
def test_every_number_is_there_in_full(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int, names: bool
) -> None:
    rng = np.random.default_rng(0)
    parameters = FULL.Parameters(rng.random(3), rng.normal(size=(3, 11)) * 1e-5, rng.normal(size=(3, 11, 11)))
    columns = tuple(f"a [bold]name[/] {j}" if names else str(j + 1) for j in range(11))
    result = FitResult(parameters, -1.5, 4.0, 7, 1, converged=False, history=(-2.0, -1.5), dropped=("component 1",))
    monkeypatch.setattr(tables, "open_console", lambda: Console(highlight=False, width=width))
    tables.fit_table(FULL, result, DataSet(np.zeros((20, 11)), columns, "data.csv"), Path("data.csv"), 3)
    out = capsys.readouterr().out
    shown = set(re.findall(r"(?<=\s)-?\d\.[\de.+-]+(?=\s)", out))
    expected = {f"{x:.6g}" for value in parameters for x in value.ravel()}
    assert expected <= shown
    assert "…" not in out
    assert "dropped" in out
    if names:
        assert "a [bold]name[/] 10" in out
