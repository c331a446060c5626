"""One frozen Settings, read once at the door (`cli.py`) and passed down as plain arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError

DEFAULT_HUB_MODEL = "intfloat/multilingual-e5-small"


@dataclass(frozen=True)
class Settings:
    """What the operator decided; every field has a sensible default."""

    corpus_dir: Path
    data_dir: Path
    local_dir: Path | None = None
    embedding_model: str | None = None  # a local folder or hub name; None is the bundled e5-small
    chat_model: str | None = None  # for instance "ollama:llama3"; None is quoting only
    chroma_url: str | None = None
    require_sign_off: bool = False
    host: str = "127.0.0.1"
    port: int = 7860

    @property
    def index_dir(self) -> Path:
        """Return the folder that holds the index and its predecessors."""
        return self.data_dir / "index"

    @property
    def weights_dir(self) -> Path:
        """Return the cache folder that weights are unpacked into."""
        return self.data_dir / "weights"


def read_settings(environ: Mapping[str, str], default_data_dir: Path) -> Settings:
    """Read `EXIT_*` from the environment; raise SettingsError naming the setting that is wrong."""

    def value(name: str) -> str | None:
        return environ.get(f"EXIT_{name}", "").strip() or None

    def folder(name: str) -> Path | None:
        text = value(name)
        return Path(text).expanduser().resolve() if text else None

    port = value("PORT") or "7860"
    if not port.isdigit() or not 0 <= int(port) <= 65535:
        raise SettingsError(f"EXIT_PORT er «{port}», men må være et tall fra 0 til 65535.")
    return Settings(
        corpus_dir=folder("CORPUS_DIR") or default_corpus_dir(),
        data_dir=folder("DATA_DIR") or default_data_dir,
        local_dir=folder("LOCAL_DIR"),
        embedding_model=value("EMBEDDING_MODEL"),
        chat_model=value("CHAT_MODEL"),
        chroma_url=value("CHROMA_URL"),
        require_sign_off=_switch(value("REQUIRE_SIGNOFF"), "EXIT_REQUIRE_SIGNOFF"),
        host=value("HOST") or "127.0.0.1",
        port=int(port),
    )


def default_corpus_dir() -> Path:
    """Return the corpus shipped in the wheel, else the checkout's own."""
    package = Path(__file__).parent
    shipped = package / "corpus"
    return shipped if shipped.is_dir() else package.parent / "corpus"


def _switch(text: str | None, name: str) -> bool:
    if text is None or text.lower() in {"0", "false", "nei", "no", "off"}:
        return False
    if text.lower() in {"1", "true", "ja", "yes", "on"}:
        return True
    raise SettingsError(f"{name} er «{text}», men må være 1 (ja) eller 0 (nei).")
