"""Tests of derive.calculus."""
