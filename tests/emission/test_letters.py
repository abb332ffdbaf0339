"""A model in letters of its own: generated code speaks in them, from docstrings to the arguments of functions."""

from functools import cache

import pytest

from derive import Data, Diagonal, Dimension, Index, Mixture, Parameter, Simplex, inverse, logdet, quad
from derive.em.derive import derive_em
from derive.emission.module import render_module
from derive.emission.unicode import count_equation, unicode
from derive.errors import LoweringError
from derive.language.family import Family, Role
from derive.language.functions import sum_over
from derive.runtime.load import load_source

i, c, M = Index("i", "I"), Index("c", "C"), Dimension("M")
Z = Data("z", i, shape=M)
GAMMA = Family("gamma", Role.RESPONSIBILITY, (i, c))


def _model(code: str = "centres") -> Mixture:
    theta = Parameter("theta", c, shape=M, code=code)
    omega = Parameter("Omega", c, domain=Diagonal(M), code="spreads")
    alpha = Parameter("alpha", c, domain=Simplex, code="shares")
    density = -logdet(omega[c]) / 2 - quad(inverse(omega[c]), Z[i] - theta[c]) / 2
    return Mixture("letters", weights=alpha, log_density=density)


@cache
def _text() -> str:
    return render_module(derive_em(_model()))


def test_the_number_of_parameters_takes_components_and_coordinates() -> None:
    module = load_source(_text(), "letters")
    assert module.n_parameters(3, 2) == module.n_parameters(C=3, M=2) == 2 + 6 + 6


@pytest.mark.parametrize("words", ["shape (I, C)", "N_c = ∑_i γ_ic", "C components, M coordinates", "N_c = 0"])
def test_docstrings_speak_in_the_models_letters(words: str) -> None:
    assert words in _text()


@pytest.mark.parametrize("foreign", ["N_k", "(N, K)", "K components", "I_c"])
def test_no_other_letters_are_used(foreign: str) -> None:
    assert foreign not in _text()


def test_a_name_that_loops_use_is_refused() -> None:
    with pytest.raises(LoweringError, match="'c' in code is taken"):
        render_module(derive_em(_model(code="c")))


def test_only_a_sum_over_the_samples_is_a_count() -> None:
    gamma = GAMMA[i, c]
    assert count_equation(sum_over(i, gamma)) == "N_c = ∑_i γ_ic"
    assert unicode(sum_over(c, gamma)) == "∑_c γ_ic"
    assert unicode(sum_over(i, sum_over(c, gamma))) == "∑_i ∑_c γ_ic"
