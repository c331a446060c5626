"""The command line: exit-assistent serve | ask | batch | ingest | kilder | godkjenn | eval."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, Any

from assistant.answering import Assistant
from assistant.contract import as_json, reply_json
from assistant.domain import Outcome, Source
from assistant.errors import AssistantError, CorpusError, IndexMismatch, IndexMissing, SettingsError
from assistant.language import say
from assistant.opening import (
    check_records,
    open_assistant,
    open_desk,
    open_front_door,
    reduced,
    shelf_of,
)
from assistant.options import Parser, port
from assistant.settings import Settings, read_settings
from assistant.terminal import for_terminal

# The libraries' own switches, set before anything imports them: no telemetry, no hub, no progress bars.
SWITCHES = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 when the work was not all done, 2 for a wrong call."""
    parser = _parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        settings = settings_from_environment()
        return int(options.run(options, settings))
    except AssistantError as error:
        print(f"Feil: {error}", file=sys.stderr)
        if isinstance(error, CorpusError):
            print(say("nb", "cli.mend"), file=sys.stderr)
        return 2 if isinstance(error, SettingsError) else 1
    except KeyboardInterrupt:
        print("\nAvbrutt.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1


def settings_from_environment() -> Settings:
    """Read `.env` and the environment, and set the libraries' switches."""
    import dotenv
    import platformdirs

    dotenv.load_dotenv(Path(".env"))
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
    settings = read_settings(os.environ, Path(platformdirs.user_data_dir("exit-assistent", False)))
    if settings.embedding_model is None and _weights_are_bundled():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    return settings


def _weights_are_bundled() -> bool:
    try:
        from assistant.archive.weights import bundled_file
    except ImportError:  # told when the weights are loaded; danger must not wait for them
        return False
    return bundled_file() is not None


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="exit-assistent",
        description="Svarer med sitater fra Veileder for exit-arbeid. Fare får faste, menneskeskrevne råd.",
    )
    parser.set_defaults(run=_serve, host=None, port=None)
    commands = parser.add_subparsers(title="kommandoer", metavar="KOMMANDO")
    serve = commands.add_parser(
        "serve", help="start chatten i nettleseren (dette skjer også uten kommando)"
    )
    serve.add_argument(
        "--host", metavar="ADRESSE", help="adressen å lytte på (ellers EXIT_HOST, så 127.0.0.1)"
    )
    serve.add_argument("--port", type=port, help="porten (ellers EXIT_PORT, så 7860)")
    serve.set_defaults(run=_serve)
    ask = commands.add_parser("ask", help="still ett spørsmål")
    ask.add_argument("question", metavar="SPØRSMÅL")
    ask.add_argument("--json", action="store_true", help="skriv svaret som JSON")
    ask.set_defaults(run=_ask)
    batch = commands.add_parser("batch", help="svar på ei fil med spørsmål (JSONL inn og ut)")
    batch.add_argument("input", metavar="INN.jsonl")
    batch.add_argument("output", metavar="UT.jsonl")
    batch.set_defaults(run=_batch)
    ingest = commands.add_parser("ingest", help="les inn veilederen og kildene på nytt")
    ingest.add_argument("--json", action="store_true", help="skriv rapporten som JSON")
    ingest.add_argument("--hent", action="store_true", help="hent de erklærte kildene først")
    ingest.add_argument(
        "--torr",
        action="store_true",
        help="vis hva som er nytt, uten å endre indeksen (med --hent: hent kopiene først)",
    )
    ingest.set_defaults(run=_ingest)
    listing = commands.add_parser(
        "kilder", help="vis alle kilder: tilstand, alder, lisens, avsnitt"
    )
    listing.add_argument("--json", action="store_true", help="skriv tabellen som JSON")
    listing.add_argument(
        "--eldre-enn",
        type=int,
        metavar="DAGER",
        help="vis bare kopier som er eldre; status 1 hvis det er noen",
    )
    listing.set_defaults(run=_holdings)
    approve = commands.add_parser("godkjenn", help="godkjenn en varseltekst som fagperson")
    approve.add_argument("id", metavar="ID", help="for eksempel akutt_fare")
    approve.add_argument("--navn", required=True, help="fagpersonens navn")
    approve.add_argument("--rolle", required=True, help="for eksempel psykologspesialist")
    approve.set_defaults(run=_approve)
    from evals.options import add_arguments

    add_arguments(commands.add_parser("eval", help="mål svarene mot skrevne tilfeller"), _eval)
    return parser


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.app import create_app, serve

    settings = replace(
        settings,
        host=options.host or settings.host,
        port=settings.port if options.port is None else options.port,
    )
    front = open_front_door(settings)
    sources = _checked_corpus(settings)
    app = create_app(settings, front, lambda progress: _opened(settings, progress), sources)
    serve(app, settings.host, settings.port)
    return 0


