"""What runs beside submitted code, in its process: it imports NumPy and nothing of this package."""
