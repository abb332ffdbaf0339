"""Generated modules: rendering, writing and comparing them."""
