"""A handed-in formula as plain text in one line, for a terminal: ∂L/∂μ_k = ∑_n γ_nk Σ_k⁻¹ (x_n − μ_k)."""

from collections.abc import Sequence
from fractions import Fraction

from derive.checking.feedback.letters import BIG, BRACKETS, COMBINING, LINKS, OPERATORS, letter, relation
from derive.checking.parsing.tree import (
    Apply,
    Big,
    Braced,
    Chain,
    Compared,
    Differentiate,
    Fenced,
    Given,
    Items,
    Name,
    Node,
    Number,
    Product,
    Quotient,
    Scripted,
    Sum,
    Table,
)

_RAISED = str.maketrans("0123456789−T⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀᵀ")
_VULGAR = {Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔", Fraction(1, 4): "¼", Fraction(3, 4): "¾"}
_ATOMS = (Number, Name, Scripted, Fenced, Apply, Table)


def chains(stated: Sequence[Chain]) -> str:
    """What a row states, its statements in order."""
    text = ""
    for chain in stated:
        arrow = LINKS[chain.link]
        gap = (f" {arrow} " if text else f"{arrow} ") if arrow else ", " if text else ""
        text += gap + _chain(chain)
    return text.strip()


def plain(node: Node) -> str:  # noqa: C901, PLR0912 - one case a node
    """The text of a formula."""
    match node:
        case Number(value):
            return _number(value)
        case Name():
            return _name(node)
        case Scripted(base, sub, sup, primes):
            raised = "′" * primes + (_raised(plain(sup)) if sup is not None else "")
            return _atom(base) + (_lowered(plain(sub)) if sub is not None else "") + raised
        case Sum(terms):
            return _sum(terms)
        case Product(factors, operators):
            return _product(factors, operators)
        case Quotient(Number(above), Number(below)) if (
            below and above == (above / below).numerator and above / below in _VULGAR
        ):
            return _VULGAR[above / below]
        case Quotient(numerator, denominator):
            slash = "/" if isinstance(numerator, _ATOMS) and isinstance(denominator, _ATOMS) else " / "
            return f"{_factor(numerator)}{slash}{_atom(denominator)}"
        case Big(kind, lower, upper, body):
            bounds = (_lowered(plain(lower)) if lower is not None else "") + (
                f"^{_group(plain(upper))}" if upper is not None else ""
            )
            return f"{BIG.get(kind, kind)}{bounds} {_bracketed(body) if isinstance(body, Sum) else plain(body)}"
        case Fenced(kind, body):
            left, right = BRACKETS.get(kind, (kind, kind))
            return f"{left}{plain(body)}{right}"
        case Given(left_side, right_side, sign):
            return f"{plain(left_side)} {sign} {plain(right_side)}"
        case Items(items):
            return ", ".join(map(plain, items))
        case Apply(function, argument, power):
            name = _name(function) + (_raised(plain(power)) if power is not None else "")
            return name + ("" if isinstance(argument, Fenced) else " ") + plain(argument)
        case Differentiate(body, by, order):
            return _derivative(body, by, order)
        case Compared(left_side, sign, right_side):
            return f"{plain(left_side)}{relation(sign)}{plain(right_side)}"
        case Braced(body, label):
            return plain(body) + (f" {{{plain(label)}}}" if label is not None else "")
        case Table(_, rows):
            return "[" + "; ".join(", ".join(map(plain, row)) for row in rows) + "]"
        case Chain():
            return _chain(node)
    raise TypeError(type(node).__name__)


def _chain(chain: Chain) -> str:
    first, *others = chain.sides
    text = plain(first) if first is not None else ""
    for sign, side in zip(chain.relations, others, strict=True):
        text += f" {relation(sign)} {plain(side) if side is not None else ''}"
    return f"⟦ {text.strip()} ⟧" if chain.boxed else text.strip()


def _name(name: Name) -> str:
    return letter(name) + COMBINING.get(name.accent, "")


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    decimal = float(value)
    return f"{decimal:g}" if Fraction(str(decimal)) == value else f"{value.numerator}/{value.denominator}"


def _sum(terms: Sequence[tuple[str, Node]]) -> str:
    text = ""
    for sign, term in terms:
        shown = "−" if sign == "-" else sign
        inner = _bracketed(term) if isinstance(term, Sum) and sign == "-" else plain(term)
        text += f" {shown} {inner}" if text else ("" if sign == "+" else shown) + inner
    return text


def _product(factors: Sequence[Node], operators: Sequence[str]) -> str:
    text = _factor(factors[0], last=False)
    for i, (operator, before, factor) in enumerate(zip(operators, factors, factors[1:], strict=False), 2):
        shown = OPERATORS.get(operator, operator)
        close = isinstance(factor, Fenced) and _is_close(before, factor)
        text += (f" {shown} " if shown else "" if close else " ") + _factor(factor, last=i == len(factors))
    return text


def _is_close(before: Node, factor: Fenced) -> bool:
    """No blank between (a)(b), nor between the name of a density and its arguments: 𝒩(x | μ, Σ)."""
    return isinstance(before, Fenced) or isinstance(factor.body, Given | Items)


def _derivative(body: Node | None, by: Sequence[Node], order: int) -> str:
    if not by:
        return "∇" + (f" {_factor(body)}" if body is not None else "")
    power = str(order).translate(_RAISED) if order > 1 else ""
    below = "".join(f"∂{_atom(variable)}" for variable in by) + (power if len(by) == 1 else "")
    if len(by) > 1:
        below = f"({below})"
    if isinstance(body, Name | Scripted):
        return f"∂{power}{plain(body)}/{below}"
    return f"∂{power}/{below}" + (f" {_factor(body)}" if body is not None else "")


def _factor(node: Node, *, last: bool = True) -> str:
    """As a factor: a sum in brackets, and so a quotient that others follow."""
    text = plain(node)
    return f"({text})" if isinstance(node, Sum) or (isinstance(node, Quotient) and not last and "/" in text) else text


def _atom(node: Node) -> str:
    """As a base or below a slash: whatever has parts in brackets."""
    return plain(node) if isinstance(node, _ATOMS) else _bracketed(node)


def _bracketed(node: Node) -> str:
    return f"({plain(node)})"


def _lowered(text: str) -> str:
    joined = text.replace(" ", "")
    return f"_{joined}" if joined.isalnum() else f"_{{{text}}}"


def _raised(text: str) -> str:
    if all(ord(char) in _RAISED for char in text):
        return text.translate(_RAISED)
    return f"^{_group(text)}"


def _group(text: str) -> str:
    return text if len(text) == 1 else f"({text})"
