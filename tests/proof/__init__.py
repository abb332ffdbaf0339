"""Tests of derive.proof."""
