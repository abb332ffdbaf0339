"""A handed-in formula as MathML, which browsers typeset by themselves: no script, no fonts, nothing from a network.

It is written from the tree, so that a reader sees how the formula was read. Every text is escaped.
"""

from collections.abc import Sequence

from derive.checking.feedback.letters import ACCENTS, BIG, BRACKETS, LINKS, OPERATORS, letter, relation
from derive.checking.feedback.plain import plain
from derive.checking.feedback.views import safe
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

_THIN = '<mspace width="0.17em"/>'
_WIDE = '<mspace width="1.2em"/>'
_TALL = (Big, Quotient, Table, Differentiate, Braced)


def math(chains: Sequence[Chain], *, block: bool = True) -> str:
    """What a row states, as one element. block: on a line of its own, with fractions and bounds at full size."""
    body = ""
    for chain in chains:
        arrow = LINKS[chain.link]
        body += (_WIDE if body and not arrow else "") + (_sign(arrow) if arrow else "") + mathml(chain)
    style = ' display="block" displaystyle="true"' if block else ""
    return f"<math{style}><mrow>{body}</mrow></math>"


def mathml(node: Node) -> str:  # noqa: C901, PLR0912 - one case a node
    """The markup of a formula."""
    match node:
        case Number():
            return f"<mn>{safe(plain(node))}</mn>"
        case Name():
            return _name(node)
        case Scripted(base, sub, sup, primes):
            return _scripted(mathml(base), sub, _superscript(sup, primes))
        case Sum(terms):
            return _sum(terms)
        case Product(factors, operators):
            return _product(factors, operators)
        case Quotient(numerator, denominator, inline):
            if inline:
                return f'{mathml(numerator)}<mo lspace="0" rspace="0">/</mo>{mathml(denominator)}'
            return f"<mfrac>{_row(numerator)}{_row(denominator)}</mfrac>"
        case Big(kind, lower, upper, body):
            return _big(kind, lower, upper) + mathml(body)
        case Fenced(kind, body):
            return _fenced(kind, body)
        case Given(left, right, sign):
            return (
                f'{mathml(left)}<mo lspace="0.22em" rspace="0.22em" stretchy="false">{safe(sign)}</mo>{mathml(right)}'
            )
        case Items(items):
            return '<mo separator="true">,</mo>'.join(map(mathml, items))
        case Apply(function, argument, power):
            name = _name(function)
            if power is not None:
                name = f"<msup>{name}{_row(power)}</msup>"
            return name + ("" if isinstance(argument, Fenced) else _THIN) + mathml(argument)
        case Differentiate(body, by, order):
            return _derivative(body, by, order)
        case Compared(left, sign, right):
            return mathml(left) + _sign(relation(sign)) + mathml(right)
        case Braced(body, label):
            brace = f'<munder>{_row(body)}<mo stretchy="true">⏟</mo></munder>'
            return f"<munder>{brace}{_row(label)}</munder>" if label is not None else brace
        case Table(kind, rows):
            return _table(kind, rows)
        case Chain():
            return _chain(node)
    raise TypeError(type(node).__name__)


def _row(*nodes: Node) -> str:
    return f"<mrow>{''.join(map(mathml, nodes))}</mrow>"


def _sign(sign: str) -> str:
    return f"<mo>{safe(sign)}</mo>"


def _chain(chain: Chain) -> str:
    first, *others = chain.sides
    body = mathml(first) if first is not None else ""
    for sign, side in zip(chain.relations, others, strict=True):
        shown = "<mover><mo>=</mo><mo>!</mo></mover>" if sign == "set" else _sign(relation(sign))
        body += shown + (mathml(side) if side is not None else "")
    return f'<mrow class="boxed">{body}</mrow>' if chain.boxed else body


def _name(name: Name) -> str:
    shown = safe(letter(name))
    if name.word:
        element = f"<mtext>{shown}</mtext>"
    elif len(shown) == 1 and "Α" <= shown <= "Ω":
        element = f'<mi mathvariant="normal">{shown}</mi>'
    else:
        element = f"<mi>{shown}</mi>"
    if name.accent in ACCENTS:
        return f'<mover accent="true">{element}<mo stretchy="false">{ACCENTS[name.accent]}</mo></mover>'
    return element


def _superscript(sup: Node | None, primes: int) -> str:
    marks = f"<mo>{'′' * primes}</mo>" if primes else ""
    return marks + (mathml(sup) if sup is not None else "")


