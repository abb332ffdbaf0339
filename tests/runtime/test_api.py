"""The toolkit in Python: what is loaded from where, and what is raised."""

from pathlib import Path

import pytest

import derive
from tests.models.test_load import MODEL


def test_a_model_is_loaded_by_name_or_path(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(MODEL)
    assert derive.load("gaussian-full").name == "gaussian-full"
    assert derive.load(path).name == derive.load(str(path)).name == "own"


@pytest.mark.parametrize("spec", ["nope", "nope.py", "", 3, None, ["gaussian-full"], Path("nope")])
def test_what_names_no_model(spec: object) -> None:
    with pytest.raises(derive.DeriveError) as refusal:
        derive.load(spec)  # type: ignore[arg-type]
    assert "\n" not in str(refusal.value)


def test_an_unknown_format() -> None:
    with pytest.raises(derive.DeriveError, match="choose one of terminal"):
        derive.load("gaussian-1d").show("pdf")
