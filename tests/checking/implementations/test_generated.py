"""What the project generates passes its own checker, for every model; a submission with a changed line does not."""

from pathlib import Path

import pytest

from derive.checking.implementations.check import check_code
from derive.checking.sandbox.layout import bubblewrap
from derive.models.load import catalogue, load_model

GENERATED = Path(__file__).parents[3] / "generated"
FEW = ("gaussian-full", "gaussian-tied", "linear-regression", "von-mises", "student-t")
CHANGED = {
    "gaussian-tied": ("weights = counts / N", "weights = counts / K", "weights"),
    "bernoulli": ("weights = counts / N", "weights = counts / counts.max()", "weights"),
    "exponential": ("rates = counts / (responsibilities.T @ X)", "rates = (responsibilities.T @ X) / counts", "rates"),
    "poisson": ("weights = counts / N", "weights = counts / (N - 1)", "weights"),
}

pytestmark = pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap is not installed")


@pytest.mark.parametrize(
    "name", [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in sorted(catalogue())]
)
def test_generated_code_is_right(name: str) -> None:
    found = check_code(GENERATED / f"{name.replace('-', '_')}.py", load_model(name))
    assert {function.name: function.verdict.value for function in found.functions} == {
        "e_step": "right",
        "m_step": "right",
        "em_step": "right",
    }


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_line_is_wrong(name: str, tmp_path: Path) -> None:
    right, wrong, parameter = CHANGED[name]
    source = (GENERATED / f"{name.replace('-', '_')}.py").read_text()
    assert right in source
    file = tmp_path / "submission.py"
    file.write_text(source.replace(right, wrong))
    found = {function.name: function for function in check_code(file, load_model(name)).functions}
    assert found["e_step"].verdict.value == "right"
    assert found["m_step"].verdict.value == "wrong"
    assert dict(found["m_step"].parameters)[parameter] == "wrong"
