"""Special functions in generated modules: helpers at extreme arguments, imports where needed only, Python numbers."""

from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from scipy.special import polygamma

from derive.emission.helpers import ANY_ORDER, PLAIN
from derive.emission.lines import fitted
from derive.emission.module import render_module
from derive.language import ring_special
from derive.runtime.load import load_source
from tests.lowering import equations
from tests.lowering.special_equations import ANGLES, DERIVATIVES, GAMMAS, POWERS, SPHERE

ARGUMENTS = np.array([1e-12, 1e-3, 0.5, 3.0, 10.0, 10.8, 11.0, 40.0, 299.0, 700.0, 1e4, 1e6])


def module(derivation: Any) -> Any:
    return load_source(render_module(derivation), derivation.model)


def exactly(function: Any, order: float) -> np.ndarray:
    with ctx.workprec(300):
        found = [function(fmpq(int(order * 2), 2), fmpq(*float(x).as_integer_ratio())) for x in ARGUMENTS]
        return np.array([float(arb(value)) for value in found])


@pytest.mark.parametrize("order", [-0.5, 0.0, 0.5, 1.0, 2.5, 24.0, 49.5, 249.0, 400.0])
def test_bessel_functions_of_any_order_against_balls(order: float) -> None:
    """From D = 1 to D = 802, where SciPy's scaled function vanishes for small arguments, and up to a million."""
    code = module(SPHERE)
    with np.errstate(all="raise", under="ignore"):
        logs, ratios = code._log_bessel_i(order, ARGUMENTS), code._bessel_ratio(order, ARGUMENTS)
    np.testing.assert_allclose(logs, exactly(ring_special.log_bessel_i, order), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ratios, exactly(ring_special.bessel_ratio, order), rtol=1e-12)


@pytest.mark.parametrize("order", [0, 1, 8])
def test_bessel_functions_of_small_orders_against_balls(order: int) -> None:
    code = module(ANGLES)
    with np.errstate(all="raise", under="ignore"):
        logs, ratios = code._log_bessel_i(order, ARGUMENTS), code._bessel_ratio(order, ARGUMENTS)
    np.testing.assert_allclose(logs, exactly(ring_special.log_bessel_i, order), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ratios, exactly(ring_special.bessel_ratio, order), rtol=1e-12)


def test_single_precision_keeps_its_accuracy() -> None:
    code, x = module(SPHERE), ARGUMENTS.astype(np.float32)
    logs, ratios = code._log_bessel_i(249.0, x), code._bessel_ratio(249.0, x)
    assert logs.dtype == ratios.dtype == np.float32
    np.testing.assert_allclose(logs, exactly(ring_special.log_bessel_i, 249.0), rtol=1e-5)
    np.testing.assert_allclose(ratios, exactly(ring_special.bessel_ratio, 249.0), rtol=1e-5)


def test_only_what_is_needed_is_imported() -> None:
    imports = {
        "test-gammas": "from scipy.special import digamma, gammaln\n",
        "test-angles": "from scipy.special import ive\n",
        "test-sphere": "from scipy.special import gammaln, ive\n",
        "test-derivatives": "from scipy.special import polygamma\n",
    }
    for derivation in (GAMMAS, ANGLES, SPHERE, DERIVATIVES):
        text = render_module(derivation)
        assert imports[derivation.model] in text
        assert text.count("scipy") == 1
        assert ("_bessel_series" in text) == (derivation is SPHERE)
    assert not any("scipy" in render_module(derivation) for derivation in equations.ALL)


def test_numbers_stay_python_numbers() -> None:
    text = render_module(GAMMAS)
    assert "math.lgamma(7)" in text
    assert "float(digamma(3))" in text


def test_derivatives_of_digamma() -> None:
    code, x, exposures = module(DERIVATIVES), np.array([0.5, 2.0, 7.0]), np.array([1.0, 0.1, 4.0])
    weights, shapes = np.array([0.25, 0.75]), np.array([0.3, 5.0])
    found = code.log_joint(x, code.Parameters(weights, shapes), exposures=exposures)
    wanted = np.log(weights) + polygamma(1, shapes) * x[:, None] + polygamma(3, exposures)[:, None] - polygamma(1, 5)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_both_forms_of_a_helper_have_one_signature() -> None:
    assert all(ANY_ORDER[name].signature == PLAIN[name].signature for name in PLAIN)


def test_long_calls_are_broken_as_a_formatter_does() -> None:
    inner = ", ".join(f'"argument{i},"' for i in range(4))
    (whole,) = fitted(f"value = np.einsum({inner})", "(3)")
    assert whole == f"value = np.einsum({inner})  # (3)"
    head, body, tail = fitted(f"value: Array = np.einsum({inner}, function(a, b)[:, k], first)", "(3)", room=70)
    assert (head, body, tail) == (
        "value: Array = np.einsum(",
        f"    {inner}, function(a, b)[:, k], first",
        ")  # (3)",
    )
    long = f"{inner}, function(a, b)[:, k] * factor_of_some_length, another_name_of_some_length"
    lines = fitted(f"value = np.einsum({long})", "(3)")
    assert all(line.endswith(",") for line in lines[1:-1])
    assert "    function(a, b)[:, k] * factor_of_some_length," in lines
    assert fitted("value = (first + second)[k] @ call(third)", "(3)", room=20)[0] == "value = ("


def test_powers_hug_simple_operands() -> None:
    assert "(X / 1000) ** (exposures / 1000)" in render_module(GAMMAS)
    assert "3 ** (angles / 1000)" in render_module(ANGLES)
    assert "3**angles" in render_module(POWERS)
