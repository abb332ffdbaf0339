"""What no formula that a person writes comes near: beyond it, reading is refused."""

#: How often what a formula has may be nested, how many digits a number and how many characters a row may have.
MOST_DEPTH = 40
MOST_DIGITS = 400
MOST_CHARACTERS = 100_000
MOST_TOKENS = 400_000
MOST_MACRO_DEPTH = 40
