"""The start page's own frame: language, title, safety headers, and the numbers before any script runs."""

from __future__ import annotations

import html
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.language import say
from assistant.web.frame import emergency_line

# Gradio's own scripts need `unsafe-inline` and `unsafe-eval`; another host gets nothing.
_HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class OurHead:
    """Rewrite the start page's frame: language, title, no foreign addresses, numbers before any script runs."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; the HTML of `/` is changed on its way out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: list[Message] = []
        body = bytearray()
        whole = scope["path"] == "/" and scope["method"] == "GET"

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_header_list()]
                if whole:
                    start.append(message)
                    return
            elif whole and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                await _send_page(start[0], bytes(body), send)
                return
            await send(message)

        await self._app(scope, receive, changed)


def _header_list() -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in _HEADERS.items()]


async def _send_page(start: Message, body: bytes, send: Send) -> None:
    page = our_frame(body.decode("utf-8")).encode("utf-8")
    headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(len(page)).encode())]})
    await send({"type": "http.response.body", "body": page})


def our_frame(page: str) -> str:
    """Return Gradio's start page in bokmål, without its adverts, with the emergency line and a word on scripts."""
    page = page.replace('lang="en"', 'lang="nb"', 1)
    page = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*', "", page)
    page = re.sub(r'<link rel="manifest"[^>]*>\s*', "", page)
    title = html.escape(say("nb", "page.title"))
    if "<title>" not in page:
        page = page.replace("<head>", f"<head><title>{title}</title>", 1)
    starting, no_script = (
        html.escape(say("nb", "page.loading")),
        html.escape(say("nb", "page.no_script")),
    )
    first = (
        f'<div id="first-paint"><p><strong>{title}</strong></p>{emergency_line("nb")}<p>{starting}</p>'
        f"<noscript><p>{no_script}</p></noscript></div>"
    )
    return page.replace("<gradio-app", f"{first}<gradio-app", 1)
