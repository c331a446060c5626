"""The front door: danger is met with fixed, human-written guidance."""
