"""Texts of changes: read by a grammar of their own, exact, with the place of what is wrong."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import NEW_LINE, DeriveError, InputError
from derive.models.changes import fix, prior, tie
from derive.models.reading import Binary, Call, Member, Name, Negative, Node, Numeral, parse
from tests.proof.derivations import mixture


def shown(node: Node | None) -> str:
    match node:
        case Numeral(_, value):
            return str(value)
        case Name(_, name):
            return name
        case Member(_, name, index):
            return f"{name}[{shown(index)}]"
        case Call(_, name, arguments):
            return f"{name}({', '.join(map(shown, arguments))})"
        case Negative(_, arg):
            return f"-{shown(arg)}"
        case Binary(_, sign, left, right):
            return f"({shown(left)} {sign} {shown(right)})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 + 2*x", "(1 + (2 * x))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b / c", "((a / b) / c)"),
        ("-x^2", "-(x ^ 2)"),
        ("2^-3", "(2 ^ -3)"),
        ("2**3^2", "(2 ^ (3 ^ 2))"),
        ("--x", "x"),
        ("-+-+- x", "-x"),
        ("(a + b)*mu[k]", "((a + b) * mu[k])"),
        ("f(a, g(b), 1.5)", "f(a, g(b), 3/2)"),
        (".5", "1/2"),
        ("0.1", "1/10"),
        ("σ²" if "σ²".isidentifier() else "σ", "σ"),
    ],
)
def test_formulas_are_read_as_they_are_meant(text: str, meant: str) -> None:
    assert shown(parse(text).left) == meant


def test_numbers_are_exact() -> None:
    read = parse("0.30000000000000000001").left
    assert isinstance(read, Numeral)
    assert read.value == Fraction(30000000000000000001, 10**20)


def test_both_sides_of_a_statement() -> None:
    read = parse("mu, Sigma ~ f(1)")
    assert (shown(read.left), [shown(node) for node in read.more], read.relation) == ("mu", ["Sigma"], "~")
    assert parse("mu").relation == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("mu[2", "at its end"),
        ("", "at its end"),
        ("a b", "at 'b', character 3"),
        ("a == b", "at '=', character 4"),
        ("a; b", "at ';', character 2"),
        ("f(1,)", "at ')', character 5"),
        ("1e5", "at 'e5', character 2"),
        ("a, b = 1", "at '=', character 6"),
        ("'a'", "character 1"),
        ("a\\b", "character 2"),
        ("(" * 60 + "1" + ")" * 60, "nested too deep"),
        ("2" * 40, "a number may have 30 digits"),
        ("x" * 501, "501 characters is too long"),
    ],
)
def test_what_is_not_understood_is_said_with_its_place(text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    message, *excerpt = str(caught.value).split(NEW_LINE)
    assert place in message
    assert len(excerpt) in {0, 2}  # the text, and a caret below the place
    assert "\n" not in message


WORDS = (
    "mu Sigma pi sigma2 means x k K D n I a b 0 1 2 3 0.5 [ ] ( ) + - * / ^ ** , = ~ log exp inverse dirichlet normal "
    "__import__ eval lambda os . ' \" ; : \\ # $ @ ! é λ 9999999999 1/0 [1] [2] [k] mu[1] mu[2] Sigma[k]"
)
PIECES = st.sampled_from(WORDS.split())
ANY = st.one_of(
    st.text(max_size=40), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=8).map("".join)
)


@given(ANY)
def test_any_text_gives_a_model_or_one_clear_line(text: str) -> None:
    for change in (fix, tie, prior):
        try:
            changed = change(mixture("gaussian-full"), text)
        except DeriveError as error:
            said = str(error)
        else:
            said = changed.summary
            assert changed.parameters
        assert said


@pytest.mark.parametrize(
    "text",
    [
        "mu = __import__('os').system('true')",
        "mu = open('/etc/passwd').read()",
        "mu[k] = (lambda: 0)()",
        "mu = a.__class__",
        "mu = f'{1}'",
        "pi ~ eval(2)",
        "mu = 9^64^64",
        "sigma2 = ((9^64)^64)^64",
        "sigma2[k] = 0^-1",
        "sigma2 = 1/0",
        "sigma2 = log(0)",
    ],
)
def test_nothing_is_run(text: str) -> None:
    for change in (fix, tie, prior):
        with pytest.raises(DeriveError):
            change(mixture("gaussian-1d"), text)
