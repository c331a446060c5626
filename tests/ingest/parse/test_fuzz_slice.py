"""A slice of the mutated files; `make stress` runs them all."""

from __future__ import annotations

from collections import Counter

from tests.ingest.parse.samples import needs_samples
from tests.stress.fuzz_parsers import READERS, Outcome, in_batches, is_failure, outcomes, table

SLICE = 102
CRASHED = 4952  # the one of 12,000 that once went through as an unnamed error


@needs_samples
def test_a_hundred_mutated_files_each_give_a_document_or_a_named_problem() -> None:
    found = list(in_batches(SLICE))
    assert Counter(outcome.parser for outcome in found) == dict.fromkeys(READERS, 17)
    assert [outcome.result for outcome in found if is_failure(outcome)] == []
    assert sum(outcome.result == "document" for outcome in found) > 20, "mutated too much"


def test_a_crash_and_a_hang_count_as_failures_and_show_in_the_table() -> None:
    some = [
        Outcome("pdf", "document", 0.1, 1024),
        Outcome("pdf", "damaged", 0.1, 2048),
        Outcome("pdf", "crash: KeyError in pdf, case 7", 0.1, 2048),
        Outcome("html", "hang", 20.0, 2048),
    ]
    assert [is_failure(outcome) for outcome in some] == [False, False, True, True]
    assert "| pdf | 3 | 1 | 1 | 1 | 0.1 | 2 |" in table(some)
    assert "case 7" in table(some)


@needs_samples
def test_a_word_file_without_a_part_that_python_docx_counts_on_is_a_named_problem() -> None:
    (found,) = outcomes(CRASHED, CRASHED + 1)
    assert (found.parser, found.result) == ("docx", "malformed")
