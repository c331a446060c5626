"""An argument parser that speaks bokmål: argparse's own words, in help and errors, put into Norwegian."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

# What argparse says of a wrong call, and how we say it; the groups are filled in.
_ERRORS = {
    r"argument (?P<name>.*?): (?P<rest>.*)": "{name}: {rest}",
    r"invalid choice: (.*) \(choose from (.*)\)": "{0} finnes ikke. Velg en av: {1}",
    r"the following arguments are required: (.*)": "dette mangler: {0}",
    r"unrecognized arguments: (.*)": "ukjent: {0}",
    r"expected one argument": "trenger en verdi",
    r"expected at least one argument": "trenger minst én verdi",
    r"ignored explicit argument (.*)": "tar ingen verdi, men fikk {0}",
    r"ambiguous option: (.*) could match (.*)": "{0} kan være {1}. Skriv hele navnet",
    r"invalid \w+ value: (.*)": "{0} er ikke en gyldig verdi",
}


class Parser(argparse.ArgumentParser):
    """Reads the command line; subcommands get the same class."""

    def __init__(self, **options: Any) -> None:
        """Take what ArgumentParser takes."""
        super().__init__(**{"formatter_class": _Formatter, **options, "add_help": False})
        self._positionals.title, self._optionals.title = "argumenter", "valg"
        self.add_argument("-h", "--help", action="help", help="vis denne hjelpen og avslutt")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and leave with status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: feil: {norwegian(message)}.\n")


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "bruk: " if prefix is None else prefix)


def norwegian(message: str) -> str:
    """Return one of argparse's error messages in bokmål, or as it stands when it is not a known one."""
    for pattern, ours in _ERRORS.items():
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found and "name" in found.groupdict():
            return f"{found['name']}: {norwegian(found['rest'])}"
        if found:
            return ours.format(*found.groups())
    return message


def port(text: str) -> int:
    """Read a port number from 0 to 65535."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"«{text}» må være et tall fra 0 til 65535")
    return int(text)
