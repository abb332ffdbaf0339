"""Expressions in one line of Unicode, for docstrings and comments of generated code: ``γ_nk (x_n - μ_k)``."""

import re
from fractions import Fraction

from derive.language.atom import PointMass
from derive.language.beyond import Beyond
from derive.language.calculus_nodes import Named
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, add
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Constant, DiagonalPart, Exp, Inverse, Log, LogDet, Size, Sum, Trace
from derive.language.index import Index
from derive.language.indicator import Support
from derive.language.joint import JointRoot
from derive.language.numbered import Cases, Ordinal
from derive.language.reductions import Extreme, Quantile
from derive.language.root_of import RootOf
from derive.language.special import Absolute, BesselRatio, LogBesselI, LogGamma, PolyGamma, SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.language.width import Width
from derive.lowering.axis import Axis

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda lamda mu nu xi pi rho sigma tau phi chi psi"
_UPPER = "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
ALIASES = {"lam": "λ", "eps": "ε"}
GREEK = ALIASES | dict(zip(f"{_LOWER} {_UPPER}".split(), "αβγδεζηθικλλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ", strict=True))
SUPERSCRIPTS = str.maketrans("0123456789-/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᐟ")
_WORD = re.compile("[A-Za-z]+")
SUM, PRODUCT, POWER, ATOM = range(4)
HALF = Number(Fraction(1, 2))


def unicode(expr: Expr) -> str:
    """Return the expression as text."""
    return _spelled(expr)[0]


def name_of(family: Family) -> str:
    """Return a family's name with Greek letters, digits at its end raised: sigma2 becomes σ²."""
    word, underscore, below = family.name.partition("_")
    head = word.rstrip("0123456789")
    tail = word[len(head) :]
    return GREEK.get(head, head) + tail.translate(SUPERSCRIPTS) + underscore + below


def symbol(target: Symbol) -> str:
    """Return a symbol with its indices: μ_k, γ_nk."""
    indices = "".join(index.name for index in target.indices)
    return name_of(target.family) + (f"_{indices}" if indices else "")


def _within(expr: Expr, level: int) -> str:
    text, own = _spelled(expr)
    return text if own >= level else f"({text})"


