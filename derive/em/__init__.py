"""A model's EM in textbook order: Q, the E-step, and an M-step for each parameter."""
