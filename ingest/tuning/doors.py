"""Write the vectors that ship with the tuned reader: python -m ingest.tuning.doors --weights DIR."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.archive.embedding import load_embedder
from assistant.archive.reader import open_reader
from assistant.settings import Settings
from ingest.corpus import read_corpus
from ingest.prepared import write_prepared


def main() -> None:
    """Embed every question of the bank that leads somewhere, beside the adapter that reads them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--weights", type=Path, required=True)
    options = parser.parse_args()
    reader = open_reader(load_embedder(None, options.weights), options.corpus)
    _, doors, _ = read_corpus(Settings(options.corpus, Path("unused")))
    doors = tuple(door for door in doors if door.targets)
    vectors = reader.queries([door.question for door in doors])
    folder = options.corpus / "questions" / "adapter"
    write_prepared(folder, reader.fingerprint, [door.id for door in doors], vectors)


if __name__ == "__main__":
    main()
