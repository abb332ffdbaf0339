"""Feedback as people and programs read it: terminal, JSON, HTML pages, Gradescope."""
