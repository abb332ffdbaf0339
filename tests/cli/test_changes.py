"""Changes on the command line: applied, recorded beside the parameters, and undone by nobody."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from derive.cli import main
from derive.models.changes import Kind

pytestmark = pytest.mark.usefixtures("real")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def catalogue() -> None:
    """The real catalogue, in the place of the fakes."""


@pytest.fixture
def real(catalogue: None) -> None:
    """What is tested here needs the algebra."""


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Two clusters at -3 and 3, and a column of known precision multipliers."""
    rng = np.random.default_rng(4)
    x = np.concatenate([rng.normal(-3, 1, 60), rng.normal(3, 0.5, 40)])
    path = tmp_path / "pairs.csv"
    lines = [f"{value},{1 + i % 3}" for i, value in enumerate(x)]
    path.write_text("\n".join(["x,t", *lines]) + "\n")
    return path


def test_a_changed_model_is_fitted_and_its_changes_are_recorded_for_predict(call: Call, pairs: Path) -> None:
    params = pairs.with_name("params.json")
    options = ("--model", "gaussian-1d", "-k", 2, "--columns", "x", "--tie", "mu[2] = -mu[1]", "--fix", "pi = 1/K")
    code, _, error = call("fit", pairs, *options, "-o", params)
    assert (code, error) == (0, "")
    stored = json.loads(params.read_text())
    assert stored["changes"] == [["tie", "mu[2] = -mu[1]"], ["fix", "pi = 1/K"]]
    means = stored["parameters"]["means"]
    assert means[0] == pytest.approx(-means[1], abs=1e-12)
    assert "weights" not in stored["parameters"]
    assert stored["n_parameters"] == 3
    code, printed, error = call("predict", pairs, "--columns", "x", "--parameters", params)
    assert (code, error) == (0, "")
    assert len(printed.splitlines()) == 101


def test_a_known_number_of_the_rows_is_a_column_of_the_data(call: Call, pairs: Path) -> None:
    own = pairs.with_name("own.py")
    own.write_text(
        "from derive import Data, Index, Known, Mixture, Parameter, Positive, Simplex, log\n"
        "n, k = Index('n', 'N'), Index('k', 'K')\n"
        "x, t = Data('x', n), Known('t', n, domain=Positive)\n"
        "mu, v = Parameter('mu', k), Parameter('v', k, domain=Positive)\n"
        "pi = Parameter('pi', k, domain=Simplex)\n"
        "model = Mixture('own', weights=pi, log_density=log(t[n]) / 2 - log(v[k]) / 2 - t[n] * (x[n] - mu[k]) ** 2 / "
        "(2 * v[k]))\n"
    )
    column = ("--known", "t=t")
    code, by_column, error = call("fit", pairs, "--model", own, "-k", 2, *column, "--format", "json")
    assert (code, error) == (0, "")
    array = pairs.with_name("t.npy")
    np.save(array, np.array([1.0 + i % 3 for i in range(100)]))
    options = ("--model", own, "-k", 2, "--columns", "x", "--known", f"t={array}", "--format", "json")
    code, by_file, error = call("fit", pairs, *options)
    assert (code, error) == (0, "")
    assert json.loads(by_column) == json.loads(by_file)
    code, _, error = call("fit", pairs, "--model", own, "-k", 2, "--known", "t=zebra")
    assert code == 2
    assert "no file, and no column" in error


def test_weights_of_the_rows_are_a_column_and_their_meaning_counts(call: Call, pairs: Path) -> None:
    fits = []
    for what in ("frequency=t", "precision:sigma2=t"):
        options = ("--model", "gaussian-1d", "-k", 2, "--weights", what, "--format", "json")
        code, printed, error = call("fit", pairs, *options)
        assert (code, error) == (0, "")
        fits.append(json.loads(printed)["parameters"]["variances"])
    assert not np.allclose(fits[0], fits[1], rtol=0.1)
    code, _, error = call("fit", pairs, "--model", "gaussian-1d", "-k", 2, "--columns", "x", "--weights", "frequency")
    assert (code, "sample_weight" in error) == (2, True)


def test_too_few_components_for_those_that_are_named(call: Call, pairs: Path) -> None:
    code, _, error = call("fit", pairs, "--model", "gaussian-1d", "-k", 2, "--columns", "x", "--fix", "mu[3] = 0")
    assert code == 2
    assert "there must be 3 components or more, not 2" in error


