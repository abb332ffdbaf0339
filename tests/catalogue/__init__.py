"""Every model of the catalogue against SciPy: its density, the maximum of Q, and the ascent of EM."""
