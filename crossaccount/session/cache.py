"""Open sessions on disk, for this user alone.

Each is a file of its own, 0600 from its first moment, in a directory 0700; a file is replaced as a whole, so
that a reader sees the old one or the new one. What is truncated, somebody else's or readable by others is
never used. Renewal is guarded by `single_flight`.
"""

from __future__ import annotations

import json
import os
import stat
import time
from contextlib import suppress

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.role_session import RoleSession

_OWN = 0o700
_FILE = 0o600
_OTHERS = 0o077
_LARGEST = 64 * 1024
_KEPT = 24 * 3600


class UnusableEntryError(SessionError):
    """One cached session must not be used; another may take its place."""


class SessionCache:
    """The sessions of one user.

    Args:
        directory: where they are; by default `$CROSSACCOUNT_CACHE_DIR`, else `crossaccount/sessions` in
            `$XDG_CACHE_HOME` or `~/.cache`.
    """

    def __init__(self, directory: str | None = None) -> None:
        self.directory = directory or _default_directory()

    def prepare(self) -> None:
        """Make the directory, 0700, where it is not there.

        Raises:
            SessionError: of kind CACHE: it cannot be made, is somebody else's, or others may enter it.
        """
        try:
            os.makedirs(os.path.dirname(self.directory) or ".", mode=_OWN, exist_ok=True)
            try:
                os.mkdir(self.directory, mode=_OWN)
            except FileExistsError:
                self._check_directory()
        except OSError as error:
            raise SessionError(
                ErrorKind.CACHE,
                f"the cache directory `{self.directory}` cannot be made: {_reason(error)}",
                "set `CROSSACCOUNT_CACHE_DIR` to a directory of yours, or pass `--no-cache`",
            ) from error

    def read(self, name: str, now: float) -> RoleSession | None:
        """The session kept under `name`, if it is there and fresh.

        Raises:
            UnusableEntryError: the file must not be used; the text says why.
            SessionError: of kind CACHE: the directory must not be used.
        """
        try:
            content = self._content(self.path(name))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(name, _reason(error)) from error
        try:
            session = RoleSession.from_record(json.loads(content))
        except ValueError:
            raise self._unusable(name, "is truncated or no cached session") from None
        return session if session.is_fresh(now) else None

    def write(self, name: str, session: RoleSession) -> None:
        """Keep a session, replacing the one that was there; nothing half-written is ever seen or left.

        Raises:
            SessionError: of kind CACHE: it cannot be written.
        """
        self._write(self.path(name), session.to_record())

    def path(self, name: str) -> str:
        """The file of a session."""
        return os.path.join(self.directory, f"{name}.json")

    def _content(self, path: str) -> bytes:
        self._check_directory()
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise PermissionError("is no plain file")
            if status.st_uid != os.geteuid():
                raise PermissionError("belongs to another user")
            if stat.S_IMODE(status.st_mode) & _OTHERS:
                raise PermissionError("can be read or changed by other users")
            return file.read(_LARGEST)

    def _check_directory(self) -> None:
        status = os.lstat(self.directory)
        wrong = ""
        if not stat.S_ISDIR(status.st_mode):
            wrong = "is no directory"
        elif status.st_uid != os.geteuid():
            wrong = "belongs to another user"
        elif stat.S_IMODE(status.st_mode) & _OTHERS:
            wrong = "can be entered by other users"
        if wrong:
            raise SessionError(
                ErrorKind.CACHE,
                f"the cache directory `{self.directory}` {wrong}",
                f"look at what is in it, then remove it (`rm -r {self.directory}`) or `chmod 700` it, "
                "or set `CROSSACCOUNT_CACHE_DIR` to a directory of yours",
            )

    def _write(self, path: str, record: dict[str, object]) -> None:
        temporary = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _FILE)
            try:
                with open(descriptor, "w", encoding="utf-8") as file:
                    json.dump(record, file)
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
        except OSError as error:
            raise SessionError(
                ErrorKind.CACHE,
                f"the session cannot be kept in `{self.directory}`: {_reason(error)}",
                "make room or set `CROSSACCOUNT_CACHE_DIR`, or pass `--no-cache`",
            ) from error

    def _unusable(self, name: str, why: str) -> UnusableEntryError:
        return UnusableEntryError(ErrorKind.CACHE, f"the cached session `{self.path(name)}` {why}")

    def sweep(self, now: float) -> None:
        """Remove the files of sessions written a day ago, as far as that can be done; locks stay."""
        for entry in os.scandir(self.directory):
            if not entry.name.endswith(".lock"):
                with suppress(OSError):
                    _remove_old(entry, now - _KEPT)


def _remove_old(entry: os.DirEntry[str], before: float) -> None:
    if entry.stat(follow_symlinks=False).st_mtime < before:
        os.unlink(entry.path)


def _default_directory() -> str:
    chosen = os.environ.get("CROSSACCOUNT_CACHE_DIR")
    if chosen:
        return chosen
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "crossaccount", "sessions")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
