"""The journal of a run in progress; `state_file` says what its lines are."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.engine import deployment_json
from crossaccount.engine.errors import StateError
from crossaccount.engine.state import PendingOperation, Resource, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from crossaccount.engine.state_file import StateFile


class Journal:
    """Applies each step to a state and appends it to the journal, before the next step starts.

    Safe to use from several threads.
    """

    def __init__(self, file: StateFile, state: State) -> None:
        self._file = file
        self._state = state
        self._lock = threading.Lock()
        self._salt: str | None = None
        if file.journal.exists():
            file.fold(state)
        file.journal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(file.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pending(self, kind: str, resource: Resource) -> None:
        """Record that an operation begins."""
        with self._lock:
            self._state.pending[resource.urn] = PendingOperation(kind, resource)
            self._append({"pending": {"type": kind, "resource": self._json(resource)}})

    def settle(self, urn: str) -> None:
        """Record that an operation ended without making anything."""
        with self._lock:
            if self._state.pending.pop(urn, None) is not None:
                self._append({"settle": urn})

    def put(self, resource: Resource) -> None:
        """Record that a resource exists thus."""
        with self._lock:
            self._state.put(resource)
            self._append({"put": self._json(resource)})

    def rename(self, old: str, new: str) -> None:
        """Record that a resource has another URN."""
        with self._lock:
            self._state.rename(old, new)
            self._append({"rename": [old, new]})

    def retire(self, resource: Resource) -> None:
        """Record that a resource was replaced and waits to be deleted."""
        with self._lock:
            self._state.retire(resource)
            self._append({"retire": self._json(resource)})

    def drop(self, resource: Resource) -> None:
        """Record that a resource is gone."""
        with self._lock:
            self._state.drop(resource)
            self._append({"drop": self._json(resource)})

    def close(self) -> None:
        """Fold the journal into the state file."""
        os.close(self._descriptor)
        self._file.fold(self._state)

    def _json(self, resource: Resource) -> dict[str, Any]:
        return deployment_json.resource_to_json(resource, self._file.sealing.seal)

    def _append(self, record: Mapping[str, Any]) -> None:
        lines = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        if self._file.sealing.salt != self._salt:
            self._salt = self._file.sealing.salt
            lines = orjson.dumps({"salt": self._salt}, option=orjson.OPT_APPEND_NEWLINE) + lines
        try:
            os.write(self._descriptor, lines)
            os.fsync(self._descriptor)
        except OSError as error:
            raise StateError(f"cannot write journal `{self._file.journal}`: {error.strerror}") from None
