"""A generated module with the kernel inlined: one file that needs NumPy, SciPy and threadpoolctl, and nothing of ours.

The kernel's own source is what is inlined, file by file, without its imports from this package: there is no second
version of it that could differ.
"""

import ast
import inspect
import re
from collections import Counter

from derive.errors import LoweringError
from derive.runtime import letters, protocol
from derive.runtime.kernel import (
    arguments,
    blocks,
    buffers,
    cancellation,
    centred,
    checks,
    conditioning,
    featured,
    kernel,
    posterior,
    quadratic,
    sums,
    threads,
    whitening,
)
from derive.templating import render

QUOTES = '"' * 3
ABOUT = """
``fused_em_step`` is the fast iteration: ``em_step`` in one pass over the data, on all processors, in memory that does
not grow with their rows. For many iterations ``Kernel(sys.modules[__name__])`` keeps its buffers between them. This
file needs NumPy, SciPy and threadpoolctl; ``--fused`` writes it anew.
"""
TEMPLATE = "numpy/fused.py.jinja"
FILES = (
    letters,
    arguments,
    threads,
    blocks,
    buffers,
    cancellation,
    posterior,
    sums,
    featured,
    quadratic,
    whitening,
    centred,
    checks,
    conditioning,
    kernel,
)


def render_fused(module: str) -> str:
    """Return the text of one file from that of a generated module.

    Raises LoweringError where the two define the same name.
    """
    parts = [inspect.getsource(function).rstrip() for function in (protocol.plates, protocol.sample_weights)]
    parts += [_without_imports(inspect.getsource(file)) for file in FILES]
    defined = [name for part in (module, *parts) for name in _defined(part) if name != "em_step"]
    twice = sorted(name for name, times in Counter(defined).items() if times > 1)
    if twice:
        raise LoweringError(f"in one file with the kernel, these names would be defined twice: {', '.join(twice)}")
    head, body = _split(module)
    head = head.removesuffix(QUOTES) + ABOUT + QUOTES
    imports = _imports([module, *(inspect.getsource(file) for file in FILES)])
    kernel_text = "\n\n\n".join(parts)
    return render(TEMPLATE, head=head, imports=imports, body=body, kernel=_public(kernel_text))


def _split(text: str) -> tuple[str, str]:
    """The docstring, and what follows the imports."""
    tree = ast.parse(text)
    last = max(node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    lines = text.splitlines()
    end = tree.body[0].end_lineno or 0
    return "\n".join(lines[:end]), "\n".join(lines[last:]).strip("\n")


def _without_imports(text: str) -> str:
    """A file of the kernel: its docstring as a comment, then its definitions."""
    tree, lines = ast.parse(text), text.splitlines()
    dropped: set[int] = set()
    for node in tree.body:
        names = {target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)}
        if isinstance(node, ast.Import | ast.ImportFrom) or "Array" in names:
            dropped.update(range(node.lineno - 1, node.end_lineno or 0))
    docstring = tree.body[0].end_lineno or 0
    about = [f"# {line}".rstrip() for line in (ast.get_docstring(tree) or "").splitlines()]
    rest = [line for at, line in enumerate(lines) if at >= docstring and at not in dropped]
    return "\n".join([*about, "", *"\n".join(rest).strip("\n").splitlines()])


def _imports(texts: list[str]) -> list[str]:
    """All imports from elsewhere, each once, in the customary order."""
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    for text in texts:
        for node in ast.parse(text).body:
            if isinstance(node, ast.Import):
                plain |= {
                    f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "") for alias in node.names
                }
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("derive"):
                names.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
    plain.add("import sys")
    froms = [f"from {module} import {', '.join(sorted(found, key=_as_isort))}" for module, found in names.items()]
    ours = ("numpy", "scipy", "threadpoolctl")
    lines = sorted(plain) + sorted(froms)
    first = [line for line in lines if line.split()[1].split(".")[0] not in ours]
    second = [line for line in lines if line.split()[1].split(".")[0] in ours]
    return [*first, "", *second]


def _as_isort(name: str) -> tuple[bool, str]:
    return not name[0].isupper(), name.lower()


def _public(text: str) -> str:
    """The kernel's function takes the place of the module's: the one for modules gets a private name."""
    return re.sub(r"^def em_step\(", "def _em_step_of(", text, flags=re.MULTILINE)


def _defined(text: str) -> list[str]:
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign):
            found += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return found
