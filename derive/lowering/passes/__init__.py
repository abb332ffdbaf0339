"""Passes from array program to array program, one a file, named by its verb."""
