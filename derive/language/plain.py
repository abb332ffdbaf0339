"""Formulas as a line of plain text, for messages: ``x_n - mu_k``, ``Sigma_k^-1``, ``sum_n gamma_nk (y_n - a_k)^2``."""

from derive.language.beyond import Beyond
from derive.language.calculus_nodes import At, Derivative, Named
from derive.language.excess import Excess
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, Zero
from derive.language.family import Family, Symbol
from derive.language.functions import Constant, DiagonalPart, Exp, Inverse, Log, LogDet, Size, Sum, Trace
from derive.language.index import Index
from derive.language.indicator import Support
from derive.language.integral import LogIntegral, PosteriorMean
from derive.language.joint import JointRoot, JointSecondDifferential
from derive.language.numbered import Cases, Ordinal
from derive.language.reductions import Extreme, Quantile
from derive.language.root_of import RootOf
from derive.language.special import SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.language.tree import Tree, plain
from derive.language.width import Width

FUNCTIONS: dict[type[Expr], str] = {
    Log: "log",
    Exp: "exp",
    LogDet: "logdet",
    Trace: "trace",
    DiagonalPart: "diagonal_part",
}
BARE = (
    Symbol | Extreme | Quantile | Size | Constant | Identity | Zero | Named | SpecialFunction | Ordinal | Cases | Beyond
)
LOOSE = (Add, Excess, Width, Sum, Derivative, At)


def member(family: Family, indices: tuple[Index, ...]) -> str:
    """Return ``Sigma_k^-1`` for a member of a family of inverses, ``mu_k`` for others, ``b_n,k2`` for long indices."""
    if family.inverse_of is not None:
        return f"{member(family.inverse_of, indices)}^-1"
    if family.differential_of is not None:
        return f"d{member(family.differential_of, indices)}"
    names = [index.name for index in indices]
    below = ("" if all(len(name) == 1 for name in names) else ",").join(names)
    return f"{family.name}_{below}" if below else family.name


def _factor(expr: Tree) -> str:
    """Return the text of a factor of a product."""
    return f"({expr})" if isinstance(expr, LOOSE) else str(expr)


def _atom(expr: Tree) -> str:
    """Return the text of what is raised to a power or transposed."""
    bare = isinstance(expr, BARE) or type(expr) in FUNCTIONS
    whole = isinstance(expr, Number) and expr.value >= 0 and expr.value.denominator == 1
    inverted = isinstance(expr, Symbol) and expr.family.inverse_of is not None
    return str(expr) if (bare or whole) and not inverted else f"({expr})"


@plain.register
def _symbol(expr: Symbol) -> str:
    return member(expr.family, expr.indices)


@plain.register
def _named(expr: Named) -> str:
    return expr.name


@plain.register
def _constant(expr: Constant) -> str:
    return expr.name


@plain.register
def _size(expr: Size) -> str:
    return expr.extent.name


@plain.register
def _ordinal(expr: Ordinal) -> str:
    return expr.index.name


@plain.register
def _cases(expr: Cases) -> str:
    given = (f"{value} for {expr.index} = {number}" for number, value in zip(expr.numbers, expr.values, strict=True))
    return f"{{{', '.join(given)}, else {expr.otherwise}}}"


@plain.register
def _beyond(expr: Beyond) -> str:
    base = expr.index.size.base
    given = (f"{value} for {expr.index} = {base} + {m + 1}" for m, value in enumerate(expr.values))
    return f"{{{expr.otherwise} for {expr.index} <= {base}, {', '.join(given)}}}"


@plain.register
def _identity(_: Identity) -> str:
    return "I"


@plain.register
def _zero(_: Zero) -> str:
    return "0"


@plain.register
def _add(expr: Add) -> str:
    shown = list(map(str, expr.terms))
    leading = next((term for term in shown if not term.startswith("-")), shown[0])  # 1 - x, never -x + 1
    shown.remove(leading)
    first, *rest = leading, *shown
    return first + "".join(f" - {term[1:]}" if term.startswith("-") else f" + {term}" for term in rest)


