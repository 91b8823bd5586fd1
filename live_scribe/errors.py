"""Every error the project raises on purpose. Messages say what to do and never hold a patient's words.

LiveScribeError            code, message
├── AudioError             sound that cannot be had: no file, not audio, no device
├── ModelError             a speech model that is not there, or not the one that was pinned
├── TemplateError          a template or cue file with a mistake, with file and line
├── DialogueError          a written dialogue that cannot be read
├── ConfigError            a wrong setting, address or port
├── WriterError            the language model is gone, slow, or answers nonsense
├── TermError              a term, a list of terms or a file of them that cannot be taken
│   └── DoubleTerm         the list has it already
├── RuleError              a rule that cannot be decided on (any more)
├── StorageError           the disk or database refuses
│   ├── SchemaTooNew       the database was written by a newer version
│   └── SequenceConflict   somebody else wrote to this visit
├── NotFound               no such visit, user or sample, or not yours
├── NotSignedIn            no session, or a wrong name or password
├── TooManyAttempts        slow down
└── CommandRefused         a command that the visit's rules do not allow
"""

from __future__ import annotations


class LiveScribeError(Exception):
    """Base of all. `code` is stable and goes to programs; the message goes to people."""

    code = "error"


class AudioError(LiveScribeError):
    """Sound cannot be had from where it was looked for."""

    code = "audio"


class ModelError(LiveScribeError):
    """A speech model is missing, or its files are not the pinned ones."""

    code = "model"


class TemplateError(LiveScribeError):
    """A template folder cannot be used; the message names file and line."""

    code = "template"


class DialogueError(LiveScribeError):
    """A written dialogue cannot be read; the message names the line, not its words."""

    code = "dialogue"


class ConfigError(LiveScribeError):
    """A setting is wrong; the message names it and what it may be."""

    code = "config"


class WriterError(LiveScribeError):
    """The language model gave no answer that can be used; ask no earlier than after `wait_s` seconds."""

    code = "language-model"

    def __init__(self, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class TermError(LiveScribeError):
    """A term cannot be taken; the message names the field or line, not its words."""

    code = "term"


class DoubleTerm(TermError):
    """The list has the term already."""

    code = "duplicate"


class RuleError(LiveScribeError):
    """A rule is not to be approved or undone as it stands now; the message says why."""

    code = "rule"


class StorageError(LiveScribeError):
    """The data folder or database cannot do what was asked (full, read-only, damaged)."""

    code = "storage"


class SchemaTooNew(StorageError):
    """The database was written by a newer version of live_scribe."""

    code = "schema-too-new"


class SequenceConflict(StorageError):
    """The entries do not follow the last stored one."""

    code = "sequence-conflict"


class NotFound(LiveScribeError):
    """There is nothing of that name, or nothing that the asker may see."""

    code = "not-found"


class NotSignedIn(LiveScribeError):
    """No valid session, or a wrong name or password; never says which."""

    code = "not-signed-in"


class TooManyAttempts(LiveScribeError):
    """Too many attempts in too short a time."""

    code = "too-many-attempts"


class CommandRefused(LiveScribeError):
    """The visit's rules do not allow a command.

    `code`: stale, wrong-state, forbidden, unknown-id, invalid or unconfirmed-token; `subject`: the id of the object the
    answer shows as it stands, if there is one.
    """

    def __init__(self, code: str, message: str, subject: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.subject = subject
