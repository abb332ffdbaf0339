"""Generated text runs, and computes what its programs do; models with known constants and previous values included."""

from typing import Any

import numpy as np
import pytest

from derive.emission.module import render_module
from derive.errors import LoweringError
from derive.language.family import Known
from derive.lowering.check import draws
from derive.lowering.interpreter import run
from derive.lowering.pipeline import compile_derivation
from derive.lowering.program import Program
from derive.proof.derivation import Derivation
from derive.runtime.load import load_source
from tests.lowering import equations
from tests.lowering.special_equations import SPECIAL

RELATIVE = 1e-10


def _module(derivation: Derivation) -> Any:
    return load_source(render_module(derivation), derivation.model)


def _draw(derivation: Derivation) -> Any:
    """Inputs of the density and of the M-step at once, previous parameters being the given ones."""
    programs = compile_derivation(derivation)
    both = Program("both", (*programs.log_joint.outputs, *programs.m_step.outputs))
    *_, draw = list(draws(both, seed=3))
    if "P" in draw.sizes and draw.sizes["P"] > draw.sizes["D"]:
        draw = next(d for d in draws(both, seed=3) if d.sizes["P"] < d.sizes["D"])
    for name in list(draw.inputs):
        if name.startswith("previous_"):
            draw.inputs[name] = draw.inputs[name.removeprefix("previous_")]
    return programs, draw


@pytest.mark.parametrize("derivation", [*equations.ALL, *SPECIAL], ids=lambda derivation: derivation.model)
def test_text_computes_what_the_program_does(derivation: Derivation) -> None:
    module, (programs, draw) = _module(derivation), _draw(derivation)
    knowns = {name: draw.inputs[name] for name in module.KNOWNS}
    expected = run(programs.m_step, draw.inputs, draw.sizes)
    values = [draw.inputs.get(name, expected.get(name)) for name in module.Parameters._fields]
    parameters = module.Parameters(*values)
    X, responsibilities = draw.inputs["X"], draw.inputs["responsibilities"]
    found = module.m_step(X, responsibilities, parameters, **knowns)
    for name, value in expected.items():
        np.testing.assert_allclose(getattr(found, name), value, rtol=RELATIVE, err_msg=name)
    joint = run(programs.log_joint, draw.inputs, draw.sizes)["log_joint"]
    np.testing.assert_allclose(module.log_joint(X, parameters, **knowns), joint, rtol=RELATIVE)
    total = run(programs.log_likelihood, {"log_p": joint}, draw.sizes)["log_likelihood"]
    assert module.log_likelihood(X, parameters, **knowns) == pytest.approx(float(total), rel=RELATIVE)
    step, value = module.em_step(X, parameters, **knowns)
    assert value == pytest.approx(float(total), rel=RELATIVE)
    again = module.m_step(X, module.e_step(X, parameters, **knowns), parameters, **knowns)
    for one, other in zip(step, again, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)


@pytest.mark.parametrize("derivation", [*equations.ALL, *SPECIAL], ids=lambda derivation: derivation.model)
def test_single_precision_stays(derivation: Derivation) -> None:
    module, (_, draw) = _module(derivation), _draw(derivation)
    knowns = {name: draw.inputs[name] for name in module.KNOWNS}
    X, responsibilities = draw.inputs["X"].astype(np.float32), draw.inputs["responsibilities"]
    parameters = module.m_step(X, responsibilities, **knowns)
    assert all(value.dtype == np.float32 for value in parameters)
    assert module.e_step(X, parameters, **knowns).dtype == np.float32


def test_previous_values_have_a_start() -> None:
    """Without previous covariances, regression starts from identities: ordinary least squares."""
    module, (_, draw) = _module(equations.REGRESSION), _draw(equations.REGRESSION)
    X, gamma, design = draw.inputs["X"], draw.inputs["responsibilities"], draw.inputs["design"]
    found = module.m_step(X, gamma, design=design)
    means = (gamma.T @ X) / gamma.sum(axis=0)[:, np.newaxis]
    np.testing.assert_allclose(found.coefficients, np.linalg.lstsq(design, means.T)[0].T, rtol=1e-8)


def test_weight_zero_gives_no_warning_and_no_points() -> None:
    module = _module(equations.SCALAR)
    parameters = module.Parameters(np.array([0.0, 1.0]), np.zeros(2), np.ones(2))
    responsibilities = module.e_step(np.linspace(-1, 1, 5), parameters)
    assert np.array_equal(responsibilities, np.tile([0.0, 1.0], (5, 1)))


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_an_empty_component_is_named_with_its_updates(value: float) -> None:
    module, (_, draw) = _module(equations.FULL), _draw(equations.FULL)
    responsibilities = draw.inputs["responsibilities"].copy()
    responsibilities[:, 1] = value
    with pytest.raises(ValueError, match=r"component 1 has no points.*\(11\) and \(12\)"):
        module.m_step(draw.inputs["X"], responsibilities)


def test_counts_of_parameters_and_their_sizes() -> None:
    module = _module(equations.REGRESSION)
    assert module.n_parameters(3, 4, P=2) == 2 + 3 * 2 + 3 * 10
    assert module.KNOWNS == {"design": ("D", "P")}


@pytest.mark.parametrize("code", ["X", "N", "D", "np", "responsibilities", "log_joint", "weights"])
def test_names_that_generated_code_needs_are_refused(code: str) -> None:
    known = Known("c", code=code)
    derivation = equations.derivation("named", equations.gaussian(equations.Sigma[equations.k]) + known.symbol, {})
    with pytest.raises(LoweringError, match=f"{code!r}.*taken"):
        render_module(derivation)


def test_text_is_the_same_every_time() -> None:
    assert render_module(equations.TIED) == render_module(equations.TIED)


def test_changing_the_density_changes_the_text() -> None:
    texts = {render_module(derivation) for derivation in equations.ALL}
    assert len(texts) == len(equations.ALL)
