"""Rows that belong together: a line of a display that only goes on with the side of the line before."""

from dataclasses import replace

from derive.checking.parsing import tree
from derive.checking.parsing.written import Document, Prose, Written


def states_something(block: Written) -> bool:
    """Whether a formula states anything: not a symbol in the text."""
    return bool(block.problem) or any(chain.relations for chain in block.chains)


def merged(document: Document) -> Document:
    """Join rows that only go on with the side of the row before: a line of a display that begins with a sign."""
    blocks: list[Prose | Written] = []
    for block in document.blocks:
        before = blocks[-1] if blocks else None
        if isinstance(block, Written) and isinstance(before, Written) and _goes_on(before, block):
            blocks[-1] = _joined(before, block)
        else:
            blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _goes_on(before: Written, block: Written) -> bool:
    if not (block.display and before.display and block.group == before.group and block.chains and before.chains):
        return False
    first = block.chains[0]
    return len(first.sides) == 1 and isinstance(first.sides[0], tree.Sum) and bool(before.chains[-1].relations)


def _joined(before: Written, block: Written) -> Written:
    *earlier, last = before.chains
    more = block.chains[0].sides[0]
    end = last.sides[-1]
    assert isinstance(more, tree.Sum)  # noqa: S101 - for the type checker
    assert end is not None  # noqa: S101 - for the type checker
    terms = end.terms if isinstance(end, tree.Sum) else (("+", end),)
    total = tree.Sum((*terms, *more.terms), start=end.start, end=end.end)
    chain = replace(last, sides=(*last.sides[:-1], total))
    latex = f"{before.latex} \\\\ {block.latex}"
    return replace(before, latex=latex, chains=(*earlier, chain, *block.chains[1:]))