def _spelled(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0912 - one case a node
    match expr:
        case Number(value):
            return str(value), ATOM if value.denominator == 1 and value >= 0 else PRODUCT
        case Constant(name):
            return GREEK.get(name, name), ATOM
        case Size(extent):
            return extent.name, ATOM
        case Ordinal(index):
            return index.name, ATOM
        case Cases(index, numbers, values, otherwise):
            given = (f"{unicode(value)} for {index.name} = {at}" for at, value in zip(numbers, values, strict=True))
            return f"{{{', '.join(given)}, else {unicode(otherwise)}}}", ATOM
        case Beyond(index, values, otherwise):
            base = index.size.base
            given = (f"{unicode(value)} for {index.name} = {base} + {m + 1}" for m, value in enumerate(values))
            return f"{{{unicode(otherwise)} for {index.name} ≤ {base}, {', '.join(given)}}}", ATOM
        case Symbol():
            return symbol(expr), ATOM
        case Named(name, _, _):
            return _WORD.sub(lambda word: GREEK.get(word[0], word[0]), name), ATOM
        case Add(terms):
            return _sum(terms), SUM
        case Mul(factors):
            return _product(factors), PRODUCT
        case Word(letters):
            return " ".join(_within(letter, POWER) for letter in letters), PRODUCT
        case Power(base, exponent) if exponent < 0:
            return "1/" + _within(Power(base, -exponent) if exponent != -1 else base, POWER), PRODUCT
        case Power(base, exponent) if exponent == Fraction(1, 2):
            return f"√{_within(base, ATOM)}", POWER
        case Power(base, exponent):
            return _within(base, ATOM) + str(exponent).translate(SUPERSCRIPTS), POWER
        case Transpose(arg):
            return _within(arg, ATOM) + "ᵀ", POWER
        case Inverse(arg):
            return _within(arg, ATOM) + "⁻¹", POWER
        case Identity():
            return "I", ATOM
        case Log(arg):
            return "log" + _argument(arg), PRODUCT
        case Exp(arg):
            return f"exp({unicode(arg)})", ATOM
        case LogDet(arg):
            return "log det" + _argument(arg), PRODUCT
        case Width():
            return _spelled(expr.definition)
        case Extreme(index, value, weight, largest):
            which = "max" if largest else "min"
            where = "" if isinstance(weight, Number) else f" : {unicode(weight)} > 0"
            return f"{which}_{index.name}{{{unicode(value)}{where}}}", ATOM
        case Quantile(index, value, weight, level):
            name = "median" if level == HALF else "quantile"
            at = "" if level == HALF else f", level {unicode(level)}"
            return f"{name}_{index.name}({unicode(value)}; weights {unicode(weight)}{at})", ATOM
        case JointRoot(unknown, _, slopes):
            equations = ", ".join(f"{unicode(slope)} = 0" for slope in slopes)
            return f"{symbol(unknown)} in the root of {equations}", SUM
        case RootOf(unknown, slope):
            return f"root of {unicode(slope)} = 0 in {symbol(unknown)}", SUM
        case Trace(arg):
            return f"tr({unicode(arg)})", ATOM
        case DiagonalPart(arg):
            return f"diag({unicode(arg)})", ATOM
        case SpecialFunction():
            return _special(expr), ATOM
        case SymbolicPower(base, exponent):
            return f"{_within(base, ATOM)}^{_within(exponent, ATOM)}", POWER
        case Sum(index, Symbol() as body) if _counts(index, body):
            return f"N_{body.indices[-1]}", ATOM
        case Sum(index, body):
            return f"∑_{index.name} " + _within(body, PRODUCT), PRODUCT
    return expr.key, ATOM


def _special(expr: SpecialFunction) -> str:
    shown = ", ".join(map(unicode, expr.children))
    match expr:
        case LogGamma():
            return f"log Γ({shown})"
        case PolyGamma(order, _):
            return f"ψ{chr(39) * order if order < 4 else f'^({order})'}({shown})"
        case LogBesselI(order, arg):
            return f"log I_{_within(order, ATOM)}({unicode(arg)})"
        case BesselRatio(order, arg):
            return f"I_{_within(add(order, 1), ATOM)}({unicode(arg)})/I_{_within(order, ATOM)}({unicode(arg)})"
        case Absolute():
            return f"|{shown}|"
        case PointMass(value, point):
            return f"log 𝟙[{unicode(value)} = {unicode(point)}]"
        case Support(smaller, larger):
            return f"log 𝟙[{unicode(smaller)} ≤ {unicode(larger)}]"
    return f"{expr.title}({shown})"


def _argument(arg: Expr) -> str:
    text = _within(arg, POWER)
    return text if text.startswith("(") else " " + text


def _sum(terms: tuple[Expr, ...]) -> str:
    text = ""
    parts = [_within(term, PRODUCT) for term in terms]
    leading = next((part for part in parts if not part.startswith("-")), parts[0])  # 1 - x, never -x + 1
    parts.remove(leading)
    for part in (leading, *parts):
        if not text:
            text = part
        else:
            text += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
    return text


def _product(factors: tuple[Expr, ...]) -> str:
    sign, above, below = "", list[str](), list[str]()
    for at, factor in enumerate(factors):
        last = at == len(factors) - 1
        match factor:
            case Number(value):
                sign = "-" if value < 0 else ""
                if abs(value) == Fraction(1, 2):
                    above.append("½")
                    continue
                above += [str(abs(value).numerator)] if abs(value).numerator != 1 else []
                below += [str(value.denominator)] if value.denominator != 1 else []
            case Power(base, exponent) if exponent < 0:
                below.append(_within(base if exponent == -1 else Power(base, Fraction(-exponent)), POWER))
            case _:
                above.append(_within(factor, PRODUCT if last or isinstance(factor, Word) else POWER))
    if not below:
        return sign + " ".join(above)
    divisor = below[0] if len(below) == 1 else f"({' '.join(below)})"
    if above and not any(" " in part and not part.startswith("(") for part in above):
        return f"{sign}{' '.join(above)}/{divisor}"
    return sign + " ".join([f"1/{divisor}", *above])


def _counts(index: Index, body: Symbol) -> bool:
    """Whether responsibilities are summed over the samples: N_k."""
    return body.family.role is Role.RESPONSIBILITY and len(body.indices) == 2 and index == body.indices[0]


def count_equation(expr: Expr) -> str:
    """Return ``N_k = ∑_n γ_nk`` for that sum, and the expression's text for any other."""
    match expr:
        case Sum(index, Symbol() as body) if _counts(index, body):
            return f"{unicode(expr)} = ∑_{index.name} {unicode(body)}"
    return unicode(expr)


def shape(axes: tuple[Axis, ...]) -> str:
    """Return the shape of an array by the names of its sizes: (K, D), (K,), ()."""
    names = ", ".join(axis.size for axis in axes)
    return f"({names},)" if len(axes) == 1 else f"({names})"
