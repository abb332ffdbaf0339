"""pyproject.toml lists every package, every data file and every import: setuptools builds without one silently."""

import ast
import re
import sys
from pathlib import Path

from tests.architecture import rules, tree

#: Where the name on the index is not the name of the import.
IMPORT_NAMES = {"python-flint": "flint", "scikit-learn": "sklearn"}
#: What an extra is for.
OPTIONAL = ("derive/adapters/", "derive/runtime/estimator/")
#: Programs that are timed if they are installed; nobody needs them.
PEERS = ("derive/runtime/benchmark/peers/",)


def packages_of_the_tree() -> set[str]:
    rooms = {path.parent for path in tree.python_files(tree.DERIVE)}
    names = {".".join(room.relative_to(tree.ROOT).parts) for room in rooms}
    return names | {"derive.generated", "derive.templates"}


def folder_of(package: str) -> Path:
    mapping: dict[str, str] = tree.settings()["tool"]["setuptools"]["package-dir"]
    return tree.ROOT / mapping.get(package, package.replace(".", "/"))


def test_the_list_of_packages_is_the_tree() -> None:
    listed = tree.settings()["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(packages_of_the_tree())
    assert len(set(listed)) == len(listed)


def test_every_package_is_a_regular_one() -> None:
    missing = [name for name in packages_of_the_tree() if not (folder_of(name) / "__init__.py").is_file()]
    assert missing == []


def test_generated_and_templates_are_flat_or_data() -> None:
    assert [path.name for path in tree.GENERATED.iterdir() if path.is_dir() and path.name != "__pycache__"] == []
    assert [tree.relative(path) for path in tree.python_files(tree.TEMPLATES)] == ["templates/__init__.py"]


def test_every_data_file_ships() -> None:
    setuptools = tree.settings()["tool"]["setuptools"]
    shipped = {
        path
        for package, patterns in setuptools["package-data"].items()
        for pattern in patterns
        for path in folder_of(package).glob(pattern)
    }
    data = {
        path
        for folder in (tree.DERIVE, tree.GENERATED, tree.TEMPLATES)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert sorted(map(tree.relative, shipped)) == sorted(map(tree.relative, data))


def declared(requirements: list[str]) -> set[str]:
    """Names of the imports that come with the requirements."""
    names = [name for requirement in requirements for name in re.findall(r"^[\w-]+", requirement)]
    return {IMPORT_NAMES.get(name, name) for name in names}


def imported_from(*folders: Path, but: str | tuple[str, ...]) -> set[str]:
    """What is imported there from outside of the tree and of Python, leaving out files of which the path begins so."""
    modules = {
        module.split(".")[0]
        for name, source in tree.sources(*folders)
        if not name.startswith(but)
        for node in ast.walk(source)
        for module in rules.imported_modules(node)
        if not rules.is_own(module)
    }
    return modules - set(sys.stdlib_module_names)


def test_every_import_is_a_declared_dependency_and_the_other_way_round() -> None:
    dependencies = declared(tree.settings()["project"]["dependencies"])
    assert imported_from(tree.DERIVE, tree.GENERATED, but=(*OPTIONAL, *PEERS)) == dependencies


def test_what_needs_scikit_learn_imports_the_libraries_of_the_extra() -> None:
    project = tree.settings()["project"]
    extra = declared(project["optional-dependencies"]["sklearn"])
    imported = imported_from(*(tree.ROOT / folder for folder in OPTIONAL), but="none")
    assert imported - declared(project["dependencies"]) == extra


def test_names_of_rooms_in_the_layers_are_those_of_the_tree() -> None:
    """import-linter says so too, but names one missing layer at a time."""
    contracts = tree.settings()["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {room.strip(" ()") for layer in layers for room in layer.split("|")}
    rooms = {path.name for path in tree.DERIVE.iterdir() if (path / "__init__.py").is_file()}
    files = {path.stem for path in tree.DERIVE.glob("*.py")} - {"__init__"}
    assert named == rooms | files
