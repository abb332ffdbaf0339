"""The rules themselves: each catches what it is for, and leaves what is well alone."""

import ast
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.architecture import rules

Rule = Callable[[ast.Module], Iterator[str]]

keyed: Rule = partial(rules.keyed_on_names, names=frozenset({"gaussian-full", "gaussian-tied", "poisson"}))
generated: Rule = partial(rules.imports_of, package="derive.generated")

CAUGHT: list[tuple[Rule, str]] = [
    (rules.hidden_imports, "def f():\n    from derive.language import Index"),
    (rules.hidden_imports, "def f():\n    import derive.language"),
    (rules.hidden_imports, "async def f():\n    from derive import language"),
    (rules.hidden_imports, "class A:\n    def f(self):\n        if self:\n            from . import index"),
    (rules.hidden_imports, "def f():\n    def g():\n        from ..language import Index"),
    (rules.dynamic_imports, "import importlib\nimportlib.import_module(name)"),
    (rules.dynamic_imports, "from importlib import import_module\nimport_module('derive.em')"),
    (rules.dynamic_imports, "__import__(name)"),
    (rules.text_to_code, "eval(text)"),
    (rules.text_to_code, "run = exec"),
    (rules.text_to_code, "import builtins\nbuiltins.eval(text)"),
    (rules.text_to_code, "from sympy import sympify as convert"),
    (rules.text_to_code, "import sympy\nsympy.parsing.sympy_parser.parse_expr(text)"),
    (rules.text_to_code, "from sympy import lambdify"),
    (rules.text_to_code, "from sympy import S\nS(text)"),
    (rules.text_to_code, "import sympy\nsympy.S(text)"),
    (rules.text_to_code, "compile(text, 'file', 'single')"),
    (keyed, "if name == 'gaussian-full': pass"),
    (keyed, "strategies = {'gaussian_full': 1}"),
    (keyed, "match name:\n    case 'poisson': pass"),
    (keyed, "name.startswith('gaussian-')"),
    (keyed, "load('gaussian_full.py')"),
    (generated, "import derive.generated"),
    (generated, "import derive.generated.gaussian_full as module"),
    (generated, "from derive.generated import gaussian_full"),
    (generated, "from derive.generated.gaussian_full import e_step"),
    (generated, "from derive import generated"),
]

LEFT_ALONE: list[tuple[Rule, str]] = [
    (rules.hidden_imports, "from derive.language import Index\ndef f():\n    return Index"),
    (rules.hidden_imports, "def f():\n    import numpy\n    from derivers import x"),
    (rules.dynamic_imports, "import importlib\nfrom importlib import resources"),
    (rules.text_to_code, "import re\nre.compile('eval')"),
    (rules.text_to_code, "from sympy import S\nhalf = S.Half"),
    (rules.text_to_code, "loader.exec_module(module)\nvalue.evalf()"),
    (keyed, '"""For example gaussian-full."""'),
    (keyed, "kind = 'full'"),
    (generated, "import derive.generator\nfrom derive.emission import generated_header"),
]


@pytest.mark.parametrize(("rule", "source"), CAUGHT)
def test_a_planted_breach_is_caught(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source)))


@pytest.mark.parametrize(("rule", "source"), LEFT_ALONE)
def test_what_is_well_is_left_alone(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source))) == []
