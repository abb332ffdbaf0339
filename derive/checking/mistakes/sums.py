"""Mistakes with sums and indices: over what a sum runs, what is summed, and which member of a family is meant."""

from collections.abc import Iterator

from derive.checking.mistakes.mistake import Make, Mistake, all_at_once, both, one_by_one
from derive.checking.mistakes.parts import is_count, is_data, is_gamma, is_parameter, over_components, over_samples
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Mul, add, as_expr, mul
from derive.language.family import Symbol
from derive.language.functions import Exp, Log, Size, Sum, exp, log, sum_over
from derive.language.index import Index


def _other(index: Index, notation: Notation) -> Index:
    return notation.k if index.size == notation.n.size else notation.n


def _wrong_index(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Sum over an index that is free inside in place of the one that is summed."""
    if isinstance(part, Sum) and part.index.size in (notation.n.size, notation.k.size):
        wanted = _other(part.index, notation).size
        for index in part.body.free - {part.index}:
            if index.size == wanted:
                yield sum_over(index, part.body)


def _samples_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    if over_samples(part, notation):
        assert isinstance(part, Sum)  # noqa: S101 - for the type checker
        yield part.body


def _components_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    if over_components(part, notation):
        assert isinstance(part, Sum)  # noqa: S101 - for the type checker
        yield part.body


def _coordinates_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    if isinstance(part, Sum) and part.index.size not in (notation.n.size, notation.k.size):
        yield part.body


def _extra_components(expr: Expr, notation: Notation) -> Iterator[Expr]:
    """Sum over the components as well, where one component is meant."""
    for index in expr.free:
        if index.size == notation.k.size:
            yield sum_over(index, expr)


def _components_inside(part: Expr, notation: Notation) -> Iterator[Expr]:
    if over_samples(part, notation):
        assert isinstance(part, Sum)  # noqa: S101 - for the type checker
        for index in part.body.free:
            if index.size == notation.k.size:
                yield sum_over(part.index, sum_over(index, part.body))


def _all_for_count(part: Expr, notation: Notation) -> Expr | None:
    return next(_all_for_one_count(part, notation), None)


def _all_for_one_count(part: Expr, notation: Notation) -> Iterator[Expr]:
    """N for sum_n gamma_nk, also where the sum has factors that are the same for all samples."""
    if isinstance(part, Sum) and over_samples(part, notation):
        factors = part.body.factors if isinstance(part.body, Mul) else (part.body,)
        others = [factor for factor in factors if not is_gamma(factor)]
        if len(others) < len(factors) and not any(part.index in factor.free for factor in others):
            yield mul(Size(notation.n.size), *others)


def _count_for_all(part: Expr, notation: Notation) -> Iterator[Expr]:
    if isinstance(part, Size) and part.extent == notation.n.size:
        yield sum_over(notation.n, Symbol(notation.gamma, (notation.n, notation.k)))


def _components_for_all(part: Expr, notation: Notation) -> Iterator[Expr]:
    if isinstance(part, Size) and part.extent == notation.n.size:
        yield Size(notation.k.size)
    if is_count(part, notation):
        yield Size(notation.k.size)


def _one_less(part: Expr, notation: Notation) -> Iterator[Expr]:
    if is_count(part, notation) or (isinstance(part, Size) and part.extent == notation.n.size):
        yield part - 1


def _gamma_forgotten(part: Expr, _: Notation) -> Iterator[Expr]:
    if is_gamma(part):
        yield as_expr(1)


def _gamma_forgotten_everywhere(part: Expr, _: Notation) -> Expr | None:
    return as_expr(1) if is_gamma(part) else None


def _gamma_squared(part: Expr, _: Notation) -> Iterator[Expr]:
    if is_gamma(part):
        yield part**2


def _gamma_in_log(part: Expr, _: Notation) -> Iterator[Expr]:
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


def _log_inside(part: Expr, _: Notation) -> Iterator[Expr]:
    """The logarithm of a sum over the components taken inside."""
    if isinstance(part, Log) and isinstance(part.arg, Sum):
        yield sum_over(part.arg.index, log(part.arg.body))


def _log_outside(part: Expr, notation: Notation) -> Iterator[Expr]:
    """A sum over the components moved inside the logarithm."""
    if not over_components(part, notation):
        return
    assert isinstance(part, Sum)  # noqa: S101 - for the type checker
    body = part.body
    if isinstance(body, Mul) and any(is_gamma(factor) for factor in body.factors):
        rest = mul(*(factor for factor in body.factors if not is_gamma(factor)))
        if rest.contains(lambda node: isinstance(node, Log | Exp)) or isinstance(rest, Add):
            yield log(sum_over(part.index, exp(rest)))


def _index_slip(part: Expr, _: Notation) -> Iterator[Expr]:
    """Another index over the same plate that is free around: mu_j for mu_k."""
    if isinstance(part, Sum):
        for index in part.body.free - {part.index}:
            if index.size == part.index.size:
                yield sum_over(part.index, _slipped(part.body, part.index, index))
                yield sum_over(part.index, _slipped(part.body, index, part.index))


def _slipped(expr: Expr, old: Index, new: Index) -> Expr:
    if isinstance(expr, Symbol):
        return Symbol(expr.family, tuple(new if index == old else index for index in expr.indices))
    return expr.map(lambda child: _slipped(child, old, new))


def _mean_of_data(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Divide by the number of samples as well."""
    if over_samples(part, notation):
        yield mul(Size(notation.n.size) ** -1, part)


def _data_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    if is_data(part) and part.shape.is_scalar:
        yield as_expr(1)


def _without_nothing(make: Make) -> Make:
    """Leave out what holds x - x: nobody writes that."""
    return lambda expr, notation: (wrong for wrong in make(expr, notation) if not wrong.contains(_is_nothing))


def _is_nothing(part: Expr) -> bool:
    return isinstance(part, Add) and any(mul(-1, term) in part.terms for term in part.terms)


def _data_for_parameter(part: Expr, notation: Notation) -> Iterator[Expr]:
    if is_parameter(part, notation) and part.shape == notation.model.data.shape and not part.shape.is_scalar:
        n = next((index for index in part.ordered_free if index.size == notation.n.size), notation.n)
        yield Symbol(notation.model.data, (n, *notation.model.data.indices[1:]))


MISTAKES = (
    Mistake(
        "sum-over-wrong-index",
        "means",
        "the sum runs over the wrong index",
        "The samples n are summed; the component k stays, since the row is about one component.",
        one_by_one(_wrong_index),
    ),
    Mistake(
        "sum-over-samples-lost",
        "objective",
        "the sum over the samples is lost",
        "All samples contribute, each with its weight.",
        one_by_one(_samples_lost),
    ),
    Mistake(
        "sum-over-components-lost",
        "objective",
        "the sum over the components is lost",
        "The index of the components must be summed, unless one component is meant.",
        one_by_one(_components_lost),
    ),
    Mistake(
        "sum-over-coordinates-lost",
        "families",
        "the sum over the coordinates is lost",
        "The log density of a sample is the sum over its coordinates.",
        one_by_one(_coordinates_lost),
    ),
    Mistake(
        "n-for-count",
        "means",
        "N, the number of all samples, stands where N_k = Σ_n γ_nk is needed",
        "Component k has the weight N_k of the samples, not all of them.",
        both(all_at_once(_all_for_count), one_by_one(_all_for_one_count)),
    ),
    Mistake(
        "count-for-n",
        "weights",
        "N_k stands where the number N of all samples is needed",
        "The weights sum to one: Σ_k N_k = N.",
        one_by_one(_count_for_all),
    ),
    Mistake(
        "k-for-n",
        "weights",
        "the number of components stands where the number of samples is needed",
        "Summing the responsibilities over n and k gives N: each sample has the total weight one.",
        one_by_one(_components_for_all),
    ),
    Mistake(
        "one-less",
        "covariances",
        "one is subtracted from the number of samples",
        "That is the unbiased estimate; the maximum of the likelihood has no -1.",
        one_by_one(_one_less),
    ),
    Mistake(
        "responsibility-forgotten",
        "means",
        "the responsibility is forgotten",
        "Each sample counts for component k with its weight γ_nk.",
        both(one_by_one(_gamma_forgotten), all_at_once(_gamma_forgotten_everywhere)),
    ),
    Mistake(
        "sum-over-components-extra",
        "calculus",
        "a sum over the components is left where only one component counts",
        "In the sum over k, only the term of this component depends on its parameter.",
        both(one_by_one(_components_inside), _extra_components),
    ),
    Mistake(
        "responsibility-squared",
        "means",
        "the responsibility is there twice",
        "Each sample counts with γ_nk once.",
        one_by_one(_gamma_squared),
    ),
    Mistake(
        "responsibility-inside-log",
        "objective",
        "the responsibility stands inside the logarithm",
        "The expectation of z_nk times a logarithm has γ_nk as a factor in front.",
        one_by_one(_gamma_in_log),
    ),
    Mistake(
        "log-inside-sum",
        "objective",
        "the logarithm is taken inside the sum over the components",
        "The log of a sum is not the sum of the logs: that is why EM is needed.",
        one_by_one(_log_inside),
    ),
    Mistake(
        "sum-inside-log",
        "objective",
        "the sum over the components stands inside the logarithm",
        "In Q the labels are known in expectation: the sum with γ_nk stands outside.",
        one_by_one(_log_outside),
    ),
    Mistake(
        "index-slip",
        "families",
        "an index is that of another member",
        "Follow each index from its sum sign to where it is used.",
        one_by_one(_index_slip),
    ),
    Mistake(
        "divided-by-n-too",
        "means",
        "the sum is divided by N as well",
        "A sum over the samples is not their mean.",
        one_by_one(_mean_of_data),
    ),
    Mistake(
        "data-lost",
        "families",
        "the data are lost from a term",
        "Without x the sum only counts.",
        one_by_one(_data_lost),
    ),
    Mistake(
        "data-for-parameter",
        "means",
        "a sample stands where the parameter is needed",
        "Keep apart what is observed and what is estimated.",
        _without_nothing(one_by_one(_data_for_parameter)),
    ),
)
