"""A web server on loopback for every test that wants one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ingest.serving import Site, served


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site
