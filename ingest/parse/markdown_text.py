"""Markdown as lines of text: the YAML head read as plain fields, the marks inside lines undone."""

import re

FENCE = "---"
FIELD = re.compile(r"([A-Za-z_][\w-]*)\s*:\s*(.*)")
COMMENT_START, COMMENT_END = "<!--", "-->"
# Undoing marks takes time that grows with their square; no real paragraph has so many.
MARK = re.compile(r"[*_\[<`!]")
MOST_MARKS = 1000
IMAGE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
NOTE_MARK = re.compile(r"\[\^[^\]]{1,20}\]")
STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?!\w)|(?<!\w)_(?=\S)([^_]+?)_(?!\w)"
)
CODE = re.compile(r"`([^`]+)`")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])")


def split_head(text: str) -> tuple[dict[str, str], str]:
    """Divide off a YAML head; only `name: value` lines are read, quotes taken off."""
    lines = text.lstrip("\ufeff").split("\n")
    if lines[0].strip() != FENCE:
        return {}, text
    for end, line in enumerate(lines[1:], start=1):
        if line.strip() in {FENCE, "..."}:
            found = (FIELD.fullmatch(line.strip()) for line in lines[1:end])
            fields = {match[1].lower(): match[2].strip(" \"'") for match in found if match}
            return fields, "\n".join(lines[end + 1 :])
    return {}, text


def without_comments(text: str) -> str:
    """Drop HTML comments; one that never ends is kept as text."""
    kept, place = [], 0
    while (start := text.find(COMMENT_START, place)) >= 0:
        end = text.find(COMMENT_END, start)
        if end < 0:
            break
        kept.append(text[place:start])
        place = end + len(COMMENT_END)
    return "".join(kept) + text[place:]


def plain(text: str) -> str:
    """Undo the marks of Markdown inside text; `<br>` is a line break, other tags are dropped."""
    if len(MARK.findall(text)) > MOST_MARKS:
        return text
    text = BARE_LINK.sub(r"\1", IMAGE.sub("", text))
    text = NOTE_MARK.sub("", LINK.sub(r"\1", text))
    text = TAG.sub("", BREAK.sub("\n", text))
    text = CODE.sub(r"\1", STRONG.sub(r"\2", text))
    text = EMPHASIS.sub(lambda match: match[1] or match[2], text)
    return ESCAPED.sub(r"\1", text)
