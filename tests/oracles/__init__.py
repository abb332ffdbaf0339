"""Outside oracles, and the hand-written baseline held against them."""
