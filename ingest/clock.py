"""Progress for people: how far a long piece of work has come, and about how long is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

Progress = Callable[[str, int, int], None]  # what, done, of how many
PAUSE = 1.0  # seconds between two reports of the same piece of work
WIDTH = 60  # a shorter line is filled up, so that it hides the one it takes the place of


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


class Clock:
    """A `Progress` that prints one line over and over, at most once a second, with the time left.

    The time left counts on at the pace since this piece of work began; another `what` begins anew.
    """

    def __init__(
        self, out: TextIO | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Print on standard error unless another stream is given."""
        self._out, self._now = out or sys.stderr, now
        self._what = ""
        self._began = self._said = self._latest = now()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Report that so many are done; the last report ends the line."""
        moment = self._now()
        if what != self._what:
            # The work began where the one before it ended: its first report comes when some is done.
            self._what, self._began, self._said = what, self._latest, self._latest
        self._latest = moment
        if done < total and moment - self._said < PAUSE:
            return
        self._said = moment
        words = f"{what}: {done} av {total}"
        if 0 < done < total:
            words += f", omtrent {(moment - self._began) / done * (total - done):.0f} s igjen"
        end = "\n" if done >= total else "\r"
        print(f"{words:<{WIDTH}}", end=end, file=self._out, flush=True)
