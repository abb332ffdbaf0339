"""All mistakes that are known by name, the most specific first."""

from derive.checking.mistakes import algebra, matrices, posterior, sums
from derive.checking.mistakes.mistake import Mistake

CATALOGUE: tuple[Mistake, ...] = (*posterior.MISTAKES, *matrices.MISTAKES, *sums.MISTAKES, *algebra.MISTAKES)
BY_NAME = {mistake.name: mistake for mistake in CATALOGUE}
