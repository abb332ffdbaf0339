"""A derivation as a Jupyter notebook: the steps, the generated code, and EM on real data by that code.

Cells have fixed ids and no outputs, so that the file is the same each time. A committed module is imported; the code of
a user's own model is written into a cell, and the notebook's own namespace serves as the module.
"""

import json
from collections.abc import Iterator
from typing import Any

import nbformat

from derive import templating
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.proof import Derivation
from derive.rendering import markdown
from derive.rendering.document import Document, document
from derive.rendering.references import described

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
V4: Any = nbformat.v4  # its functions have no types
COLUMNS = ("eruption (minutes)", "waiting time (minutes)")


def notebook(derivation: Derivation, code: str, *, module: str | None = None, digest: str = "") -> str:
    """The notebook as JSON text.

    code: the generated module. module: its import name, such as "derive.generated.gaussian_full"; None writes the code
    into a cell instead.
    """
    shown = document(derivation, code=code, digest=digest)
    cells = [*_derivation(shown), *_code(code, module), *_fit(derivation), *_references(shown)]
    made = V4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
    nbformat.validate(made)
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _derivation(shown: Document) -> Iterator[Any]:
    title = f"# EM for `{shown.model}`\n\n{markdown.inline(shown.summary)}\n\n{shown.headline}."
    yield V4.new_markdown_cell(title, id="title")
    for part in shown.parts:
        yield V4.new_markdown_cell(markdown.part_text(part), id=part.anchor)
    if shown.uses_roots:
        yield V4.new_markdown_cell(markdown.ROOTS, id="roots")


def _code(code: str, module: str | None) -> Iterator[Any]:
    words = "## Generated code\n\nThe numbers in its comments are those of the equations above."
    if module is None:
        yield V4.new_markdown_cell(words, id="code")
        yield V4.new_code_cell(code.rstrip(), id="code-module")
        yield V4.new_code_cell("import __main__ as em  # the functions defined above", id="import")
    else:
        yield V4.new_markdown_cell(f"{words}\n\n```python\n{code.rstrip()}\n```", id="code")
        yield V4.new_code_cell(f"import {module} as em", id="import")


def _fit(derivation: Derivation) -> Iterator[Any]:
    families = _families(derivation.log_joint.value)
    known = sorted(family.code or family.name for family in families if family.role is Role.KNOWN)
    data = [family for family in families if family.role is Role.DATA]
    if known or len(data) != 1 or not (data[0].shape.is_scalar or data[0].shape.is_column):
        constants = f"the known constant{'s' * (len(known) > 1)} `{'`, `'.join(known)}`"
        needs = constants if known else "data of another shape than a table"
        yield V4.new_markdown_cell(f"## EM on data\n\nThe model needs {needs}: call `em.em_step` with them.", id="fit")
        return
    scalar = data[0].shape.is_scalar
    yield V4.new_markdown_cell(
        "## EM on real data\n\nOld Faithful: 272 eruptions of the geyser in Yellowstone (Azzalini and Bowman 1990).",
        id="fit",
    )
    yield _cell("data", scalar=scalar, columns=json.dumps(COLUMNS[:1] if scalar else COLUMNS))
    yield _cell("fit")
    words = "No iteration lowers the log-likelihood by more than rounding, from a blurred start:"
    yield V4.new_markdown_cell(words, id="monotone-words")
    yield _cell("monotone")
    yield V4.new_markdown_cell("The clusters and the log-likelihood by iteration:", id="picture-words")
    yield _cell("picture")


def _cell(name: str, **values: object) -> Any:  # noqa: ANN401 - nbformat has no types
    text = templating.render(f"notebook/{name}.py.jinja", **values)
    return V4.new_code_cell(text.strip(), id=f"run-{name}")


def _references(shown: Document) -> Iterator[Any]:
    if shown.works:
        listed = "\n".join(f"- {markdown.escaped(described(work))}" for work in shown.works)
        yield V4.new_markdown_cell(f"## References\n\n{listed}", id="references")


def _families(expr: Expr) -> frozenset[Family]:
    here = frozenset((expr.family,)) if isinstance(expr, Symbol) else frozenset()
    return here.union(*map(_families, expr.children))
