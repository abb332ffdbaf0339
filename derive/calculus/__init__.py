"""Matrix differential calculus: differentials, gradients on a tangent space, signs of second differentials."""
