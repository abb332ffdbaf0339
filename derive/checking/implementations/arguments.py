"""Which argument of a function is what: by its name in the words of the model, else by what is left over."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, permutations

import numpy as np

from derive.checking.implementations.assignment import Called
from derive.checking.implementations.layouts import Layout, arranged
from derive.checking.implementations.reading import Hints
from derive.checking.implementations.vocabulary import (
    BUNDLES,
    DATA,
    E_STEP,
    GAMMA,
    M_STEP,
    Vocabulary,
    counted,
    plain,
)
from derive.checking.sandbox.session import Call, Function, Value
from derive.checking.submitted.problem import Problem

Token = tuple[str, ...]  # ("X",), ("means",), ("K",), or ("dict", key, code, key, code, ...)
Binding = tuple[tuple[str, Token], ...]
_SIZES = ("K", "N", "D")
_MOST = 12  # ways to bind
_KINDS = {"POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY"}


@dataclass(frozen=True)
class Bound:
    """A way to call a function: what each argument is, and each attribute of self. says: why there is none."""

    arguments: Binding
    state: Binding = ()


class UnknownArgumentError(Exception):
    """An argument whose meaning cannot be told; its name."""


def bindings(role: str, function: Function, words: Vocabulary, hints: Hints, called: Called) -> Iterator[Bound]:
    """Ways to call a function, the likeliest first, a few at most. Raises UnknownArgumentError where there is none."""
    state = tuple(_state(role, function, words, hints))
    if called.arguments is not None:
        whole = _bundle("tuple", words.parameters, words.parameters)
        yield Bound(tuple(("", whole if name == "parameters" else (name,)) for name in called.arguments), state)
        return
    if function.parameters is None:
        first = ((DATA,), (GAMMA,)) if role == M_STEP else ((DATA,), *((code,) for code in words.parameters))
        yield Bound(tuple(("", token) for token in first), state)
        return
    seen = set()
    for binding in islice(_ways(role, function, words, hints, bool(state)), _MOST):
        if binding not in seen:
            seen.add(binding)
            yield Bound(binding, state)


def _ways(role: str, function: Function, words: Vocabulary, hints: Hints, stateful: bool) -> Iterator[Binding]:  # noqa: FBT001
    parameters = [(name, default) for name, kind, default in function.parameters or () if kind in _KINDS]
    named = {name for name, kind, _ in function.parameters or () if kind == "KEYWORD_ONLY"}
    known = _by_names(role, parameters, words)
    loose = [name for name, default in parameters if name not in known and not default]
    bundles = [name for name in loose if plain(name) in BUNDLES or name in hints.unpacked]
    bundles += [] if bundles else [name for name, default in parameters if plain(name) in BUNDLES and default]
    free = [(code,) for code in words.parameters if (code,) not in known.values()]
    if bundles and free:
        name = bundles[0]
        rest = [other for other in loose if other != name]
        for bundle in _bundles(name, words, hints):
            for filled in _filled(role, rest, {**known, name: bundle}, words, stateful):
                yield _in_order(parameters, named, filled)
        return
    for filled in _filled(role, loose, known, words, stateful):
        yield _in_order(parameters, named, filled)


def _by_names(role: str, parameters: Iterable[tuple[str, bool]], words: Vocabulary) -> dict[str, Token]:
    """What names tell: sure ones first, then second meanings of those that are still open."""
    allowed = {DATA, *words.parameters, *words.knowns} | ({GAMMA} if role == M_STEP else set())
    open_names = [name for name, _ in parameters]
    needed = [name for name, default in parameters if not default]
    found: dict[str, Token] = {}
    candidates = {name: [token for token in words.candidates(name) if token in allowed] for name in open_names}
    if role == M_STEP:
        sure = [name for name in needed if candidates[name][:1] == [GAMMA]]
        maybe = [name for name in needed if GAMMA in candidates[name]]
        if sure or maybe:
            found[(sure or maybe)[0]] = (GAMMA,)
    for name in open_names:
        if counted(name) and name not in found and not (candidates[name] and len(name) > 1):
            found[name] = (counted(name) or "",)
    for rank in range(4):
        for name in open_names:
            token = candidates[name][rank : rank + 1]
            if name not in found and token and (token[0],) not in found.values():
                found[name] = (token[0],)
    return found


def _filled(
    role: str,
    loose: list[str],
    known: Mapping[str, Token],
    words: Vocabulary,
    stateful: bool,  # noqa: FBT001
) -> Iterator[dict[str, Token]]:
    """Arguments with names that say nothing, filled by what is left over, in every order of the parameters."""
    loose = [name for name in loose if name not in known]
    used = {token[0] for token in known.values()}
    used |= {code for token in known.values() if token[0] in {"dict", "tuple", "namespace"} for code in token[2::2]}
    first = [(DATA,)] if DATA not in used and not (stateful and not loose) else []
    first += [(GAMMA,)] if role == M_STEP and GAMMA not in used else []
    rest = [(code,) for code in (*words.knowns, *words.parameters) if code not in used]
    sizes = [(size,) for size in _SIZES if size not in used]
    for order in permutations(rest):
        tokens = [*first, *order, *sizes]
        if len(loose) > len(tokens):
            raise UnknownArgumentError(loose[len(tokens)])
        yield {**known, **dict(zip(loose, tokens, strict=False))}


def _bundles(name: str, words: Vocabulary, hints: Hints) -> Iterator[Token]:
    """All parameters in one argument: as it is unpacked, indexed or read in the text; else in every order."""
    names = hints.unpacked.get(name, ())
    if names and names[0].startswith(("[", ".")):
        kind = "dict" if names[0][0] == "[" else "namespace"
        keys = list(dict.fromkeys(key[1:] for key in names if key[0] == names[0][0]))
        found = {code: key for key, code in zip(keys, _matched(keys, words), strict=True) if code}
        unread = {code: code for code in words.parameters if code not in found}  # perhaps read in another function
        ordered = sorted({**found, **unread}, key=lambda code: _place(code, words))
        yield _bundle(kind, [{**unread, **found}[code] for code in ordered], ordered)
        return
    if names:
        codes = _matched(names, words)
        left = [code for code in words.parameters if code not in codes]
        for order in permutations(left):
            rest = iter(order)
            filled = [code or next(rest, "") for code in codes]
            if all(filled):
                yield _bundle("tuple", list(map(str, range(len(filled)))), filled)
        return
    for order in permutations(words.parameters):
        yield _bundle("tuple", order, order)
    yield _bundle("dict", words.parameters, words.parameters)
    yield _bundle("namespace", words.parameters, words.parameters)


def _place(code: str, words: Vocabulary) -> int:
    return words.parameters.index(code) if code in words.parameters else len(words.parameters)


def _matched(names: Iterable[str], words: Vocabulary) -> list[str]:
    """The parameter or size behind each name, each once; "" where it cannot be told."""
    found: list[str] = []
    for name in names:
        allowed = [code for code in words.candidates(name) if code in words.parameters and code not in found]
        found.append(allowed[0] if allowed else counted(name) or "")
    return found


def _bundle(kind: str, keys: Iterable[str], codes: Iterable[str]) -> Token:
    return (kind, *(part for pair in zip(keys, codes, strict=True) for part in pair))


def _in_order(parameters: Iterable[tuple[str, bool]], named: Container[str], found: Mapping[str, Token]) -> Binding:
    """By position as long as none is left out and none must be named, then by name."""
    bound: list[tuple[str, Token]] = []
    gap = False
    for name, _ in parameters:
        gap = gap or name in named
        if name not in found:
            gap = True
            continue
        bound.append((name if gap else "", found[name]))
    return tuple(bound)


def _state(role: str, function: Function, words: Vocabulary, hints: Hints) -> Iterator[tuple[str, Token]]:
    """Attributes of self that a method reads, set before it is called."""
    if "." not in function.path:
        return
    allowed = {DATA, *words.parameters, *words.knowns} | ({GAMMA} if role != E_STEP else set())
    taken: set[str] = set()
    for attribute in dict.fromkeys((*hints.loaded, *hints.stored)):
        found = [token for token in words.candidates(attribute) if token in allowed and token not in taken]
        size = counted(attribute)
        if size and (not found or attribute in {"K", "N", "D", "k", "n", "d"}):
            yield attribute, (size,)
        elif found:
            taken.add(found[0])
            yield attribute, (found[0],)


def call_of(path: str, bound: Bound, problem: Problem, layout: Layout, read: tuple[str, ...] = ()) -> Call:
    """The call on a problem with arrays in a layout."""
    arrays = arranged(problem, layout)
    sizes = {"K": problem.responsibilities.shape[1], "N": len(problem.X), "D": int(np.prod(problem.X.shape[1:]))}

    def value(token: Token) -> Value:
        if token[0] in {"dict", "tuple", "namespace"}:
            return token[0], [[key, value((code,))] for key, code in zip(token[1::2], token[2::2], strict=True)]
        if token[0] in sizes:
            return "plain", sizes[token[0]]
        return "array", token[0]

    arguments = tuple((name, value(token)) for name, token in bound.arguments)
    state = tuple((name, value(token)) for name, token in bound.state)
    return Call(path, arguments, arrays, state, read)
