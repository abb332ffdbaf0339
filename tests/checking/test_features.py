"""The check of features refuses every slip that is planted in a generated module."""

import pytest

from derive.checking.features import features_agree
from derive.emission.module import render_module
from derive.errors import StepRefusedError
from derive.runtime.load import load_source
from tests.catalogue.example import derivation

SLIPS = {
    "an entry off the diagonal counted once": ("gaussian-full", "np.where(rows == columns, 0.5, 1.0)", "0.5"),
    "half of a matrix not filled": (
        "gaussian-full",
        "    scatters[:, columns, rows] = scatters[:, rows, columns]\n",
        "",
    ),
    "products of the wrong coordinates": (
        "gaussian-full",
        "np.multiply(x[: D - d], x[d:]",
        "np.multiply(x[: D - d], x[: D - d]",
    ),
    "data moved the wrong way": ("gaussian-full", "means=parameters.means - origin", "means=parameters.means + origin"),
    "an origin forgotten": ("gaussian-tied", "np.broadcast_to(origin, ", "np.broadcast_to(0 * origin, "),
    "a shared term forgotten": ("gaussian-tied", "eta_2 = -inverse_covariances / 2", "eta_2 = -inverse_covariances"),
    "rows in another order": ("gamma", "out[1] = ", "out[2] = "),
    "a sign": ("poisson", "eta_2 = -rates", "eta_2 = rates"),
    "a statistic taken from another row": ("gamma", "log_sums = totals[2]", "log_sums = totals[1]"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused(slip: str) -> None:
    name, right, wrong = SLIPS[slip]
    text = render_module(derivation(name))
    assert text.count(right) >= 1, f"{right!r} does not stand in {name}"
    with pytest.raises((StepRefusedError, ValueError)):  # a root, say, that does not exist
        features_agree(derivation(name), load_source(text.replace(right, wrong), name))


@pytest.mark.parametrize(
    ("name", "iterations"), [("gaussian-full", 12), ("gaussian-tied", 8), ("gamma", 8), ("poisson", 8)]
)
def test_what_is_generated_passes(name: str, iterations: int) -> None:
    found = derivation(name)
    assert f"{iterations} iterations" in features_agree(found, load_source(render_module(found), name))
