"""What the text of a generated module says: imports, loops, docstrings, and the equation numbers beside its statements.

Each function takes source text and returns the offences as lines of text, so that an empty list means that all is well.
"""

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

ALLOWED_IMPORTS = {"numpy", "scipy", "typing", "math", "__future__"}
NUMERICAL = ("log_joint", "e_step", "m_step", "log_likelihood", "em_step")
EQUATION = re.compile(r"\((\d+)\)")

# Calls that shape, check or convert without computing an equation.
_CONVERTING = {"asarray", "ascontiguousarray", "reshape", "astype", "result_type", "promote_types", "float", "int"}
_LOOKING = {"shape", "ndim", "len", "dtype", "isinstance", "all", "any", "argmin", "isfinite", "errstate", "Parameters"}
_RAISING = {"ValueError", "LinAlgError", "str"}
_ALLOCATING = {"empty", "empty_like", "range", "enumerate"}
_PLUMBING = frozenset(_CONVERTING | _LOOKING | _RAISING | _ALLOCATING)


def foreign_imports(source: str) -> list[str]:
    """Imports of anything but NumPy, SciPy and the named parts of the standard library."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        found += [f"line {node.lineno}: {name}" for name in names if name.split(".")[0] not in ALLOWED_IMPORTS]
    return found


def loops_over_points(source: str) -> list[str]:
    """Loops and comprehensions over the observations: over X itself, its length, N, or a row index named n."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.While):
            found.append(f"line {node.lineno}: while")
        elif isinstance(node, ast.For | ast.comprehension) and _over_points(node.target, node.iter):
            found.append(f"line {node.iter.lineno}: {ast.unparse(node.iter)}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"np.vectorize", "np.apply_along_axis", "map"}:
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


def _over_points(target: ast.expr, iterable: ast.expr) -> bool:
    names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
    if "n" in names:
        return True
    text = ast.unparse(iterable)
    rows = r"\b(N|n_samples|responsibilities|x)\b|\bX\b(?!\.shape\[[1-9]|\.T\b)|\bX\.shape\[0\]"
    return re.search(rows, re.sub(r"responsibilities(\.T\b|\.shape\[1\])", "", text)) is not None


def missing_docstrings(source: str) -> list[str]:
    """The module, classes and functions without a docstring."""
    tree = ast.parse(source)
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    return [
        getattr(node, "name", "module")
        for node in ast.walk(tree)
        if isinstance(node, documented) and not ast.get_docstring(node)
    ]


def missing_annotations(source: str) -> list[str]:
    """Functions with an argument or a result without a type."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if node.returns is None or any(argument.annotation is None for argument in arguments):
                found.append(node.name)
    return found


def unnumbered_statements(source: str) -> list[str]:
    """Statements of the numerical functions that compute, without an equation's number in a comment on their lines."""
    lines = source.splitlines()
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in _computing_statements(source)
        if not any(EQUATION.search(_comment(lines[number])) for number in range(node.lineno - 1, node.end_lineno or 0))
    ]


def equation_numbers(source: str) -> set[int]:
    """Every equation number that a comment in the module names."""
    return {int(number) for line in source.splitlines() for number in EQUATION.findall(_comment(line))}


def _comment(line: str) -> str:
    return line.partition("#")[2]


def _computing_statements(source: str) -> Iterator[ast.stmt]:
    own = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef) or function.name not in NUMERICAL:
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.AugAssign) or (
                isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and node.value and _computes(node.value, own)
            ):
                yield node


def _assigns_or_returns(node: ast.AST, own: set[str]) -> TypeGuard[ast.stmt]:
    """Whether the node is a statement whose value is computed."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return):
        return node.value is not None and _computes(node.value, own)
    return isinstance(node, ast.AugAssign)


def _computes(value: ast.expr, own: set[str]) -> bool:
    for node in ast.walk(value):
        if isinstance(node, ast.BinOp | ast.UnaryOp):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            if name not in _PLUMBING | own:
                return True
    return False
