"""The parsers, tried on real samples and on files that are meant to break them."""