def _checked_corpus(settings: Settings) -> tuple[Source, ...]:
    """Read what people wrote and return the declared sources; raise CorpusError with file and fault."""
    from ingest.guide import read_guide

    check_records(settings.corpus_dir)
    read_guide(settings.corpus_dir / "guide")
    open_desk(settings)
    try:
        from ingest.corpus import read_sources
    except ImportError:  # told when the rest of the office opens; danger must not wait for it
        return ()
    return tuple(read_sources(settings.corpus_dir / "sources.toml").values())


def _opened(settings: Settings, progress: Any = None) -> Assistant:
    """Return the whole assistant, building what is missing first; whatever fails, danger gets through."""
    shelf = shelf_of(settings)
    signal = None
    try:
        _say_killed(settings)
        assistant = open_assistant(settings, shelf)
        if isinstance(assistant.trouble, IndexMissing) or (
            isinstance(assistant.trouble, IndexMismatch) and settings.embedding_model is None
        ):
            # Only here: an index that is there must open whatever is broken in the loading dock.
            from ingest.command import build_index

            signal = assistant.signal
            build_index(settings, progress)
            assistant = open_assistant(settings, shelf)
    except Exception as error:  # noqa: BLE001  # the front door stands whatever breaks behind it
        return reduced(shelf, error, signal)
    return assistant


def _say_killed(settings: Settings) -> None:
    from ingest.build import killed_builds

    if killed_builds(settings.index_dir):
        print(say("nb", "cli.killed"), file=sys.stderr)


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    reply = _opened(settings).ask([options.question])
    print(as_json(reply_json(reply), indent=1) if options.json else for_terminal(reply))
    return 1 if reply.outcome is Outcome.FAILED else 0


def _batch(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.batch import answer_lines

    assistant = _opened(settings)
    try:
        with (
            Path(options.input).open(encoding="utf-8", errors="replace") as lines,
            Path(options.output).open("w", encoding="utf-8") as out,
        ):
            return _write_replies(assistant, lines, out, answer_lines)
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}.") from error


def _write_replies(assistant: Assistant, lines: IO[str], out: IO[str], answer_lines: Any) -> int:
    failed = 0
    for row in answer_lines(assistant, lines):
        failed += "error" in row
        out.write(as_json(row) + "\n")
        out.flush()
    return 1 if failed else 0


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    from ingest.command import run

    shelf_of(settings)
    return run(options, settings, _evals_data())


def _evals_data() -> Path:
    import evals

    return Path(evals.__file__).parent / "data"


def _holdings(options: argparse.Namespace, settings: Settings) -> int:
    from ingest.holdings import as_json, as_table, holdings

    rows = holdings(settings, date.today())
    if options.eldre_enn is not None:
        rows = [row for row in rows if (row.age_days or 0) > options.eldre_enn]
    print(as_json(rows) if options.json else as_table(rows))
    return int(bool(rows) and options.eldre_enn is not None)


def _eval(options: argparse.Namespace, settings: Settings) -> int:
    from evals.cli import run

    return run(options, settings, lambda: _opened(settings))


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.safety.sign_offs import sign_off

    shelf = shelf_of(replace(settings, require_sign_off=False))
    known = {guidance.id: guidance for guidance in shelf}
    if options.id not in known:
        raise SettingsError(f"Ukjent tekst «{options.id}». Velg en av: {', '.join(known)}.")
    record = sign_off(
        known[options.id], options.navn, options.rolle, settings.data_dir, date.today()
    )
    print(
        f"«{options.id}» er godkjent {record.date} av {record.name} ({record.role}). Sjekksum {record.sha256[:12]}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
