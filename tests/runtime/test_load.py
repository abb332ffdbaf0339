"""Generated code is found by the model's name, and made into a module from text."""

import inspect
import traceback

import pytest

from derive.errors import InputError
from derive.runtime.load import load_generated, load_source

_SOURCE = """
from typing import NamedTuple

MODEL = "toy"
EVENT_SHAPE = ()
PARAMETER_SHAPES = {"weights": ("K",)}
KNOWNS = {}


class Parameters(NamedTuple):
    weights: float


def log_joint(X, parameters):
    raise ValueError("from within")


def e_step(X, parameters): ...
def m_step(X, responsibilities, previous=None): ...
"""


def test_a_module_is_made_of_text() -> None:
    module = load_source(_SOURCE, "toy")
    assert module.MODEL == "toy"
    assert module.Parameters(weights=1.0).weights == 1.0
    assert "class Parameters" in inspect.getsource(module)  # type: ignore[arg-type]


def test_tracebacks_show_the_generated_line() -> None:
    with pytest.raises(ValueError, match="from within") as caught:
        load_source(_SOURCE, "toy").log_joint(None, None)  # type: ignore[arg-type]
    assert "generated:toy" in "".join(traceback.format_exception(caught.value))


def test_text_that_lacks_a_part_is_refused() -> None:
    with pytest.raises(InputError, match="lacks Parameters"):
        load_source(_SOURCE.replace("class Parameters", "class Other"), "toy")


@pytest.mark.parametrize("name", ["no-such-model", "", "..errors", "gaussian_full", "Gaussian-Full", "os.path", "a/b"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no generated module"):
        load_generated(name)
