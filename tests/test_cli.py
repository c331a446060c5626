"""The command line: danger gets through whatever is broken, and what is broken is said in Norwegian."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from tests.conftest import ROOT

DANGER = "Han står utenfor døra med kniv og sier at han skal drepe henne nå."
QUESTION = "Hva er exit-arbeid?"
PARTS = ("guide", "escalation", "sources.toml", "contacts.toml", "corrections.toml")


@pytest.fixture
def corpus(tmp_path: Path, corpus_dir: Path) -> Path:
    """Return a small corpus of one's own: no question bank, no routing examples, no statutes."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (corpus_dir / part).is_dir() else shutil.copy
        copy(corpus_dir / part, folder / part)
    return folder


@pytest.fixture
def data(tmp_path: Path, corpus: Path, weights_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder with weights, which the environment points at together with the corpus."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "weights").symlink_to(weights_dir)
    monkeypatch.setenv("EXIT_DATA_DIR", str(folder))
    monkeypatch.setenv("EXIT_CORPUS_DIR", str(corpus))
    return folder


def no_index(data: Path, corpus: Path) -> None:
    (data / "index").write_text("", encoding="utf-8")  # a file where the folder must be made


def no_weights(data: Path, corpus: Path) -> None:
    (data / "weights").unlink()
    (data / "weights").write_text("", encoding="utf-8")


def no_chapter(data: Path, corpus: Path) -> None:
    (corpus / "guide" / "03-forberedelser.md").unlink()


def asked(tmp_path: Path, *questions: str) -> tuple[Path, Path]:
    """Return a file of questions for `batch`, and where the replies shall stand."""
    lines = [json.dumps({"id": n, "question": text}) for n, text in enumerate(questions)]
    (tmp_path / "inn.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "inn.jsonl", tmp_path / "ut.jsonl"


def replies(file: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [row["replies"][0] for row in rows]


@pytest.mark.parametrize("broken", [no_index, no_weights, no_chapter])
def test_batch_lets_danger_through_when_nothing_can_be_built(
    data: Path, corpus: Path, tmp_path: Path, broken: Callable[[Path, Path], None]
) -> None:
    broken(data, corpus)
    lines, out = asked(tmp_path, DANGER, QUESTION)
    assert main(["batch", str(lines), str(out)]) == 0
    danger, ordinary = replies(out)
    assert (danger["outcome"], danger["route"]["level"]) == ("escalated", "escalate")
    assert ordinary["outcome"] == "failed" and ordinary["guidance"]["id"] == "nodboks"
    assert "reduced" in ordinary["warnings"]


def test_ask_lets_danger_through_when_nothing_can_be_built(
    data: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    no_index(data, corpus)
    assert main(["ask", DANGER]) == 0
    assert "112" in capsys.readouterr().out
    assert "Redusert drift: Får ikke skrevet indeksen" in caplog.text


@pytest.mark.parametrize("package", ["torch", "sentence_transformers", "tokenizers", "chromadb"])
def test_a_package_that_cannot_be_imported_does_not_stop_danger(
    data: Path, tmp_path: Path, package: str
) -> None:
    lines, out = asked(tmp_path, DANGER, QUESTION)
    code = (
        "import sys\n"
        "class Broken:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] == {package!r}: raise ImportError('ødelagt')\n"
        "sys.meta_path.insert(0, Broken())\n"
        "from assistant.cli import main\n"
        f"sys.exit(main(['batch', {str(lines)!r}, {str(out)!r}]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    danger, ordinary = replies(out)
    assert danger["outcome"] == "escalated"
    assert ordinary["outcome"] == "failed" and "make setup" in ordinary["text"]


def cut(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:8], 'navn = "uten slutt', *lines[8:]]), encoding="utf-8")


def without(field: str) -> Callable[[Path], None]:
    def take_away(file: Path) -> None:
        lines = file.read_text(encoding="utf-8").splitlines()
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{field} ="))
        file.write_text("\n".join(lines[:place] + lines[place + 1 :]), encoding="utf-8")

    return take_away


def latin(file: Path) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1", "replace"))


def headless(file: Path) -> None:
    file.write_text("Tekst uten overskrift.\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "broken", "line"),
    [
        ("guide/02-exit.md", Path.unlink, None),
        ("guide/02-exit.md", headless, 1),
        ("guide/02-exit.md", latin, None),
        ("guide/02-exit.md", lambda file: file.write_text("\n"), 1),
        ("guide/guide.toml", Path.unlink, None),
        ("guide/guide.toml", cut, 9),
        ("guide/guide.toml", without("missing"), 34),
        ("contacts.toml", cut, 9),
        ("contacts.toml", latin, 8),
        ("contacts.toml", without("source"), 6),
        ("corrections.toml", cut, 9),
        ("corrections.toml", without("nn"), 4),
    ],
)
def test_serve_stops_at_the_start_for_a_bad_file_with_its_line_and_what_to_do(
    data: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    broken: Callable[[Path], object],
    line: int | None,
) -> None:
    broken(corpus / name)
    # An address that cannot be listened on: were the fault not found, nothing would be served either.
    assert main(["serve", "--host", "256.0.0.1"]) == 1
    said = capsys.readouterr().err
    assert str(corpus / name) in said and "hent den på nytt" in said
    assert line is None or f"linje {line}:" in said


def test_a_corpus_without_contacts_and_corrections_may_be_served(data: Path, corpus: Path) -> None:
    (corpus / "contacts.toml").unlink()
    (corpus / "corrections.toml").unlink()
    command = [sys.executable, "-m", "assistant.cli", "serve", "--host", "256.0.0.1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2 and "Kan ikke åpne 256.0.0.1" in run.stderr


def test_texts_are_signed_one_by_one_also_when_sign_off_is_required(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EXIT_REQUIRE_SIGNOFF", "1")
    assert main(["ask", DANGER]) == 1
    who = ["--navn", "N. N.", "--rolle", "psykologspesialist"]
    assert main(["godkjenn", "akutt_fare", *who]) == 0
    assert "«akutt_fare» er godkjent" in capsys.readouterr().out
    signed = json.loads((data / "godkjenninger.json").read_text(encoding="utf-8"))
    assert [(row["id"], row["role"]) for row in signed] == [("akutt_fare", "psykologspesialist")]
    assert main(["godkjenn", "finnes_ikke", *who]) == 2


def test_a_killed_build_is_told_of_by_ask_and_batch(
    data: Path, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    no_weights(data, corpus)
    main(["ask", DANGER])
    assert "avbrutt" not in capsys.readouterr().err
    (data / "index" / "20200101T000000-1").mkdir(parents=True)
    lines, out = asked(tmp_path)
    for arguments in (["ask", DANGER], ["batch", str(lines), str(out)]):
        main(arguments)
        said = capsys.readouterr().err.splitlines()
        assert len([line for line in said if "avbrutt" in line]) == 1


def test_a_killed_build_is_told_of_by_serve(data: Path, corpus: Path) -> None:
    no_weights(data, corpus)
    (data / "index" / "20200101T000000-1").mkdir(parents=True)
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stderr is not None
        first = serving.stderr.readline()
        serving.kill()
    assert "avbrutt" in first and "exit-assistent ingest" in first


@pytest.mark.parametrize(
    "command", ["", "serve", "ask", "batch", "ingest", "kilder", "godkjenn", "eval"]
)
def test_help_is_in_norwegian(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("bruk: exit-assistent") and "vis denne hjelpen" in said
    for english in ("usage", "options", "positional", "arguments", "show this"):
        assert english not in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("serve --port 99999", "--port: «99999» må være et tall fra 0 til 65535"),
        ("serve --port x", "--port: «x» må være et tall fra 0 til 65535"),
        ("serve --port", "--port: trenger en verdi"),
        ("hopp", "KOMMANDO: 'hopp' finnes ikke. Velg en av: 'serve', 'ask'"),
        ("eval hopp", "HVA: 'hopp' finnes ikke. Velg en av: 'routing'"),
        ("eval all --data", "--data: trenger minst én verdi"),
        ("ask", "dette mangler: SPØRSMÅL"),
        ("ask a b", "ukjent: b"),
        ("ask a --json=1", "--json: tar ingen verdi, men fikk '1'"),
        ("godkjenn x --navn", "--navn: trenger en verdi"),
    ],
)
def test_a_wrong_call_is_explained_in_norwegian(
    arguments: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments.split())
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert f"feil: {says}" in said
    for english in ("usage", "error", "invalid", "argument", "expected", "required"):
        assert english not in said


@pytest.mark.parametrize(
    "question", ["kniv \ud83d", "\udcff" + DANGER, DANGER[:20] + "\ude00 " + DANGER]
)
def test_half_a_character_in_a_question_can_be_written_as_json_and_text(
    data: Path, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    no_weights(data, corpus)
    main(["ask", question, "--json"])
    out = capsys.readouterr().out
    out.encode("utf-8")
    assert (json.loads(out)["outcome"] == "escalated") == (DANGER in question)
    lines, written = tmp_path / "inn.jsonl", tmp_path / "ut.jsonl"
    row = {"id": question, "turns": [question, QUESTION]}
    lines.write_text(json.dumps(row), encoding="utf-8")
    assert main(["batch", str(lines), str(written)]) == 0
    answered = json.loads(written.read_text(encoding="utf-8"))
    assert (answered["replies"][0]["outcome"] == "escalated") == (DANGER in question)
    assert "�" in answered["id"]


def everything_in(data: Path) -> dict[str, str]:
    files = [p for p in data.rglob("*") if p.is_file() and "weights" not in p.parts]
    return {str(p.relative_to(data)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_a_dry_run_tells_what_is_new_and_changes_no_file(
    data: Path, corpus: Path, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "local"
    (local / "documents").mkdir(parents=True)
    (local / "documents" / "rutine.md").write_text("# Rutine\n\nRing samme dag.", "utf-8")
    monkeypatch.setenv("EXIT_LOCAL_DIR", str(local))
    assert main(["ingest", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["news"] is None  # nothing to compare with
    (local / "documents" / "rutine.md").write_text("# Rutine\n\nRing neste dag.", "utf-8")
    before = everything_in(data)
    assert main(["ingest", "--torr"]) == 0
    assert "«Ring neste dag.»" in capsys.readouterr().out
    assert main(["ingest", "--torr", "--json"]) == 0
    ((old, new),) = json.loads(capsys.readouterr().out)["news"]["changed"]
    assert (old["text"], new["text"]) == ("Ring samme dag.", "Ring neste dag.")
    assert everything_in(data) == before and any("parsed" in name for name in before)
    assert main(["ingest"]) == 0
    said = capsys.readouterr().out
    assert "1 endrede" in said and "startes på nytt" in said
