"""What an iteration costs by either strategy, a sample and a component, and which is the cheaper one.

By features, F of them: two products of F numbers with each component's, 4 F operations; F is about D²/2 for a symmetric
matrix of side D, so 2 D². By whitening, or by differences from the parameters: a triangular product and one half of an
outer product, 2 D² as well. What differs is the rest: features are made once for all components, D²/2 products that
leave the cache as D grows; differences are taken, squared and scaled for each component, 4 D. Measured, the two cross
where D² is about 256 K (D = 16 for one component, 128 for 64): features win below. A model whose features are as many
as its data's coordinates has them always.
"""

from collections.abc import Iterable

CROSSING = 256


def condition(sides: Iterable[str], components: str) -> str:
    """Return when features are the faster way, as Python text; sides: those of symmetric matrices among them."""
    return " + ".join(f"{side} * {side}" for side in sides) + f" <= {CROSSING} * {components}"
