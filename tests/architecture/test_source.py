"""The rules on source hold in the whole tree."""

import ast
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.architecture import rules, tree

Rule = Callable[[ast.Module], Iterator[str]]


def breaches(rule: Rule, *folders: Path, allowed: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}, {breach}"
        for name, source in tree.sources(*folders)
        if not name.startswith(allowed)
        for breach in rule(source)
    ]


def test_own_package_is_imported_at_the_top() -> None:
    assert breaches(rules.hidden_imports, tree.DERIVE, tree.GENERATED, allowed=("derive/cli/",)) == []


def test_only_lazy_packages_the_loaders_and_the_commands_import_by_name() -> None:
    optional = "derive/runtime/sources/optional.py"
    loaders = ("derive/runtime/load.py", optional, "derive/models/load.py", "derive/checking/submitted/locate.py")
    lazy = ("derive/__init__.py", "derive/runtime/__init__.py", "derive/checking/__init__.py")
    allowed = (*lazy, *loaders, "derive/cli/")
    assert breaches(rules.dynamic_imports, tree.DERIVE, tree.GENERATED, allowed=allowed) == []


def test_no_text_becomes_code() -> None:
    assert breaches(rules.text_to_code, tree.DERIVE, tree.GENERATED) == []


def test_nothing_is_keyed_on_the_name_of_a_model() -> None:
    names = tree.catalogue_names()
    assert len(names) >= 5
    drop_in = "derive/runtime/estimator/covariance.py"  # scikit-learn's four structures are four models
    hand_ins = "derive/checking/derivations/"  # a hand-in writes Poisson(x | λ); one that names no model has a default
    words = (f"{hand_ins}conventions.py", f"{hand_ins}check.py")
    allowed = ("derive/models/", "derive/cli/", "derive/datasets/", drop_in, *words)
    assert breaches(partial(rules.keyed_on_names, names=names), tree.DERIVE, allowed=allowed) == []


def test_generated_modules_are_loaded_in_the_runtime_only() -> None:
    imports = partial(rules.imports_of, package="derive.generated")
    assert breaches(imports, tree.DERIVE, allowed=("derive/runtime/",)) == []


def test_jinja_is_known_in_one_room_only() -> None:
    imports = partial(rules.imports_of, package="jinja2")
    assert breaches(imports, tree.DERIVE, allowed=("derive/templating/",)) == []


@pytest.mark.parametrize("package", ["generated", "templates"])
def test_no_module_has_a_second_identity(package: str) -> None:
    """`import generated` works from the project's top, and would make a second copy of derive.generated."""
    imports = partial(rules.imports_of, package=package)
    assert breaches(imports, tree.DERIVE, tree.GENERATED, tree.TESTS) == []
