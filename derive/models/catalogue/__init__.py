"""The catalogue: one file a model, each no more than its log density, domains and names."""