@plain.register
def _mul(expr: Mul) -> str:
    number = expr.factors[0].value if isinstance(expr.factors[0], Number) else 1
    others = [factor for factor in expr.factors if not isinstance(factor, Number)]
    above = [factor for factor in others if not (isinstance(factor, Power) and factor.exponent == -1)]
    below = [_atom(factor.base) for factor in others if isinstance(factor, Power) and factor.exponent == -1]
    shown = [str(abs(number.numerator))] if abs(number.numerator) != 1 or not above else []
    below = ([str(number.denominator)] if number.denominator != 1 else []) + below
    shown += [str(f) if isinstance(f, Sum) and f is others[-1] and not below else _factor(f) for f in above]
    divisor = f"({' '.join(below)})" if len(below) > 1 else "".join(below)
    return ("-" if number < 0 else "") + " ".join(shown) + (f" / {divisor}" if divisor else "")


@plain.register
def _word(expr: Word) -> str:
    return " ".join(map(_factor, expr.letters))


@plain.register
def _power(expr: Power) -> str:
    whole = expr.exponent.denominator == 1
    return f"{_atom(expr.base)}^{expr.exponent}" if whole else f"{_atom(expr.base)}^({expr.exponent})"


@plain.register
def _symbolic_power(expr: SymbolicPower) -> str:
    return f"{_atom(expr.base)}^{_atom(expr.exponent)}"


@plain.register
def _width(expr: Width) -> str:
    return str(expr.definition)


@plain.register
def _excess(expr: Excess) -> str:
    return str(expr.definition)


@plain.register
def _support(expr: Support) -> str:
    return f"support({expr.smaller} <= {expr.larger})"


@plain.register
def _extreme(expr: Extreme) -> str:
    which = "max" if expr.largest else "min"
    return f"{which}_{expr.index}({expr.value} where {expr.weight} > 0)"


@plain.register
def _quantile(expr: Quantile) -> str:
    return f"quantile_{expr.index}({expr.value} by {expr.weight}, at {expr.level})"


@plain.register
def _special(expr: SpecialFunction) -> str:
    return f"{expr.title}({', '.join(map(str, expr.children))})"


@plain.register
def _transpose(expr: Transpose) -> str:
    return f"{_atom(expr.arg)}'"


@plain.register
def _inverse(expr: Inverse) -> str:
    return f"{_atom(expr.arg)}^-1"


@plain.register
def _sum(expr: Sum) -> str:
    body = f"({expr.body})" if isinstance(expr.body, Add) else str(expr.body)
    return f"sum_{expr.index} {body}"


@plain.register
def _root(expr: RootOf) -> str:
    return f"root[{expr.slope} = 0 in {expr.unknown}]"


@plain.register
def _joint_root(expr: JointRoot) -> str:
    equations = ", ".join(f"{slope} = 0" for slope in expr.slopes)
    return f"{expr.unknown} in the root of [{equations}]"


@plain.register
def _joint_second(expr: JointSecondDifferential) -> str:
    return f"d^2[{expr.body}]"


@plain.register
def _integral(expr: LogIntegral) -> str:
    return f"log integral[exp({expr.body}) d{expr.over}]"


@plain.register
def _mean(expr: PosteriorMean) -> str:
    return f"mean[{expr.value} over {expr.over}]"


@plain.register
def _derivative(expr: Derivative) -> str:
    return f"d[{expr.body}] / d{expr.symbol}"


@plain.register
def _at(expr: At) -> str:
    return f"[{expr.body} at {expr.symbol} = {expr.value}]"


@plain.register(Log)
@plain.register(Exp)
@plain.register(LogDet)
@plain.register(Trace)
@plain.register(DiagonalPart)
def _function(expr: Expr) -> str:
    return f"{FUNCTIONS[type(expr)]}({expr.children[0]})"
