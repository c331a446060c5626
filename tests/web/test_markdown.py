"""Our small reader of Markdown shows the same as an independent one."""

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from assistant.answer.replies import escape
from assistant.answering import Assistant
from assistant.language import LANGUAGES
from assistant.web.markdown import render

BLOCKS = ("h2", "p", "li")


class Blocks(HTMLParser):
    """Collects (tag, text) of every block, and the text of bold runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.bold: list[str] = []
        self._in_bold = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in BLOCKS and not (tag == "p" and self.found and self.found[-1] == ("li", "")):
            self.found.append((tag, ""))
        self._in_bold = tag == "strong" or (self._in_bold and tag == "a")
        if tag == "strong":
            self.bold.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self._in_bold = False

    def handle_data(self, data: str) -> None:
        if self.found and data.strip("\n"):
            tag, text = self.found[-1]
            self.found[-1] = (tag, text + data)
            if self._in_bold:
                self.bold[-1] += data


def blocks(html: str) -> Blocks:
    parser = Blocks()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guidance_text_reads_as_an_independent_reader_reads_it(
    front: Assistant, language: str
) -> None:
    for guidance in front.shelf:
        text = guidance.text[language]
        ours, theirs = blocks(render(text)), blocks(MarkdownIt("commonmark").render(text))
        assert ours.found == theirs.found, guidance.id
        assert ours.bold == theirs.bold, guidance.id


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=https://example.org/x.png onerror=alert(1)>",
        "**fet** *skrå* `kode` [lenke](https://example.org) # x | ~~y~~ _z_",
        "& &amp; &lt;b&gt; \\* \\<",
        "{{this}} ${alert(1)}",
    ],
)
def test_escaped_text_comes_out_as_it_was_typed(typed: str) -> None:
    assert blocks(render(f"før {escape(typed)} etter")).found == [("p", f"før {typed} etter")]
    assert "<script" not in render(typed) and "<img" not in render(typed)


def test_a_link_may_only_lead_to_the_web() -> None:
    assert '<a href="https://example.org/"' in render("[x](https://example.org/)")
    assert "<a" not in render("[x](javascript:alert(1))")


def test_a_bare_address_can_be_followed_without_the_full_stop_behind_it() -> None:
    address = "https://lovdata.no/dokument/NL/lov/2005-05-20-28/§196_a"
    html = render(f"Se {escape(address)}.")
    assert f'<a href="{address}" target="_blank" rel="noopener">{address}</a>.' in html
