"""The office: a chat assistant that quotes the guide and lets danger through first."""
