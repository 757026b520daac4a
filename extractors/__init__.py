"""A file in, a record out: pure, without clock, network or database."""
