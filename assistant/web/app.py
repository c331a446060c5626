"""Put the page on a web server of its own: health, our head, and nothing from another host."""

from __future__ import annotations

import html
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.answering import Assistant
from assistant.domain import Source
from assistant.errors import AssistantError, SettingsError
from assistant.language import say
from assistant.settings import Settings
from assistant.web.asking import Desk
from assistant.web.frame import emergency_line
from assistant.web.office import Office, OpenRest
from assistant.web.page import Page

_HERE = Path(__file__).parent
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
# Gradio's own scripts need `unsafe-inline` and `unsafe-eval`; another host gets nothing.
_HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def create_app(
    settings: Settings, front: Assistant, open_rest: OpenRest, sources: Sequence[Source] = ()
) -> FastAPI:
    """Return the whole web application; the rest of the office is opened when it starts.

    `open_rest(progress)` may take long; until it returns, `front` lets danger through and the page says so.
    """
    office = Office(front, open_rest)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        office.open()
        yield

    app = FastAPI(
        title="Exit-assistenten", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.office = office
    _add_health(app, office)
    app.add_middleware(OurHead)
    page = Page(Desk(office), sources, settings.data_dir)
    return gr.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,
        theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
        head=_our_own("style.css", "style") + _our_own("page.js", "script"),
    )


def _our_own(file: str, tag: str) -> str:
    """Return a file of ours inline: Gradio's own `css` argument rewrites media rules so that they miss."""
    return f"<{tag}>{(_HERE / file).read_text(encoding='utf-8')}</{tag}>"


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until interrupted; raise SettingsError when the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    shown = f"[{host}]" if ":" in host else host
    print(say("nb", "cli.open", address=f"http://{shown}:{listener.getsockname()[1]}"), flush=True)
    with listener:
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


def _cannot_listen(host: str, port: int, error: OSError) -> AssistantError:
    return SettingsError(
        say(
            "nb",
            "cli.busy",
            host=host,
            port=port,
            other=port + 1 if port < 65535 else 8000,
            why=error.strerror,
        )
    )


def _add_health(app: FastAPI, office: Office) -> None:
    @app.get("/health/live")
    def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/health/ready")
    def ready() -> JSONResponse:
        status = office.status
        body = {
            "status": status.phase,
            "what": status.what,
            "done": status.done,
            "total": status.total,
        }
        return JSONResponse(body, status_code=503 if status.phase == "starting" else 200)


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
