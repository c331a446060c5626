"""The archive: weights, index, keywords and retrieval."""
