"""The notebook is valid, always the same, holds no outputs, and runs from top to bottom."""

import json
from typing import Any

import nbclient
import nbformat as untyped_nbformat
import pytest

from derive import api
from derive.proof import Derivation
from derive.rendering import notebook
from tests.rendering.test_listing import CODE

nbformat: Any = untyped_nbformat


def test_valid_and_without_outputs(scalar: Derivation) -> None:
    made = nbformat.reads(notebook(scalar, CODE), as_version=4)
    nbformat.validate(made)
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert (made.nbformat, made.nbformat_minor) == (4, 5)


def test_always_the_same_with_ids_of_their_own(scalar: Derivation) -> None:
    first, second = notebook(scalar, CODE), notebook(scalar, CODE)
    assert first == second
    ids = [cell["id"] for cell in json.loads(first)["cells"]]
    assert len(set(ids)) == len(ids)


def test_a_committed_module_is_imported_and_shown(full: Derivation) -> None:
    made = json.loads(notebook(full, CODE, module="derive.generated.gaussian_full"))
    cells = {cell["id"]: "".join(cell["source"]) for cell in made["cells"]}
    assert cells["import"] == "import derive.generated.gaussian_full as em"
    assert "def m_step(" in cells["code"]
    assert "code-module" not in cells


def test_sections_in_order(full: Derivation) -> None:
    shown = notebook(full, CODE)
    titles = [section.title.split(" for ")[0] for section in full.sections]
    assert sorted(range(len(titles)), key=lambda i: shown.index(titles[i])) == list(range(len(titles)))


def run(text: str) -> Any:
    made = nbformat.reads(text, as_version=4)
    nbclient.NotebookClient(made, timeout=120, kernel_name="python3").execute()
    return made


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning", "ignore::ResourceWarning")
def test_a_model_of_the_users_own_runs_from_top_to_bottom(scalar: Derivation) -> None:
    made = run(notebook(scalar, CODE))
    outputs = {cell.id: cell.outputs for cell in made.cells if cell.cell_type == "code"}
    assert "log-likelihood -276.36" in outputs["run-fit"][0].text
    gain = float(outputs["run-monotone"][0].text.rsplit(":", 1)[1])
    assert gain > -1e-9
    assert "image/png" in outputs["run-picture"][0].data


@pytest.mark.parametrize("name", ["gaussian-full", "gaussian-1d"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning", "ignore::ResourceWarning")
def test_the_catalogue_runs_from_top_to_bottom(name: str) -> None:
    module = f"derive.generated.{name.replace('-', '_')}"
    pytest.importorskip(module, reason="no generated module is installed")
    made = run(notebook(api.load(name).derivation(), CODE, module=module))
    assert "image/png" in made.cells[-2].outputs[0].data


@pytest.mark.parametrize(("name", "words"), [("pareto", "the known constant `scale`:")])
def test_a_known_constant_is_asked_for(name: str, words: str) -> None:
    assert words in notebook(api.load(name).derivation(), CODE)
