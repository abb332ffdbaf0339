"""Reading formulas and changes that a user writes as text, by a grammar of their own: nothing in them is ever run."""

from derive.models.reading.grammar import parse
from derive.models.reading.nodes import Binary, Call, Member, Name, Negative, Node, Numeral, Statement, pointing

__all__ = ["Binary", "Call", "Member", "Name", "Negative", "Node", "Numeral", "Statement", "parse", "pointing"]
