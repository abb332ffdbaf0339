"""Tests of the reader of formulas."""
