"""Rules on source that no linter has; each takes a syntax tree and yields one line for every breach."""

import ast
from collections import Counter
from collections.abc import Collection, Iterator

OWN = "derive"
#: These turn text into code, or call something that does.
TEXT_TO_CODE = frozenset({"eval", "exec", "lambdify", "parse_expr", "sympify"})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def imported_modules(node: ast.AST) -> tuple[str, ...]:
    """The modules that an import statement names; for any other node, none. A relative import starts with a dot."""
    if isinstance(node, ast.Import):
        return tuple(alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        # `from derive import generated` names the module derive.generated as much as `import derive.generated` does
        return (base, *(f"{base}.{alias.name}" for alias in node.names))
    return ()


def is_own(module: str) -> bool:
    """Whether the module belongs to this package."""
    return module == OWN or module.startswith((".", OWN + "."))


def called_name(node: ast.Call) -> str:
    """The last part of what is called: `b` of `a.b()`; empty for anything else."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def hidden_imports(tree: ast.Module) -> Iterator[str]:
    """Imports of the own package inside functions: they hide an edge, most often a cycle."""
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    lines = {
        inner.lineno
        for function in functions
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom) and is_own(imported_modules(inner)[0])
    }
    yield from (f"line {line}: import of the own package inside a function" for line in sorted(lines))


def dynamic_imports(tree: ast.Module) -> Iterator[str]:
    """Imports by a name made at run time, which neither a reader nor import-linter can follow."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node) in {"import_module", "__import__"}:
            yield f"line {node.lineno}: {called_name(node)}()"


def text_to_code(tree: ast.Module) -> Iterator[str]:
    """Any mention of a function that evaluates text, under whichever name it is called later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in TEXT_TO_CODE:
            yield f"line {node.lineno}: {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in TEXT_TO_CODE:
            yield f"line {node.lineno}: .{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            yield from (f"line {node.lineno}: import of {a.name}" for a in node.names if a.name in TEXT_TO_CODE)
        elif isinstance(node, ast.Call) and called_name(node) == "S":
            yield f"line {node.lineno}: S() is sympify"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "compile":
            yield f"line {node.lineno}: compile()"


def keyed_on_names(tree: ast.Module, names: Collection[str]) -> Iterator[str]:
    """String constants that are a model's name, or a family's (`gaussian`): behaviour follows from the description.

    Names that are Greek letters too (a gamma, a beta) cannot be told from these.
    """
    firsts = Counter(name.split("-")[0] for name in names if "-" in name)
    known = {*names, *(first for first, count in firsts.items() if count > 1)} - {"alpha", "beta", "gamma"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.lower().removesuffix(".py").replace("_", "-").strip("- ")
            if text in known:
                yield f"line {node.lineno}: {node.value!r}"


def imports_of(tree: ast.Module, package: str) -> Iterator[str]:
    """Import statements that name the package or a module in it."""
    for node in ast.walk(tree):
        for module in imported_modules(node):
            if module == package or module.startswith(package + "."):
                yield f"line {getattr(node, 'lineno', 0)}: {module}"
                break
