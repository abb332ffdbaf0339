"""Long signatures, calls and dictionaries are broken at their arguments, and stay what they are."""

import ast

import pytest

from derive.emission.calls import fitted_call, fitted_constant, fitted_signature

NAMES = [f"a_rather_long_name_{i}" for i in range(8)]
SHORT = "m_step(X: Array, *, alpha: Array) -> tuple[Parameters, float]"
LONG = f"m_step(X: Array, *, {', '.join(f'{name}: Array' for name in NAMES)}) -> tuple[Parameters, float]"
MIDDLE = "m_step(X: Array, responsibilities: Array, previous: Parameters | None = None, *, " + "b: Array) -> Parameters"


@pytest.mark.parametrize("signature", [SHORT, MIDDLE, LONG])
def test_signatures(signature: str) -> None:
    fitted = fitted_signature(signature)
    assert all(len(line) <= 120 for line in f"def {fitted}:".splitlines())
    assert ast.dump(ast.parse(f"def {fitted}: ...")) == ast.dump(ast.parse(f"def {signature}: ..."))
    assert (fitted == signature) == (len(f"def {signature}:") <= 120)


@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize("behind", ["", ", value", " + log_prior(parameters)"])
def test_calls(count: int, behind: str) -> None:
    statement = f"found = m_step(X, f(1, 2), {', '.join(f'{name}={name}' for name in NAMES[:count])}){behind}"
    lines = fitted_call(statement, "  # (3)")
    assert all(len(line) <= 116 for line in lines)
    assert lines[-1].endswith("  # (3)")
    assert ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(statement))


@pytest.mark.parametrize("count", [0, 2, 8])
def test_dictionaries(count: int) -> None:
    entries = ", ".join(f'"{name}": ("K", "D")' for name in NAMES[:count])
    statement = f"KNOWNS = {{{entries}}}"
    fitted = fitted_constant(statement)
    assert all(len(line) <= 120 for line in fitted.splitlines())
    assert ast.dump(ast.parse(fitted)) == ast.dump(ast.parse(statement))
