"""What `fit` is given: series, columns by name, and data that it cannot take."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from derive.errors import InputError
from derive.runtime.em import fit
from derive.runtime.engine import Local
from derive.runtime.load import load_generated
from derive.runtime.sources import as_source
from derive.runtime.sources.walk import Walk
from tests.runtime.sources.test_fits import FULL, draw


@pytest.mark.parametrize("package", [pd, pl])
def test_a_series_is_scalar_data(package: Any) -> None:
    x = draw()[:, 0]
    found = fit(load_generated("gaussian-1d"), package.Series(x), 2)
    assert found.log_likelihood == pytest.approx(fit(load_generated("gaussian-1d"), x, 2).log_likelihood)


def test_columns_of_a_walk_by_number_and_by_name() -> None:
    frame = pd.DataFrame(draw(), columns=["a", "b", "c"])
    by_name, by_number = (
        fit(FULL, Walk(FULL, as_source(frame), 2, columns=columns), 2) for columns in (["c", "a"], [2, 0])
    )
    assert by_name.history == by_number.history
    for column in ("d", 3, -1):
        with pytest.raises(InputError, match=f"no column {column!r}; there is 'a', 'b', 'c'"):
            fit(FULL, Walk(FULL, as_source(frame), 2, columns=[column]), 2)
    with pytest.raises(InputError, match="no column 9; there are 3, counted from 0"):
        fit(FULL, Walk(FULL, as_source(draw()), 2, columns=[9]), 2)


def test_a_missing_value_is_named_by_its_column() -> None:
    frame = pd.DataFrame(draw(), columns=["a", "b", "c"])
    frame.loc[7, "b"] = np.nan
    with pytest.raises(InputError, match="row 8, column 'b'"):
        fit(FULL, frame, 2)


def test_a_checkpoint_is_a_path_of_any_kind(tmp_path: Path) -> None:
    path = tmp_path / "fit.json"
    assert fit(FULL, draw(), 2, checkpoint=str(path)).history == fit(FULL, draw(), 2, checkpoint=path).history


def test_rows_made_ready_for_another_model_are_refused() -> None:
    """Where they are taken, the fit is of their model, not of the one that was asked for."""
    tied = load_generated("gaussian-tied")
    walk = Walk(FULL, as_source(draw()), 2)
    for data in (walk, Local(walk)):
        with pytest.raises(InputError, match="made ready for gaussian-full, not for gaussian-tied"):
            fit(tied, data, 2)
        with pytest.raises(InputError, match="made ready for K = 2, not for K = 3"):
            fit(FULL, data, 3)
