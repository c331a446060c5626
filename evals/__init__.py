"""The inspector: scores what the assistant says against written cases."""
