"""All the human-checked records together, as an answer draws on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.desk.acts import ListedAct
from assistant.desk.contacts import Contacts
from assistant.desk.corrections import Correction
from assistant.desk.duties import Duties
from assistant.desk.moved import Moved
from assistant.domain import Text

_NO_CONTACTS = Contacts(())
_NO_DUTIES = Duties()


@dataclass(frozen=True)
class Desk:
    """The human-checked records an answer draws on."""

    contacts: Contacts = _NO_CONTACTS
    corrections: tuple[Correction, ...] = ()
    gaps: Mapping[str, Text] = field(default_factory=dict)  # what the source's text lacks, by quote
    moves: tuple[Moved, ...] = ()
    acts: Mapping[str, ListedAct] = field(default_factory=dict)  # by title
    duties: Duties = _NO_DUTIES
