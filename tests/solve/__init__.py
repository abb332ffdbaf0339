"""Tests of derive.solve."""
