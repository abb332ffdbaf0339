"""Tests of the shipped data sets."""
