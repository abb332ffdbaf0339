"""Special functions as calls of NumPy, SciPy, or a helper of the generated module."""

from collections.abc import Callable

from derive.emission.text import Binding, Text
from derive.lowering.axis import Axis
from derive.lowering.node import Number
from derive.lowering.special import Special

SCIPY = "scipy.special."
HELPER = "helper."
NUMPY = {
    "cos": "cos",
    "sin": "sin",
    "atan2": "arctan2",
    "absolute": "abs",
    "max": "maximum",
    "min": "minimum",
    "clip": "clip",
}
MATH = {
    "cos": "math.cos",
    "sin": "math.sin",
    "atan2": "math.atan2",
    "absolute": "abs",
    "loggamma": "math.lgamma",
    "max": "max",
    "min": "min",
}
LARGEST_PLAIN_ORDER = 8  # exp(-x) I_v(x) of such an order underflows only where x is below 1e-37


def special(node: Special, args: list[Text], target: tuple[Axis, ...], imports: set[str], *, is_number: bool) -> Text:
    """Return the text of a special function; ``imports`` is told what the text needs.

    Python numbers stay Python numbers: a NumPy float64 would turn float32 arrays into float64.
    """
    if node.name == "power":
        base, exponent = args[0].at_least(Binding.ATOM), args[1].at_least(Binding.UNARY)
        sign = "**" if _is_simple(base) and _is_simple(exponent.removeprefix("-")) else " ** "
        return Text(f"{base}{sign}{exponent}", target, Binding.POWER)
    shown = ", ".join(arg.code for arg in args)
    if is_number and node.name in MATH:
        imports.update({"math"} if MATH[node.name].startswith("math") else ())
        return Text(f"{MATH[node.name]}({shown})", target)
    if node.name in NUMPY:
        return Text(f"np.{NUMPY[node.name]}({shown})", target)
    call = _called(node, shown, imports.add)
    return Text(f"float({call})" if is_number else call, target)


def _is_simple(text: str) -> bool:
    """Whether a power is written without blanks beside it: a name, an attribute or a number."""
    return text.replace(".", "").replace("_", "").isalnum()


def _called(node: Special, shown: str, need: Callable[[str], None]) -> str:
    if node.name in {"log_bessel_i", "bessel_ratio"}:
        order = node.args[0]
        plain = isinstance(order, Number) and order.value <= LARGEST_PLAIN_ORDER
        need(f"{HELPER}{node.name}{'' if plain else ' of any order'}")
        return f"_{node.name}({shown})"
    if node.name == "polygamma" and node.order:
        need(f"{SCIPY}polygamma")
        return f"polygamma({node.order}, {shown})"
    name = "digamma" if node.name == "polygamma" else "gammaln"
    need(SCIPY + name)
    return f"{name}({shown})"
