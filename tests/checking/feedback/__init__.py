"""What is said of hand-ins, and how."""
