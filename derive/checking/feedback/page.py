"""A self-contained page: inline style, MathML, no script, nothing loaded from anywhere.

A hand-in is hostile until shown otherwise. Every text is escaped, and the page's own policy forbids the browser
scripts, forms, frames and requests, in case that one was forgotten.
"""

import base64
import hashlib
from collections.abc import Sequence

from derive import templating
from derive.checking.feedback.views import PageView, safe

STYLES = (
    "html/colours.css.jinja",
    "html/feedback/page.css.jinja",
    "html/feedback/rows.css.jinja",
    "html/feedback/media.css.jinja",
)


def page(title: str, sections: Sequence[str], lead: str = "", styles: Sequence[str] = STYLES) -> str:
    """The text of a page. title, lead: plain text. sections: finished markup, as `derivation_section` makes it."""
    style = "\n".join(templating.render(name).strip() for name in styles)
    view = PageView(safe(title), safe(lead), _policy(style), style, tuple(sections))
    return templating.render("html/feedback/page.html.jinja", page=view)


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
