"""The loading dock: sources in, a finished index out."""
