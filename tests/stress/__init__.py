"""Full counts of the tests that take long; `make stress` runs them."""
