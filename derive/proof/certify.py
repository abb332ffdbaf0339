"""Certificates: both sides of a step, or a step and its premise, are evaluated exactly in random worlds and compared.

Sizes are pairwise distinct and at least two, since a step that confuses N with K or drops a sum can look right at size
one. Rationals are compared exactly; where logs or exponentials stand, rigorous balls are compared, so that "different"
is a proof and "equal" holds to the stated precision. An inequality is never sampled: its sign must be proved.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import cycle, permutations, product

from flint import arb, ctx

from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.calculus_nodes import Derivative, SecondDifferential
from derive.language.evaluate import Env, Evaluator
from derive.language.exponents import in_exponents
from derive.language.expr import add, mul
from derive.language.index import Extent
from derive.language.ring import AGREEMENT_BITS, OutsideDomainError, UndecidedError
from derive.language.world import World
from derive.proof import moves
from derive.proof.claim import Claim
from derive.proof.sign import sign
from derive.proof.step import Certificate, Relation, Step

PRECISIONS = (192, 768, 3072)
WORLDS = 3
SEED = 20260
ATTEMPTS = 240


@dataclass(frozen=True)
class Certifier:
    """Certifies steps whose sizes are the given extents (N, K, D, ...).

    more: extents that have to be larger, by how much: where single components are named, all of them have to be there.
    """

    extents: tuple[Extent, ...]
    seed: int = SEED
    more: tuple[tuple[Extent, int], ...] = ()

    def certify(self, step: Step, earlier: Callable[[int], Step]) -> Step:
        """Return the step with its certificate; raises StepRefusedError where a side does not hold."""
        if step.relation in (Relation.AT_MOST, Relation.AT_LEAST):
            self._check_sign(step)
        claims = moves.claims(step, earlier)
        balls = False
        passed: list[World] = []
        moderate = frozenset[str]().union(
            *(in_exponents(side) for claim in claims for side in (claim.left, claim.right))
        )
        for world in self._worlds(moderate):
            try:
                needed = {self._decide(step, claim, world) for claim in claims}
            except ZeroDivisionError:
                continue  # a matrix singular at these sizes, such as B'B for a wide B, or an equation without a root
            balls |= True in needed
            passed.append(world)
            if len(passed) == WORLDS:
                break
        if len(passed) < WORLDS:
            raise StepRefusedError(
                f"{step.place}: an inverse or root in it does not exist at the sizes and values tried; check the "
                "domains of the data and constants"
            )
        sizes = tuple(tuple((extent.name, world.size(extent)) for extent in self.extents) for world in passed)
        method = _method(step)
        return replace(step, certificate=Certificate(method, sizes, self.seed, AGREEMENT_BITS if balls else 0))

    def _worlds(self, moderate: frozenset[str]) -> Iterator[World]:
        """Pairwise distinct sizes of at least two, few samples first, then other values at the same sizes.

        N and K come first among the extents.
        """
        count = len(self.extents)
        first = (3, 4, 2, *range(5, 2 + count))[:count]
        turned = [first[i:] + first[:i] for i in range(count)]
        others = sorted(permutations(range(2, 4 + count), count), key=lambda sizes: sizes[0] ** sizes[1])
        for attempt, sizes in zip(range(ATTEMPTS), cycle(dict.fromkeys(turned + others)), strict=False):
            drawn = self._enlarged(dict(zip(self.extents, sizes, strict=True)))
            yield World(drawn, self.seed + attempt, moderate=moderate)

    def _enlarged(self, sizes: dict[Extent, int]) -> dict[Extent, int]:
        """Make some extents larger, and again distinct from the others."""
        for extent, more in self.more:
            sizes[extent] += more
            while sizes[extent] in [size for other, size in sizes.items() if other != extent]:
                sizes[extent] += 1
        return sizes

    def _decide(self, step: Step, claim: Claim, world: World) -> bool:
        """Check a claim, with more precision where balls turn out too wide to tell."""
        for bits in PRECISIONS:
            try:
                with suppress(UndecidedError), ctx.workprec(bits):
                    return self._check(step, claim, world)
            except OutsideDomainError as error:
                raise StepRefusedError(f"{step.place}: {error}") from None
        raise StepRefusedError(f"{step.place}: not decided at {PRECISIONS[-1]} bits")

    def _check(self, step: Step, claim: Claim, world: World) -> bool:
        """Check one claim at every value of its free indices; return whether balls were needed."""
        if claim.left.shape != claim.right.shape:
            shapes = f"{claim.left.shape} on the left, {claim.right.shape} on the right"
            raise StepRefusedError(f"{step.place}: the shapes differ: {shapes}")
        free = sorted(claim.left.free | claim.right.free)
        balls = False
        for position in product(*(range(world.size(index.size)) for index in free)):
            env = dict(zip(free, position, strict=True))
            left, right = self._sides(claim, world, env)
            for a, b in zip(_entries(left), _entries(right), strict=True):
                if claim.holds(a, b):
                    balls |= isinstance(a, arb) or isinstance(b, arb)
                    continue
                sizes = ", ".join(f"{extent} = {world.size(extent)}" for extent in self.extents)
                raise StepRefusedError(
                    f"{step.place}: {claim.what} at {sizes}: {_shown(a)} on the left, {_shown(b)} on the right"
                )
        return balls

    @staticmethod
    def _sides(claim: Claim, world: World, env: Env) -> tuple[ring.Matrix, ring.Matrix]:
        evaluator = Evaluator(world)
        if claim.varied is None:
            return evaluator.matrix(claim.left, env), evaluator.matrix(claim.right, env)
        moved = Evaluator(world.redrawn(claim.varied.name))
        difference = add(claim.left, mul(-1, claim.right))
        return evaluator.matrix(difference, env), moved.matrix(difference, env)

    @staticmethod
    def _check_sign(step: Step) -> None:
        difference = add(step.left, mul(-1, step.right))
        proved = sign(difference)
        wanted = -1 if step.relation is Relation.AT_MOST else 1
        if proved is None or proved.sign != wanted:
            raise StepRefusedError(f"{step.place}: the sign of {difference} is not proved")


def _method(step: Step) -> str:
    if step.relation in (Relation.AT_MOST, Relation.AT_LEAST):
        return "sign"
    calculus = (Derivative, SecondDifferential)
    if any(side.contains(lambda e: isinstance(e, calculus)) for side in (step.left, step.right)):
        return "dual numbers"
    return "exact"


def _entries(rows: ring.Matrix) -> list[ring.Scalar]:
    return [entry for row in rows for entry in row]


def _shown(value: ring.Scalar) -> str:
    return str(value) if not isinstance(value, arb) else value.str(12)
