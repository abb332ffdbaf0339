"""The EM updates of every model of the catalogue, one standalone module each, written by `derive generate`."""
