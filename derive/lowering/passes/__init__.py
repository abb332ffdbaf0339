"""The passes: each turns a program into another that computes the same, one a file, named by its verb."""
