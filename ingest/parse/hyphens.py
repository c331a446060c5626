"""Lines joined into running text, with words that were divided at line ends made whole."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

# «omsorgs- og husarbeid»: the hyphen stands for the second half and stays.
JOINING_WORDS = {"og", "eller", "samt", "til", "men", "and", "or", "och"}
HYPHENS = ("-", "\u2010", "\u00ad")
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """Count the words of a document, those that a line end may have cut left out."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(word.casefold() for word in WORD.findall(line)[1:-1])
    return counts


def joined(lines: Sequence[str], known: Counter[str]) -> str:
    """Join the lines of a paragraph; `known` settles hyphens that could be meant."""
    text = ""
    for line in lines:
        text = _join(text, line, known) if text else line
    return text


def _join(text: str, line: str, known: Counter[str]) -> str:
    """Join two lines."""
    if text.endswith("/") and not text.endswith(" /"):
        return text + line
    if not text.endswith(HYPHENS) or len(text) < 2 or not text[-2].isalnum():
        return f"{text} {line}"
    start, following = WORD.findall(text[-60:]), WORD.search(line)
    first = start[-1] if start else ""
    second = following[0] if following and following.start() == 0 else ""
    if not second or second.casefold() in JOINING_WORDS:
        return f"{text} {line}"
    if _keeps_hyphen(first, second, known):
        return text[:-1] + "-" + line
    return text[:-1] + line


def _keeps_hyphen(first: str, second: str, known: Counter[str]) -> bool:
    """Tell a hyphen that belongs to the word (EFTA-domstolen, e-post) from a division."""
    if not second[0].islower() or first[-1].isdigit() or len(first) == 1:
        return True
    if first.isupper() or any(letter.isupper() for letter in first[1:]):
        return True
    whole = (first + second).casefold()
    return known[f"{first}-{second}".casefold()] > known[whole]