def _scripted(base: str, sub: Node | None, sup: str) -> str:
    base = f"<mrow>{base}</mrow>"
    if sub is not None:
        below = _row(sub)
        return f"<msubsup>{base}{below}<mrow>{sup}</mrow></msubsup>" if sup else f"<msub>{base}{below}</msub>"
    return f"<msup>{base}<mrow>{sup}</mrow></msup>" if sup else base


def _sum(terms: Sequence[tuple[str, Node]]) -> str:
    body = ""
    for sign, term in terms:
        shown = "−" if sign == "-" else safe(sign)
        if body:
            body += f'<mo form="infix">{shown}</mo>'
        elif sign != "+":
            body = f'<mo form="prefix">{shown}</mo>'
        body += mathml(term)
    return body


def _product(factors: Sequence[Node], operators: Sequence[str]) -> str:
    body = mathml(factors[0])
    for operator, before, factor in zip(operators, factors, factors[1:], strict=False):
        shown = OPERATORS.get(operator, operator)
        if shown:
            body += _sign(shown)
        elif _is_named(before) or _is_named(factor):
            body += _THIN
        body += mathml(factor)
    return body


def _is_named(node: Node) -> bool:
    """Whether it begins with the name of a function, or is a word: a thin space parts it from its neighbours."""
    return isinstance(node, Apply) or (isinstance(node, Name) and node.word)


def _big(kind: str, lower: Node | None, upper: Node | None) -> str:
    sign = BIG.get(kind, kind)
    base = f"<mo>{safe(sign)}</mo>" if len(sign) == 1 else f'<mo movablelimits="true">{safe(sign)}</mo>'
    pair = "sub", "sup"
    if kind != "int":
        pair = "under", "over"
    below, above = (_row(bound) if bound is not None else "" for bound in (lower, upper))
    if below and above:
        return f"<m{pair[0]}{pair[1]}>{base}{below}{above}</m{pair[0]}{pair[1]}>"
    if below:
        return f"<m{pair[0]}>{base}{below}</m{pair[0]}>"
    return f"<m{pair[1]}>{base}{above}</m{pair[1]}>" if above else base


def _fenced(kind: str, body: Node) -> str:
    left, right = BRACKETS.get(kind, (kind, kind))
    stretchy = str(_is_tall(body)).lower()
    sides = [
        f'<mo fence="true" form="{form}" stretchy="{stretchy}" lspace="0" rspace="0">{safe(mark)}</mo>'
        for form, mark in (("prefix", left), ("postfix", right))
    ]
    return f"<mrow>{sides[0]}{mathml(body)}{sides[1]}</mrow>"


def _is_tall(node: Node) -> bool:
    match node:
        case Quotient(inline=True):
            return False
        case Sum(terms):
            return any(_is_tall(term) for _, term in terms)
        case Product(factors):
            return any(map(_is_tall, factors))
        case Scripted(base=base):
            return _is_tall(base)
        case Fenced(body=body) | Apply(argument=body):
            return _is_tall(body)
    return isinstance(node, _TALL)


def _derivative(body: Node | None, by: Sequence[Node], order: int) -> str:
    if not by:
        return '<mi mathvariant="normal">∇</mi>' + (mathml(body) if body is not None else "")
    d = '<mo lspace="0" rspace="0">∂</mo>'
    top = f"<msup>{d}<mn>{order}</mn></msup>" if order > 1 else d
    variables = [mathml(variable) for variable in by]
    if order > 1 and len(by) == 1:
        variables = [f"<msup><mrow>{variables[0]}</mrow><mn>{order}</mn></msup>"]
    below = "".join(d + variable for variable in variables)
    if isinstance(body, Name | Scripted):
        return f"<mfrac><mrow>{top}{mathml(body)}</mrow><mrow>{below}</mrow></mfrac>"
    front = f"<mfrac><mrow>{top}</mrow><mrow>{below}</mrow></mfrac>"
    return front + (mathml(body) if body is not None else "")


def _table(kind: str, rows: Sequence[Sequence[Node]]) -> str:
    body = "".join("<mtr>" + "".join(f"<mtd>{_row(cell)}</mtd>" for cell in row) + "</mtr>" for row in rows)
    left, right = {"cases": ("{", ""), "pmatrix": ("(", ")"), "vmatrix": ("|", "|")}.get(kind, ("[", "]"))
    sides = [f'<mo fence="true" form="{form}">{mark}</mo>' for form, mark in (("prefix", left), ("postfix", right))]
    return f"<mrow>{sides[0]}<mtable>{body}</mtable>{sides[1] if right else ''}</mrow>"
