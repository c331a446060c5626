"""The clerk and the stamp: answers made of proven quotes."""
