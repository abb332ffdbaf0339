"""Helpers of generated modules: Bessel functions where SciPy's own would overflow or vanish."""

from derive.emission.linear_algebra import HELPER as WHITENED_HELPER
from derive.emission.linear_algebra import WHITENED
from derive.emission.log_helper import HELPER as SUM_HELPER
from derive.emission.log_helper import SUM_OF_LOGS
from derive.emission.picking import QUANTILE, QUANTILE_NEEDED
from derive.emission.root_helper import CALLABLE, NEWTON, OPTIMIZE, ROOT, ROOT_NEEDS
from derive.emission.special import HELPER, SCIPY
from derive.emission.views import FunctionView

ARGUMENTS = "(order: float | Array, x: Array) -> Array"

PLAIN = {
    "log_bessel_i": FunctionView(
        f"_log_bessel_i{ARGUMENTS}",
        "log I_v(x), for x > 0; I_v itself would overflow beyond x = 700 and is scaled by exp(-x) therefore.",
        (),
        ("value: Array = np.log(ive(order, x)) + x", "return value"),
    ),
    "bessel_ratio": FunctionView(
        f"_bessel_ratio{ARGUMENTS}",
        "I_{v+1}(x) / I_v(x), for x > 0; both would overflow beyond x = 700 and are scaled by exp(-x) therefore.",
        (),
        ("value: Array = ive(order + 1, x) / ive(order, x)", "return value"),
    ),
}

ANY_ORDER = {
    "log_bessel_i": FunctionView(
        f"_log_bessel_i{ARGUMENTS}",
        "log I_v(x), for x > 0.",
        (
            "I_v(x) overflows beyond x = 700 and is scaled by exp(-x) therefore. That vanishes where x is small beside",
            "the order: there, and only there, the power series is summed (DLMF 10.25.2).",
        ),
        (
            "scaled: Array = ive(order, x)",
            "small = scaled < np.finfo(scaled.dtype).tiny",
            "series = _bessel_series(order, np.where(small, x, 0))",
            'with np.errstate(divide="ignore"):',
            "    of_small: Array = order * np.log(x / 2) - gammaln(order + 1) + np.log(series)",
            "    of_large: Array = np.log(scaled) + x",
            "return np.where(small, of_small, of_large).astype(x.dtype)",
        ),
    ),
    "bessel_ratio": FunctionView(
        f"_bessel_ratio{ARGUMENTS}",
        "I_{v+1}(x) / I_v(x), for x > 0.",
        (
            "Both overflow beyond x = 700 and are scaled by exp(-x) therefore. That vanishes where x is small beside",
            "the order: there, and only there, their power series are summed (DLMF 10.25.2).",
        ),
        (
            "above: Array = ive(order + 1, x)",
            "small = above < np.finfo(above.dtype).tiny",
            "near = np.where(small, x, 0)",
            "ratio: Array = _bessel_series(order + 1, near) / _bessel_series(order, near)",
            "of_small = ratio * near / (2 * (order + 1))",
            "of_large: Array = above / np.where(small, 1, ive(order, x))",
            "return np.where(small, of_small, of_large).astype(x.dtype)",
        ),
    ),
}

SERIES = FunctionView(
    f"_bessel_series{ARGUMENTS}",
    "I_v(x) over its first term (x / 2)^v / Γ(v + 1), by its power series, for x that is small beside the order v.",
    (),
    (
        "quarter = x * x / 4",
        "term: Array = np.ones_like(quarter)",
        "total, m = term, 0",
        "while (term > np.finfo(term.dtype).eps * total).any():",
        "    m += 1",
        "    term = term * quarter / (m * (order + m))",
        "    total = total + term",
        "return total",
    ),
)


def helpers(imports: set[str]) -> tuple[FunctionView, ...]:
    """Return the helper functions that a module needs, and add to the imports what they need."""
    found: list[FunctionView] = []
    series = False
    for name, plain in PLAIN.items():
        if f"{HELPER}{name} of any order" in imports:
            found.append(ANY_ORDER[name])
            series = True
            imports.update({f"{SCIPY}ive", f"{SCIPY}gammaln"} if name == "log_bessel_i" else {f"{SCIPY}ive"})
        elif f"{HELPER}{name}" in imports:
            found.append(plain)
            imports.add(f"{SCIPY}ive")
    if WHITENED in imports:
        found.append(WHITENED_HELPER)
    if SUM_OF_LOGS in imports:
        found.append(SUM_HELPER)
    if QUANTILE_NEEDED in imports:
        found.append(QUANTILE)
    if f"{HELPER}root" in imports:
        found.append(ROOT)
        imports.update(ROOT_NEEDS)
    if f"{HELPER}newton" in imports:
        found.append(NEWTON)
        imports.add(CALLABLE)
    return (*found, SERIES) if series else tuple(found)


def scipy_imports(imports: set[str]) -> tuple[str, ...]:
    """Return the lines that import root finders and special functions, if any are needed."""
    found = []
    for module, prefix in (("scipy.optimize.elementwise", OPTIMIZE), ("scipy.special", SCIPY)):
        names = sorted(name.removeprefix(prefix) for name in imports if name.startswith(prefix))
        found += [f"from {module} import {', '.join(names)}"] if names else []
    return tuple(found)
