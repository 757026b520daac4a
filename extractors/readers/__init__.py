"""One file a format, one table that names them."""
