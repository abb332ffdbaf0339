"""Statements of generated code are paired with the equations that they compute."""

from pathlib import Path

from derive.rendering.code_html import highlighted
from derive.rendering.listing import pair

CODE = (Path(__file__).parent / "plain_module.py").read_text(encoding="utf-8")


def test_comments_behind_above_and_inside() -> None:
    paired = pair(CODE)
    assert sorted(paired) == [1, 2, 26, 38, 61]
    assert paired[26].function == "m_step"
    assert paired[26].text == "means = responsibilities.T @ np.ravel(X) / counts"
    assert paired[38].text.splitlines()[0] == "variances = ("
    assert paired[38].text.splitlines()[-1] == ")"


def test_one_statement_for_two_equations_and_blocks_by_their_heads() -> None:
    paired = pair(
        "def f(x):\n    for k in x:  # (3) each k\n        y = k  # (3) (4)\n        z = y\n    return y, z\n"
    )
    assert paired[3].text == "for k in x:  # (3) each k\n    y = k  # (3) (4)"
    assert paired[4].text == "for k in x:  # (3) each k\n    y = k  # (3) (4)"


def test_the_first_function_that_computes_an_equation_is_shown() -> None:
    assert pair("def f(x):\n    return x  # (5)\n\n\ndef g(x):\n    return f(x)  # (5)\n")[5].function == "f"


def test_numbers_in_strings_and_code_are_no_equations() -> None:
    assert pair('def f():\n    """See (7)."""\n    return (8)\n') == {}


def test_text_that_is_not_python() -> None:
    assert pair("def f(:\n") == {}
    assert pair("") == {}
    assert "&lt;b&gt;" in highlighted("<b> '''")


def test_markup_is_escaped_and_numbers_are_linked() -> None:
    assert highlighted("x = '<&>'  # (4) <i>") == (
        'x = <span class="s">&#x27;&lt;&amp;&gt;&#x27;</span>  '
        '<span class="c"># <a href="#eq-4">(4)</a> &lt;i&gt;</span>'
    )
