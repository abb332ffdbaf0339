"""What no formula that a person writes comes near: beyond it, reading is refused."""

#: How often what a formula has may be nested, how many digits a number and how many characters a row may have.
MOST_DEPTH = 40
MOST_DIGITS = 400
MOST_CHARACTERS = 100_000
MOST_TOKENS = 400_000
MOST_MACRO_DEPTH = 40
MOST_WORK = 300_000
MOST_LISTED = 1_000
#: A document: its size and lines, a display's size, and the mathematics of all of it.
MOST_BYTES = 1_000_000
MOST_NOTEBOOK_BYTES = 30_000_000
MOST_LINES = 100_000
MOST_DISPLAY = 120_000
MOST_MATHEMATICS = 250_000
MOST_PIECES = 20_000
