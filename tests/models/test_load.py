"""Loading models by name and from files."""

from pathlib import Path

import pytest

from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import InputError, ModelError
from derive.models.load import catalogue, load_model

HEAD = """
from derive.language import Data, Index, Parameter, Simplex
from derive.models.mixture import Mixture
n, k = Index("n", "N"), Index("k", "K")
x, a, pi = Data("x", n), Parameter("a", k), Parameter("pi", k, domain=Simplex)
density = -(x[n] - a[k]) ** 2
"""
MODEL = HEAD + 'model = Mixture("own", weights=pi, log_density=density)\n'


def test_the_catalogue() -> None:
    assert list(catalogue()) == sorted(catalogue())
    assert set(catalogue()) >= {f"gaussian-{kind}" for kind in ("1d", "diagonal", "full", "spherical", "tied")}
    for name, model in catalogue().items():
        assert model.name == name
        assert model.summary
        assert load_model(name) is model


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(InputError, match="gaussian-full"):
        load_model("gausian-full")
    with pytest.raises(InputError, match="catalogue"):
        load_model("")


def test_a_name_that_is_like_none_is_not_guessed() -> None:
    with pytest.raises(InputError, match="unknown model 'nope': `derive models` lists"):
        load_model("nope")


def test_a_file_is_how_the_command_line_names_its_models(tmp_path: Path) -> None:
    """The generated module tells how to make it again; the folder differs between machines."""
    path = tmp_path / "mine.py"
    path.write_text(MODEL, encoding="utf-8")
    assert load_model(str(path)).origin == "mine.py"
    assert load_model(f"{path}:model").origin == "mine.py:model"
    assert "``derive generate mine.py``" in render_module(derive_em(load_model(str(path))))


def test_a_file_with_one_model_and_with_two(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(MODEL, encoding="utf-8")
    assert load_model(str(path)).name == "own"
    assert load_model(f"{path}:model").name == "own"
    with pytest.raises(InputError, match=r"other.*model"):
        load_model(f"{path}:other")
    path.write_text(MODEL + 'second = Mixture("second", weights=pi, log_density=density)\n', encoding="utf-8")
    with pytest.raises(InputError, match="several"):
        load_model(str(path))
    assert load_model(f"{path}:second").name == "second"
    path.write_text(MODEL + "again = model\n", encoding="utf-8")
    assert load_model(str(path)).name == "own"


BROKEN = {
    "syntax": ("model = (", ModelError, "line 1"),
    "raises": ("\n1 / 0", ModelError, "line 2.*ZeroDivisionError"),
    "exits": ("raise SystemExit(3)", ModelError, "SystemExit"),
    "imports what is not there": ("import no_such_module_here", ModelError, "no_such_module_here"),
    "has none": ("x = 1", InputError, "no Mixture"),
    "two shapes": (
        "from derive.language import *\nD = Dimension('D')\nKnown('v', shape=D) + Known('s')",
        ModelError,
        "line 3",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_does_not_work_is_one_line(name: str, tmp_path: Path) -> None:
    text, kind, words = BROKEN[name]
    path = tmp_path / "own.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(kind, match=words) as refusal:
        load_model(str(path))
    assert "\n" not in str(refusal.value)
    assert "own.py" in str(refusal.value)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load_model(str(tmp_path / "none.py"))
    folder = tmp_path / "folder.py"
    folder.mkdir()
    with pytest.raises(InputError, match="folder"):
        load_model(str(folder))
    binary = tmp_path / "binary.py"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises((ModelError, InputError)):
        load_model(str(binary))
