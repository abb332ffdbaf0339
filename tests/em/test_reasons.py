"""Where a step is not certified, users read what was tried for which parameter, and what would help."""

from typing import Any

import pytest

from derive.em import derive_em
from derive.em.ledger import Ledger
from derive.errors import ModelError, NoClosedFormError, StepRefusedError
from derive.language import Data, Dimension, Index, Parameter, Positive, Probability, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
pi = Parameter("pi", k, domain=Simplex)


def test_a_step_that_is_not_certified_is_told_with_its_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    r = Parameter("r", k, domain=Positive)
    add = Ledger.add

    def refusing(self: Ledger, left: Any, right: Any, rule: str, *rest: Any, **more: Any) -> Any:
        if rule == "solution":
            raise StepRefusedError("step (7), solution: the sides differ")
        return add(self, left, right, rule, *rest, **more)

    monkeypatch.setattr(Ledger, "add", refusing)
    with pytest.raises(NoClosedFormError, match=r"an update of r_k was found.*step \(7\).*--fix r\)"):
        derive_em(Mixture("own", weights=pi, log_density=log(r[k]) / 2 - r[k] * x[n] ** 2 / 2))


def test_a_mean_in_an_open_interval_is_sent_to_the_closed_one() -> None:
    m = Parameter("m", k, domain=Probability)
    with pytest.raises(NoClosedFormError, match="domain=UnitInterval lets m_k take"):
        derive_em(Mixture("own", weights=pi, log_density=-((x[n] - m[k]) ** 2)))


def test_a_vector_of_numbers_is_sent_to_an_index() -> None:
    with pytest.raises(ModelError, match=r"d = Index\('d', 'D'\)"):
        Parameter("s", k, shape=Dimension("D"), domain=Positive)
