"""How the mistakes in sums.py turn a right formula into a wrong one."""

from collections.abc import Iterator

from derive.checking.mistakes.mistake import Make
from derive.checking.mistakes.parts import is_count, is_data, is_gamma, is_parameter, over_components, over_samples
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Mul, add, as_expr, mul
from derive.language.family import Symbol
from derive.language.functions import Exp, Log, Size, Sum, exp, log, sum_over
from derive.language.index import Index


def _other(index: Index, notation: Notation) -> Index:
    return notation.k if index.size == notation.n.size else notation.n


def wrong_index(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Sum over an index that is free inside in place of the one that is summed."""
    if isinstance(part, Sum) and part.index.size in (notation.n.size, notation.k.size):
        wanted = _other(part.index, notation).size
        for index in sorted(part.body.free - {part.index}):
            if index.size == wanted:
                yield sum_over(index, part.body)


def samples_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: samples lost."""
    if over_samples(part, notation):
        assert isinstance(part, Sum)  # noqa: S101 - for the type checker
        yield part.body


def components_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: components lost."""
    if over_components(part, notation):
        assert isinstance(part, Sum)  # noqa: S101 - for the type checker
        yield part.body


def coordinates_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: coordinates lost."""
    if isinstance(part, Sum) and part.index.size not in (notation.n.size, notation.k.size):
        yield part.body


def extra_components(expr: Expr, notation: Notation) -> Iterator[Expr]:
    """Sum over the components as well, where one component is meant."""
    for index in sorted(expr.free):
        if index.size == notation.k.size:
            yield sum_over(index, expr)


def components_inside(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: components inside."""
    if over_samples(part, notation):
        assert isinstance(part, Sum)  # noqa: S101 - for the type checker
        for index in sorted(part.body.free):
            if index.size == notation.k.size:
                yield sum_over(part.index, sum_over(index, part.body))


def all_for_count(part: Expr, notation: Notation) -> Expr | None:
    """Make the mistake: all for count."""
    return next(all_for_one_count(part, notation), None)


def all_for_one_count(part: Expr, notation: Notation) -> Iterator[Expr]:
    """N for sum_n gamma_nk, also where the sum has factors that are the same for all samples."""
    if isinstance(part, Sum) and over_samples(part, notation):
        factors = part.body.factors if isinstance(part.body, Mul) else (part.body,)
        others = [factor for factor in factors if not is_gamma(factor)]
        if len(others) < len(factors) and not any(part.index in factor.free for factor in others):
            yield mul(Size(notation.n.size), *others)


def count_for_all(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: count for all."""
    if isinstance(part, Size) and part.extent == notation.n.size:
        yield sum_over(notation.n, Symbol(notation.gamma, (notation.n, notation.k)))


def components_for_all(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: components for all."""
    if isinstance(part, Size) and part.extent == notation.n.size:
        yield Size(notation.k.size)
    if is_count(part, notation):
        yield Size(notation.k.size)


def one_less(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: one less."""
    if is_count(part, notation) or (isinstance(part, Size) and part.extent == notation.n.size):
        yield part - 1


def gamma_forgotten(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: gamma forgotten."""
    if is_gamma(part):
        yield as_expr(1)


def gamma_forgotten_everywhere(part: Expr, _: Notation) -> Expr | None:
    """Make the mistake: gamma forgotten everywhere."""
    return as_expr(1) if is_gamma(part) else None


def gamma_squared(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: gamma squared."""
    if is_gamma(part):
        yield part**2


def gamma_in_log(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: gamma in log."""
    if not isinstance(part, Mul):
        return
    gammas = [factor for factor in part.factors if is_gamma(factor)]
    rest = [factor for factor in part.factors if not is_gamma(factor)]
    for factor in rest:
        others = [other for other in rest if other is not factor]
        if gammas and isinstance(factor, Log):
            yield mul(*others, log(mul(*gammas, factor.arg)))
        elif gammas and isinstance(factor, Add):
            yield mul(*others, log(mul(*gammas, exp(factor))))
            for place, term in enumerate(factor.terms):
                if isinstance(term, Log):
                    kept = add(*factor.terms[:place], *factor.terms[place + 1 :])
                    yield add(mul(*others, *gammas, kept), mul(*others, log(mul(*gammas, term.arg))))


def log_inside(part: Expr, _: Notation) -> Iterator[Expr]:
    """The logarithm of a sum over the components taken inside."""
    if isinstance(part, Log) and isinstance(part.arg, Sum):
        yield sum_over(part.arg.index, log(part.arg.body))


def log_outside(part: Expr, notation: Notation) -> Iterator[Expr]:
    """A sum over the components moved inside the logarithm."""
    if not over_components(part, notation):
        return
    assert isinstance(part, Sum)  # noqa: S101 - for the type checker
    body = part.body
    if isinstance(body, Mul) and any(is_gamma(factor) for factor in body.factors):
        rest = mul(*(factor for factor in body.factors if not is_gamma(factor)))
        if rest.contains(lambda node: isinstance(node, Log | Exp)) or isinstance(rest, Add):
            yield log(sum_over(part.index, exp(rest)))


def index_slip(part: Expr, _: Notation) -> Iterator[Expr]:
    """Another index over the same plate that is free around: mu_j for mu_k."""
    if isinstance(part, Sum):
        for index in sorted(part.body.free - {part.index}):
            if index.size == part.index.size:
                yield sum_over(part.index, _slipped(part.body, part.index, index))
                yield sum_over(part.index, _slipped(part.body, index, part.index))


def _slipped(expr: Expr, old: Index, new: Index) -> Expr:
    if isinstance(expr, Symbol):
        return Symbol(expr.family, tuple(new if index == old else index for index in expr.indices))
    return expr.map(lambda child: _slipped(child, old, new))


def mean_of_data(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Divide by the number of samples as well."""
    if over_samples(part, notation):
        yield mul(Size(notation.n.size) ** -1, part)


def data_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: data lost."""
    if is_data(part) and part.shape.is_scalar:
        yield as_expr(1)


def without_nothing(make: Make) -> Make:
    """Leave out what holds x - x: nobody writes that."""
    return lambda expr, notation: (wrong for wrong in make(expr, notation) if not wrong.contains(_is_nothing))


def _is_nothing(part: Expr) -> bool:
    return isinstance(part, Add) and any(mul(-1, term) in part.terms for term in part.terms)


def data_for_parameter(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: data for parameter."""
    if is_parameter(part, notation) and part.shape == notation.model.data.shape and not part.shape.is_scalar:
        n = next((index for index in part.ordered_free if index.size == notation.n.size), notation.n)
        yield Symbol(notation.model.data, (n, *notation.model.data.indices[1:]))
