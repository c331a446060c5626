"""Parsers: one file in, one `Document` (or `Act`) out, or a named `ParseProblem`."""
