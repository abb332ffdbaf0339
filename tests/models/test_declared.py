"""A model file is told by its lines: a parameter that no model of it contains, a log of what may be negative."""

from pathlib import Path

import pytest

from derive.api import load
from derive.errors import ModelError, NoClosedFormError
from derive.models.load import load_model

TOP = """from derive import *
n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", n)
mu = Parameter("mu", k)
pi = Parameter("pi", k, domain=Simplex)
"""
MODEL = 'model = Mixture("mine", weights=pi, log_density=-((x[n] - mu[k]) ** 2))\n'


def written(folder: Path, text: str) -> str:
    path = folder / "mine.py"
    path.write_text(TOP + text)
    return str(path)


def test_a_parameter_that_does_not_occur_is_named_with_its_line(tmp_path: Path) -> None:
    spec = written(tmp_path, 'spare, z = Parameter("zeta", k), 1\n' + MODEL)
    with pytest.raises(ModelError, match=r"mine\.py, line 6: the parameter zeta\[k\] does not occur"):
        load_model(spec)


def test_a_parameter_of_one_of_several_models_occurs(tmp_path: Path) -> None:
    other = 'nu = Parameter("nu", k)\nother = Mixture("other", weights=pi, log_density=-((x[n] - nu[k]) ** 2))\n'
    spec = written(tmp_path, MODEL + other)
    assert load_model(f"{spec}:model").place.endswith("mine.py, line 6")
    assert load_model(f"{spec}:other").place.endswith("mine.py, line 8")


def test_what_is_imported_or_changed_away_may_be_spare(tmp_path: Path) -> None:
    (tmp_path / "symbols_of_all.py").write_text(TOP + 'spare = Parameter("spare", k)\n')
    path = tmp_path / "using.py"
    path.write_text("from symbols_of_all import *\n" + MODEL)
    assert load_model(str(path)).name == "mine"
    changed = (
        "from derive.models.changes import fix\n" + MODEL.replace("model", "_free", 1) + 'model = fix(_free, "mu")\n'
    )
    spec = written(tmp_path, changed)
    assert [family.name for family in load_model(f"{spec}:model").parameters] == ["pi"]


def test_the_place_is_not_part_of_what_a_model_is(tmp_path: Path) -> None:
    spec = written(tmp_path, "\n\n" + MODEL + "again = model\n")
    first = load_model(spec)
    second = load_model(written(tmp_path, MODEL))
    assert first == second
    assert first.place != second.place


@pytest.mark.parametrize("term", ["log(mu[k])", "sqrt(mu[k])", "log(x[n])"])
def test_a_log_of_a_real_names_the_line_of_the_model(tmp_path: Path, term: str) -> None:
    spec = written(tmp_path, f'model = Mixture("mine", weights=pi, log_density=-((x[n] - mu[k]) ** 2) + {term})\n')
    with pytest.raises(ModelError, match=r"mine\.py, line 6: mine: .* not known to be positive"):
        load(spec).derivation()


def test_shapes_that_do_not_fit_are_both_shown(tmp_path: Path) -> None:
    spec = written(tmp_path, 'm = Parameter("m", k, shape=D)\nz = x[n] - m[k]\n' + MODEL)
    with pytest.raises(ModelError, match=r"line 7: cannot add x_n \(scalar\) and -m_k \(D x 1\): the shapes differ"):
        load_model(spec)


def test_a_likelihood_without_a_bound_names_a_prior_that_bounds_it(tmp_path: Path) -> None:
    density = "-quad(inverse(Sigma[k]), x[n])"
    symbols = 'x = Data("x", n, shape=D)\nSigma = Parameter("Sigma", k, domain=PositiveDefinite(D))\ndel mu\n'
    spec = written(tmp_path, f'{symbols}model = Mixture("mine", weights=pi, log_density={density})\n')
    with pytest.raises(NoClosedFormError, match=r"may be unbounded.*'Sigma ~ inverse_wishart") as caught:
        load(spec).derivation()
    prior = str(caught.value).split("bound it: '")[1].split("'")[0]
    assert load(spec).prior(prior).derivation().updates


@pytest.mark.parametrize(
    "text",
    [
        'def build():\n    spare = Parameter("spare", k)\n    ' + MODEL + "    return model\n\nmodel = build()\n",
        'all_of_them = {"spare": Parameter("spare", k)}\n' + MODEL,
        'all_of_them = [Parameter(name, k) for name in ("s", "t")]\n' + MODEL,
    ],
)
def test_a_parameter_of_a_function_or_a_container_that_does_not_occur_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelError, match=r"mine\.py, line [67]: the parameter (spare|s)\[k\] does not occur"):
        load_model(written(tmp_path, text))


def test_a_reason_names_the_lines_of_model_and_parameter(tmp_path: Path) -> None:
    density = "-log(1 + (x[n] - a[k]) ** 2) + mu[k] - mu[k]**2"
    text = f'a = Parameter("a", k)\n\nmodel = Mixture("mine", weights=pi,\n    log_density={density})\n'
    with pytest.raises(NoClosedFormError, match=r"mine\.py, line 8: mine, parameter (a \(line 6\)|mu \(line 4\)): "):
        load(written(tmp_path, text)).derivation()


def test_a_helper_beside_is_named_with_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "beside_it.py").write_text("def sum_of(a, b):\n    return a + b\n")
    text = 'from beside_it import sum_of\nD = Dimension("D")\nv = Parameter("v", k, shape=D)\nr = sum_of(x[n], v[k])\n'
    with pytest.raises(ModelError, match=r"beside_it\.py, line 2: cannot add x_n \(scalar\) and v_k \(D x 1\)"):
        load_model(written(tmp_path, text))


def test_a_special_function_of_a_real_names_where_it_is_declared(tmp_path: Path) -> None:
    text = 'model = Mixture("mine", weights=pi, log_density=-loggamma(mu[k]) - x[n]**2)\n'
    with pytest.raises(ModelError, match=r"line 6: mine: loggamma\(mu_k\) .* \(mu is declared in line 4\)"):
        load(written(tmp_path, text)).derivation()


@pytest.mark.parametrize("term", ["x[n] - x[n]", "-(x[n]**2)"])
def test_data_that_cancel_say_nothing(tmp_path: Path, term: str) -> None:
    text = f'model = Mixture("mine", weights=pi, log_density=-(mu[k]**2) + {term})\n'
    with pytest.raises(NoClosedFormError, match="the data say nothing of mu_k"):
        load(written(tmp_path, text)).derivation()


@pytest.mark.parametrize(
    ("density", "said"),
    [
        ("abs(x[n])", r"absolute\(x_n\)"),
        ("sum(x[n])", "sum_over"),
        ("__import__('math').log(x[n])", "of derive"),
        ("__import__('numpy').exp(x[n])", "of derive"),
        ("x[n] * 10**5000", "2048 bits"),
        ("x[n]**65", "at most 64"),
        ("sum(x[n]**2 * i for i in range(1, 3000))", "4000 parts"),
    ],
)
def test_what_no_density_holds_is_refused_at_its_line(tmp_path: Path, density: str, said: str) -> None:
    with pytest.raises(ModelError, match=rf"mine\.py, line 6: .*{said}"):
        load_model(written(tmp_path, f'model = Mixture("mine", weights=pi, log_density={density} - mu[k]**2)\n'))
