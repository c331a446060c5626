"""The cited words are marked in the text they stand in."""

import re

from assistant.web.highlight import highlighted


def marks(html: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", html)


def test_a_quote_is_marked_in_place() -> None:
    assert marks(highlighted("En. To tre. Fire.", ["To tre."])) == ["To tre."]


def test_white_space_and_lines_are_not_compared() -> None:
    html = highlighted("Innledning:\nførste\u00a0ledd\nandre", ["Innledning: første ledd"])
    assert marks(html) == ["Innledning:", "første\u00a0ledd"]
    assert html.count("<p>") == 3


def test_overlapping_quotes_make_one_mark() -> None:
    html = highlighted("a b c d", ["a b c", "b c"])
    assert html.count("<mark>") == html.count("</mark>") == 1


def test_markup_in_a_source_stays_text() -> None:
    assert highlighted("<b>x</b> y", ["y"]) == "<p>&lt;b&gt;x&lt;/b&gt; <mark>y</mark></p>"
