"""Make typed and quoted text safe to show: never markup, never invisible, never half a character."""

from __future__ import annotations

import html
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def shown(text: str) -> str:
    """Return HTML that shows a text as it stands; control characters become their pictures, halves �."""
    return html.escape(_CONTROL.sub(_picture, text.replace("\r\n", "\n")), quote=True)


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def safe_url(url: str | None) -> str | None:
    """Return an attribute value for a web address, or None for any other scheme."""
    if url and re.match(r"https?://", url):
        return html.escape(url, quote=True)
    return None


def phone_url(phone: str) -> str:
    """Return the `tel:` address of a number; eight digits get the country code."""
    digits = re.sub(r"[^\d+]", "", phone)
    return f"tel:+47{digits}" if len(digits) == 8 else f"tel:{digits}"
