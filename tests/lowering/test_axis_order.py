"""Arrays of parameters have their axes as declared, whatever the letters; products follow where nothing contradicts."""

import numpy as np

from derive.language import (
    Data,
    Dimension,
    Index,
    Known,
    Parameter,
    PositiveDefinite,
    identity,
    inverse,
    quad,
    sum_over,
)
from derive.lowering.axis_order import axis_order
from derive.lowering.functions import lower_derivation
from derive.lowering.interpreter import run
from derive.lowering.operations import Reorder
from derive.lowering.pipeline import optimise
from tests.lowering.equations import derivation, gamma

n, k, D, P = Index("n", "N"), Index("k", "K"), Dimension("D"), Dimension("P")
x, f = Data("x", n, shape=D), Known("f", n, shape=P)
loadings = Parameter("W", k, shape=(P, D))
turned = Parameter("V", k, shape=(D, P))
S = Parameter("S", domain=PositiveDefinite(D))
MOMENT = sum_over(n, gamma[n, k] * f[n] * x[n].T)


def test_a_parameter_declares_the_order() -> None:
    assert axis_order([loadings, S, x, f], ("N", "K")) == {"D": 1}
    assert axis_order([turned, loadings], ("N", "K")) == {"P": 1}  # the first one counts
    assert axis_order([S, x, f, Parameter("a", k, shape=D)], ("N", "K")) == {}
    first, second = Index("b", "B"), Index("a", "A")
    assert axis_order([Parameter("T", k, first, second)], ("N", "K")) == {"A": 1}


def test_rows_come_first() -> None:
    made = derivation("own", -quad(identity(D), x[n] - loadings[k].T * f[n]), {loadings: MOMENT})
    program = lower_derivation(made).m_step
    assert [axis.size for axis in program.outputs[0].node.axes] == ["K", "P", "D"]
    assert not any(isinstance(node, Reorder) for node in program.nodes())
    _check(optimise(program), "W")


def test_two_parameters_that_contradict_each_other() -> None:
    difference = x[n] - loadings[k].T * f[n] - turned[k] * f[n]
    made = derivation("own", -quad(inverse(S), difference), {loadings: MOMENT, turned: MOMENT.T})
    program = lower_derivation(made).m_step
    sizes = {output.name: [axis.size for axis in output.node.axes] for output in program.outputs}
    assert sizes | {"weights": ["K"]} == {"W": ["K", "P", "D"], "V": ["K", "D", "P"], "weights": ["K"]}
    _check(optimise(program), "W", "V")


def _check(program: object, *names: str) -> None:
    rng = np.random.default_rng(0)
    X, F, weights = rng.normal(size=(7, 3)), rng.normal(size=(7, 2)), rng.dirichlet(np.ones(4), 7)
    inputs = {"X": X, "f": F, "responsibilities": weights}
    found = run(program, inputs, {"N": 7, "D": 3, "P": 2, "K": 4})  # type: ignore[arg-type]
    expected = np.einsum("nk,np,nd->kpd", weights, F, X)
    for name in names:
        value = found[name] if name == "W" else found[name].transpose(0, 2, 1)
        np.testing.assert_allclose(value, expected, rtol=1e-12)
