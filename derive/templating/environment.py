"""Templates by name, filled with frozen views of finished strings. A variable that is missing is an error."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

_PACKAGE = "derive.templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, ""),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - what is rendered is Python and text; HTML views escape their own strings
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **views: object) -> str:
    """Return a template's text, such as that of ``numpy/module.py.jinja``, with the given views in it."""
    return _environment().get_template(template).render(**views)
