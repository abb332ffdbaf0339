"""A short form of syntax trees, so that tests can say what they expect in a line."""

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

ENDS = {"(": ")", "[": "]", "{": "}", "|": "|", "||": "||", "<": ">"}


def show(node: Node | None) -> str:  # noqa: C901, PLR0912 - one case a node
    """Sums as (+ a)(- b), products as {a b}, quotients as <a / b>, scripts as x_a^b."""
    match node:
        case None:
            return "None"
        case Number(value=value):
            return str(value)
        case Name(text=text, style=style, accent=accent, word=word):
            name = f'"{text}"' if word else text
            name = f"{style}:{name}" if style else name
            return f"{accent}:{name}" if accent else name
        case Scripted(base=base, sub=sub, sup=sup, primes=primes):
            low = "" if sub is None else "_" + show(sub)
            high = "" if sup is None else "^" + show(sup)
            return show(base) + "'" * primes + low + high
        case Sum(terms=terms):
            return "".join(f"({sign} {show(term)})" for sign, term in terms)
        case Product(factors=factors, operators=operators):
            parts = [show(factors[0])]
            for operator, factor in zip(operators, factors[1:], strict=True):
                parts += [operator, show(factor)] if operator else [show(factor)]
            return "{" + " ".join(parts) + "}"
        case Quotient(numerator=numerator, denominator=denominator, inline=inline):
            return f"<{show(numerator)} {'//' if inline else '/'} {show(denominator)}>"
        case Big(kind=kind, lower=lower, upper=upper, body=body):
            bounds = ("" if lower is None else "_" + show(lower)) + ("" if upper is None else "^" + show(upper))
            return f"{kind}{bounds}~{show(body)}"
        case Fenced(kind=kind, body=body):
            return f"{kind}{show(body)}{ENDS[kind]}"
        case Given(left=left, right=right, sign=sign):
            return f"{show(left)} {sign} {show(right)}"
        case Items(items=items):
            return ", ".join(map(show, items))
        case Apply(function=function, argument=argument, power=power):
            raised = "" if power is None else "^" + show(power)
            return f"{function.text}{raised}@{show(argument)}"
        case Differentiate(body=body, by=by, order=order):
            return f"D{'' if order == 1 else order}[{', '.join(map(show, by))}]{'' if body is None else show(body)}"
        case Compared(left=left, relation=relation, right=right):
            return f"{show(left)} {relation} {show(right)}"
        case Braced(body=body, label=label):
            return f"braced<{show(body)}; {show(label)}>"
        case Table(kind=kind, rows=rows):
            return f"{kind}[" + "; ".join(" & ".join(map(show, row)) for row in rows) + "]"
        case Chain():
            return show_chain(node)
    raise TypeError(node)


def show_chain(chain: Chain) -> str:
    """A link, then sides with relations between them."""
    parts = [chain.link.value] if chain.link.value else []
    for place, side in enumerate(chain.sides):
        if place:
            parts.append(chain.relations[place - 1])
        if side is not None:
            parts.append(show(side))
    return ("BOX " if chain.boxed else "") + " ".join(parts)
