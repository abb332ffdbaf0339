"""Submitted E- and M-steps: one step from random parameters, held against the derivation."""