def test_show_verify_and_generate_take_changes(call: Call, tmp_path: Path) -> None:
    code, printed, _ = call("show", "gaussian-1d", "--fix", "mu[2] = 0", "--format", "markdown")
    assert code == 0
    assert "All members of" in printed
    code, printed, _ = call("verify", "gaussian-1d", "--tie", "sigma2", "--prior", "pi ~ dirichlet(2)")
    assert (code, "FAIL" in printed) == (0, False)
    code, printed, _ = call("generate", "gaussian-1d", "--tie", "sigma2", "-o", tmp_path)
    assert code == 0
    text = (tmp_path / "gaussian_1d_tied_sigma2.py").read_text()
    assert "derive generate gaussian-1d --tie sigma2" in text
    assert call("generate", "gaussian-1d", "--tie", "sigma2", "-o", tmp_path, "--check")[0] == 0


def test_bad_changes_get_one_line(call: Call, pairs: Path) -> None:
    for options in (("--fix", "nu"), ("--tie", "mu[2] = "), ("--prior", "pi ~ dirichlet(0)")):
        code, printed, error = call("show", "gaussian-1d", *options)
        assert (code, printed, error.count("\n")) == (2, "", 3)  # the text, and a caret below the place
        assert options[0] in error
    code, _, error = call("generate", "--tie", "Sigma")
    assert (code, "which model" in error) == (2, True)


def test_changes_in_a_file_of_parameters_are_read_and_not_run(call: Call, pairs: Path) -> None:
    params = pairs.with_name("params.json")
    parameters = {"weights": [0.5, 0.5], "means": [0, 1], "variances": [1, 1]}
    for changes in ([["exec", "1"]], "fix", [["fix"]], [["fix", "__import__('os')"]]):
        params.write_text(json.dumps({"model": "gaussian-1d", "parameters": parameters, "changes": changes}))
        code, printed, error = call("predict", pairs, "--columns", "x", "--parameters", params)
        assert (code, printed, error.count("\n") in {1, 3}) == (2, "", True)
    assert next(iter(Kind)) == "tie"


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """Two lines y = 1 + 2 z and y = -3 - z, with the columns of the design beside y."""
    rng = np.random.default_rng(5)
    z = rng.normal(size=90)
    y = np.where(np.arange(90) % 3 == 0, 1 + 2 * z, -3 - z) + rng.normal(size=90) / 4
    path = tmp_path / "design.csv"
    path.write_text("\n".join(["y,one,z", *(f"{a},1,{b}" for a, b in zip(y, z, strict=True))]) + "\n")
    return path


@pytest.mark.parametrize("name", ["features", "f"])
def test_known_vectors_of_the_rows_are_columns_under_their_symbol_or_their_name_in_code(
    call: Call, design: Path, name: str
) -> None:
    params = design.with_name("params.json")
    given = ("--known", f"{name}=one,z")
    code, _, error = call("fit", design, "--model", "linear-regression", "-k", 2, *given, "-o", params)
    assert (code, error) == (0, "")
    found = sorted(json.loads(params.read_text())["parameters"]["coefficients"])
    np.testing.assert_allclose(found, [[-3, -1], [1, 2]], atol=0.2)
    code, printed, error = call("predict", design, "--parameters", params, *given)
    assert (code, error) == (0, "")
    assert len(printed.splitlines()) == 91


def test_a_known_number_is_written_out_and_a_fixed_parameter_is_given_by_its_symbol(call: Call, pairs: Path) -> None:
    fixed = ("--model", "gaussian-1d", "-k", 2, "--columns", "x", "--tie", "sigma2", "--fix", "sigma2")
    code, by_number, error = call("fit", pairs, *fixed, "--known", "sigma2=0.5", "--format", "json")
    assert (code, error) == (0, "")
    file = pairs.with_name("s.csv")
    file.write_text("0.5\n")
    code, by_file, error = call("fit", pairs, *fixed, "--known", f"variances={file}", "--format", "json")
    assert (code, error) == (0, "")
    assert json.loads(by_number)["parameters"] == json.loads(by_file)["parameters"]
    for text, words in (
        ("sigma2=many", "names no file, and is no number"),
        ("sigma2=nan", "a finite number is needed"),
        ("mu=1", "no such known constant; it has variances"),
    ):
        code, _, error = call("fit", pairs, *fixed, "--known", text)
        assert (code, words in error) == (2, True), error


def test_columns_of_a_known_vector_that_are_not_there_are_named(call: Call, design: Path) -> None:
    for text, words in (("f=one,two", "no column 'two'"), ('f="one', "cannot be read"), ("f=one,,z", "no column ''")):
        code, _, error = call("fit", design, "--model", "linear-regression", "-k", 2, "--known", text)
        assert (code, words in error) == (2, True), error
