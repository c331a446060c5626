"""The shelf of fixed texts that the front door hands out: loaded, checked and signed. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant.domain import CATEGORIES, Guidance
from assistant.errors import GuidanceError
from assistant.safety.guidance_file import read_all
from assistant.safety.hashes import HASH_FILE, compare
from assistant.safety.sign_offs import read_sign_offs, signed

EMERGENCY_BOX, WANTS_OUT = "nodboks", "vil_ut"


class Shelf:
    """Every guidance text, checked; look one up by category or id."""

    def __init__(self, guidances: Mapping[str, Guidance]) -> None:
        """Keep the guidances by id; raise GuidanceError if a category or fixed card is missing."""
        self._by_id = dict(guidances)
        self._by_category = {c: g for g in self._by_id.values() for c in g.categories}
        for category in CATEGORIES:
            owners = [g.id for g in self._by_id.values() if category in g.categories]
            if not owners:
                raise GuidanceError(
                    "corpus/escalation",
                    f"mangler tekst for kategorien «{category}». Hent mappa på nytt.",
                )
            if len(owners) > 1:
                raise GuidanceError(
                    "corpus/escalation",
                    f"kategorien «{category}» har flere tekster: {', '.join(owners)}. Behold én.",
                )
        for card in (EMERGENCY_BOX, WANTS_OUT):
            if card not in self._by_id:
                raise GuidanceError(
                    "corpus/escalation", f"mangler teksten «{card}». Hent mappa på nytt."
                )

    def for_category(self, category: str) -> Guidance:
        """Return the guidance of a category."""
        return self._by_category[category]

    def __getitem__(self, guidance_id: str) -> Guidance:
        """Return the guidance with an id; raise KeyError if there is none."""
        return self._by_id[guidance_id]

    def __iter__(self) -> Any:
        """Iterate over all guidances."""
        return iter(self._by_id.values())

    @property
    def emergency_box(self) -> Guidance:
        """Return the short box that stands above an ordinary answer at level caution."""
        return self._by_id[EMERGENCY_BOX]


def load_shelf(
    folder: Path,
    sign_off_dir: Path,
    *,
    require_sign_off: bool = False,
    require_hashes: bool = False,
    today: date | None = None,
) -> Shelf:
    """Read and check every file of `folder`; raise GuidanceError naming file and fault.

    `sign_off_dir` holds the record of approvals. With `require_sign_off` an unsigned text is a fault.
    Where the folder has a list of checksums, a text that differs from it is a fault too; with
    `require_hashes` it must have one.
    """
    drafts = read_all(folder)
    compare(folder / HASH_FILE, drafts, required=require_hashes)
    approvals, day = read_sign_offs(sign_off_dir), today or date.today()
    guidances = {g.id: signed(g, approvals.get(g.id), day) for g in drafts}
    unsigned = [g.id for g in guidances.values() if g.status == "utkast" or g.overdue]
    if require_sign_off and unsigned:
        raise GuidanceError(
            folder,
            "EXIT_REQUIRE_SIGNOFF er på, men disse tekstene mangler gyldig godkjenning: "
            f"{', '.join(unsigned)}. Bruk exit-assistent godkjenn.",
        )
    return Shelf(guidances)
