"""Every word a reader meets exists in all three languages."""

import re
from string import Formatter

import pytest

from assistant.domain import Language
from assistant.language import LANGUAGES, texts


def test_the_three_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(texts("nb")) == list(texts("nn")) == list(texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_the_same_fields_in_every_language(language: Language) -> None:
    for name, text in texts("nb").items():
        fields = {field for _, field, _, _ in Formatter().parse(text) if field}
        other = {field for _, field, _, _ in Formatter().parse(texts(language)[name]) if field}
        assert fields == other, name


def test_reasons_have_the_same_number_in_every_language() -> None:
    assert len({texts(language)["page.reasons"].count("|") for language in LANGUAGES}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_calm(language: Language) -> None:
    for name, text in texts(language).items():
        assert "!" not in text, name
        assert not re.search("[\U0001f300-\U0001faff]", text), name
