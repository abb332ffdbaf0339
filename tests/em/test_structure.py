"""What a derivation of EM holds: the textbook's sections in order, every argument, and nothing concrete."""

import pytest

from derive.language.calculus_nodes import Derivative, SecondDifferential
from derive.language.expr import Expr, Identity, Number, Zero
from derive.language.family import Symbol
from derive.language.functions import Inverse, Log, LogDet, Size, Sum
from derive.language.index import Extent
from derive.proof.step import Multiplied, Relation, Step
from tests.proof.derivations import CATALOGUE, derivation, find, mixture
from tests.proof.edits import places

COVARIANCES = {
    "gaussian-full": "Sigma[k]",
    "gaussian-tied": "Sigma",
    "gaussian-diagonal": "Sigma[k]",
    "gaussian-spherical": "Sigma[k]",
    "gaussian-1d": "sigma2[k]",
}
every_model = pytest.mark.parametrize("name", CATALOGUE)


def rules(name: str, section: str) -> list[str]:
    return [step.rule for part in derivation(name).sections if section in part.title for step in part.steps]


@every_model
def test_sections_in_textbook_order(name: str) -> None:
    titles = [section.title for section in derivation(name).sections]
    wanted = ["The model", "E-step", "Objective", "mu[k]", COVARIANCES[name], "pi[k]"]
    found = [next(i for i, title in enumerate(titles) if word in title) for word in wanted]
    assert found == sorted(found)
    parameters = [section.parameter.key for section in derivation(name).sections if section.parameter is not None]
    assert parameters == ["mu[k]", COVARIANCES[name], "pi[k]"]


@every_model
def test_steps_are_numbered_and_refer_back(name: str) -> None:
    steps = derivation(name).steps
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    for step in steps:
        assert step.certificate is not None
        assert step.words
        assert step.rule
        assert step.premise is None or step.premise < step.number
        if step.relation in {Relation.EQUIVALENT, Relation.IMPLIES}:
            assert step.premise is not None
            assert step.move is not None
        assert derivation(name).step(step.number) is step


@every_model
def test_e_step_bounds_maximises_and_is_tight(name: str) -> None:
    found = rules(name, "E-step")
    for rule in (
        "free-energy",
        "relative-entropy",
        "log-inequality",
        "lagrangian",
        "differentiate",
        "concave",
        "tight",
    ):
        assert rule in found
    multiplier = {
        node.family.name
        for step in steps_of(name, "E-step")
        for _, node in places(step.right)
        if isinstance(node, Symbol)
    }
    assert "nu" in multiplier


def steps_of(name: str, section: str) -> list[Step]:
    return [step for part in derivation(name).sections if section in part.title for step in part.steps]


@every_model
def test_objective_states_q_and_its_difference_from_the_log_likelihood(name: str) -> None:
    found = rules(name, "Objective")
    assert {"complete-data", "expectation", "objective", "free-energy-at-responsibilities"} <= set(found)


@every_model
@pytest.mark.parametrize("section", ["mu[k]", "covariance", "pi[k]"])
def test_each_m_step_drops_differentiates_solves_and_proves(name: str, section: str) -> None:
    found = rules(name, "for " + (COVARIANCES[name] if section == "covariance" else section))
    wanted = ["drop-constants", "differentiate", "isolate", "solution", "second-differential", "concave"]
    assert set(wanted) <= set(found)
    assert found.index("drop-constants") < found.index("differentiate") < found.index("isolate")


@every_model
def test_the_covariance_is_derived_both_ways_and_they_meet(name: str) -> None:
    section = "for " + COVARIANCES[name]
    found = rules(name, section)
    assert found.count("differentiate") == 2
    assert "two-ways-meet" in found
    assert "change-of-variable" in found
    if name != "gaussian-1d":
        assert "trace-trick" in found
        assert "semidefinite" in found
    variables = [step.left.symbol.family for step in steps_of(name, section) if isinstance(step.left, Derivative)]
    assert {family.inverse_of is None for family in variables} == {True, False}


@every_model
def test_maxima_are_shown_by_the_second_differential(name: str) -> None:
    second = [step for step in derivation(name).steps if isinstance(step.left, SecondDifferential)]
    assert len(second) >= 4
    for step in second:
        following = derivation(name).steps[step.number : step.number + 2]
        assert any(later.relation is Relation.AT_MOST for later in following)


@every_model
def test_multiplier_is_n(name: str) -> None:
    step = find(name, "responsibilities-sum-to-one", "pi[k]")
    assert isinstance(step.left, Symbol)
    assert step.left.family.name == "lambda"
    assert step.right == Size(Extent("N"))


@every_model
def test_positive_counts_are_assumed_where_they_are_used(name: str) -> None:
    for section in ("mu[k]", COVARIANCES[name]):
        step = find(name, "isolate", "for " + section)
        assert isinstance(step.move, Multiplied)
        shared = section == "Sigma"
        assert bool(step.assumptions) is not shared
        assert shared or any("N_k" in a.words and "> 0" in a.words for a in step.assumptions)
    updates = {update.target.family.name: update for update in derivation(name).updates}
    assert any("N_k" in assumption.words for assumption in updates["mu"].assumptions)


def concrete(node: Expr) -> bool:
    """Whether a node has a size that is a number."""
    extents = {getattr(node, part, None) for part in ("rows", "cols", "size", "extent")}
    return isinstance(node, Identity | Zero | Size) and any(
        e is not None and e.name.isdigit() and e.name != "1" for e in extents
    )


@every_model
def test_sizes_stay_abstract(name: str) -> None:
    names = {extent.name for extent in mixture(name).extents}
    assert names == ({"N", "K"} if name == "gaussian-1d" else {"N", "K", "D"})
    for step in derivation(name).steps:
        for side in (step.left, step.right):
            for _, node in places(side):
                assert not concrete(node)
                if isinstance(node, Sum):
                    assert node.index.size.name in names
                if isinstance(node, Number):
                    assert abs(node.value.numerator) <= 2
                    assert node.value.denominator <= 2


@every_model
def test_updates_hold_no_trace_of_how_they_were_found(name: str) -> None:
    made = derivation(name)
    observed = {family.name for family in made.families} | {"gamma"}
    for update in made.updates:
        assert update.previous == ()
        for _, node in places(update.value):
            assert not isinstance(node, Derivative | Inverse | Log | LogDet)
            assert not isinstance(node, Symbol) or node.family.name in observed
        step = made.step(update.number)
        assert step.left == update.target
        assert step.right == update.value
    assert made.step(made.responsibilities.number).right == made.responsibilities.value
    assert made.families[0].name == "pi"


@every_model
def test_updates_come_in_the_order_of_the_m_step(name: str) -> None:
    assert [update.target.key for update in derivation(name).updates] == ["mu[k]", COVARIANCES[name], "pi[k]"]
