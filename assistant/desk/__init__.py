"""The reference desk: human-checked records, never generated."""
