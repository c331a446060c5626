"""Put the page on a web server of its own: health, our head, and nothing from another host."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from assistant.answering import Assistant
from assistant.domain import Source
from assistant.errors import AssistantError, SettingsError
from assistant.language import say
from assistant.settings import Settings
from assistant.web.asking import Desk
from assistant.web.entrance import OurHead
from assistant.web.handlers import Handlers
from assistant.web.office import Office, OpenRest
from assistant.web.page import Page

_HERE = Path(__file__).parent
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


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
    page = Page(Handlers(Desk(office), sources, settings.data_dir))
    mounted: FastAPI = gr.mount_gradio_app(
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
    return mounted


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
