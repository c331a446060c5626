"""The error tree.

AssistantError              anything we can explain to the user; `code` picks the words in texts/*.toml
├── CorpusError             a corpus file is missing or malformed: file, line, what to do; stops the start
│   └── GuidanceError       an escalation text is missing, incomplete or altered
├── SettingsError           a setting or option makes no sense
├── IndexMissing            no index yet: build it
├── IndexMismatch           the index was made with other weights or another format: rebuild it
├── StorageError            the data folder cannot be read or written (full disk, read-only)
├── WeightsError            the embedding weights cannot be found or loaded
├── SourceError             a source could not be fetched or read
└── ChatModelError          the optional chat model failed
"""


class AssistantError(Exception):
    """Base of every error that is shown to a user; `str(error)` is the explanation in bokmål."""

    code = "failed"


class CorpusError(AssistantError):
    """A corpus file is missing or malformed."""

    code = "corpus"

    def __init__(self, file: object, what: str, line: int | None = None) -> None:
        """Name the file, the line if known, and what to do."""
        where = f"{file}, linje {line}" if line else f"{file}"
        super().__init__(f"{where}: {what}")


class GuidanceError(CorpusError):
    """An escalation text is missing, incomplete or altered."""

    code = "guidance"


class SettingsError(AssistantError):
    """A setting or option makes no sense."""

    code = "settings"


class IndexMissing(AssistantError):
    """There is no index yet."""

    code = "index_missing"


class IndexMismatch(AssistantError):
    """The index was made with other weights or in another format."""

    code = "index_mismatch"


class StorageError(AssistantError):
    """The data folder cannot be read or written."""

    code = "storage"


class WeightsError(AssistantError):
    """The embedding weights cannot be found or loaded."""

    code = "weights"


class SourceError(AssistantError):
    """A source could not be fetched or read."""

    code = "source"


class ChatModelError(AssistantError):
    """The optional chat model failed."""

    code = "chat_model"


def explained(error: Exception) -> AssistantError:
    """Return any error as one of ours, for the places that must stand whatever fails behind them."""
    if isinstance(error, AssistantError):
        return error
    if isinstance(error, ImportError):
        return AssistantError(
            f"En pakke lar seg ikke laste ({error}). Installer pakkene på nytt: make setup."
        )
    return AssistantError(f"Uventet feil ({type(error).__name__}: {error}). Se loggen.")
