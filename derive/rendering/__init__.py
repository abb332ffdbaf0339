"""Documents from a derivation: terminal, LaTeX, Markdown, notebook and HTML."""
