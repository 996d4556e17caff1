"""A stack's state on disk: the deployment JSON, and beside it a journal of the run in progress.

Rewriting the whole state after each step would cost a run of 800 resources more than its API calls, so a run
appends one line of JSON for each step to `<stack>.journal.jsonl`, on disk before the next step starts, and
folds the journal into `<stack>.json` at its end. A run that finds a journal (the last one was killed) reads
the state through it. The lines, each an object with one key:

- `salt`: the salt of the passphrase that the secrets in the following lines are encrypted with;
- `pending`: an operation begins, as in the deployment's `pending_operations`;
- `put`: a resource exists thus, as in the deployment's `resources`;
- `retire`: a resource was replaced and waits to be deleted;
- `drop`: a resource is gone;
- `rename`: a resource has another URN, as a list of the old and the new one;
- `settle`: an operation ended without making anything.

Replaying lines that are folded already changes nothing, so a kill between the two is harmless.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.engine import deployment_json
from crossaccount.engine.errors import StateError
from crossaccount.engine.sealing import Sealing
from crossaccount.engine.state import State

if TYPE_CHECKING:
    from pathlib import Path


class StateFile:
    """The state of one stack at `<directory>/<project>/<stack>.json`, readable by its owner only.

    Args:
        directory: the root of all states.
        project: the project's name.
        stack: the stack's name.
        salt: the salt of the stack file, for a state that has none yet.
        passphrase: see `Sealing`.
    """

    def __init__(
        self,
        directory: Path,
        project: str,
        stack: str,
        salt: str | None = None,
        passphrase: str | None = None,
    ) -> None:
        self.path = directory / project / f"{stack}.json"
        self.journal = self.path.with_name(f"{stack}.journal.jsonl")
        self.lock = self.path.with_name(f"{stack}.lock")
        self._names = project, stack
        self.sealing = Sealing(salt, passphrase)
        self._passphrase = passphrase

    def load(self) -> State:
        """Read the state, through the journal of a run that was killed; an absent one is empty.

        Raises:
            StateError: a file is truncated, malformed, of another version, project or stack.
            SecretsError: it holds secrets and the passphrase is missing or wrong.
        """
        state = State(*self._names)
        if self.path.exists():
            where = f"state `{self.path}`"
            document = deployment_json.check(_parse(self.path.read_bytes(), where), where)
            self._use_salt(deployment_json.salt_of(document, where))
            state = deployment_json.from_json(document, *self._names, self.sealing.unseal, where)
        if self.journal.exists():
            self._replay(state)
            state.settle_renames()
        return state

    def document(self, state: State) -> dict[str, Any]:
        """Return the deployment JSON of a state; its secrets are encrypted."""
        return deployment_json.to_json(state, self.sealing.seal, lambda: self.sealing.salt)

    def fold(self, state: State) -> None:
        """Write the state whole, atomically, and end the journal.

        Raises:
            StateError: the disk refused.
        """
        state.settle_renames()
        data = orjson.dumps(self.document(state), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        temporary = self.path.with_name(f".{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(temporary, data, os.O_TRUNC)
            temporary.replace(self.path)
            _sync_directory(self.path.parent)
            self.journal.unlink(missing_ok=True)
        except OSError as error:
            raise StateError(f"cannot write state `{self.path}`: {error.strerror}") from None

    def _use_salt(self, salt: str | None) -> None:
        if salt is not None and salt != self.sealing.salt:
            self.sealing = Sealing(salt, self._passphrase)

    def _replay(self, state: State) -> None:
        where = f"journal `{self.journal}`"
        lines = self.journal.read_bytes().split(b"\n")
        for line in lines[:-1]:  # what follows the last newline was cut off by a kill, and did not happen
            record = _parse(line, where)
            if not isinstance(record, dict) or len(record) != 1:
                raise StateError(f"{where} is malformed; move it away to go on from the state beside it")
            ((verb, content),) = record.items()
            if verb == "salt":
                self._use_salt(content)
            else:
                try:
                    self._apply(state, verb, content, where)
                except TypeError:
                    raise StateError(
                        f"{where} has a malformed entry `{verb}`; move it away to go on without it"
                    ) from None

    def _apply(self, state: State, verb: str, content: Any, where: str) -> None:  # noqa: ANN401  JSON
        if verb == "settle":
            state.pending.pop(content, None)
        elif verb == "rename":
            state.rename(*content)
        elif verb == "pending":
            operation = deployment_json.pending_from_json(content, self.sealing.unseal, where)
            state.pending[operation.resource.urn] = operation
        elif verb in ("put", "retire", "drop"):
            getattr(state, verb)(deployment_json.resource_from_json(content, self.sealing.unseal, where))
        else:
            raise StateError(f"{where} has an unknown entry `{verb}`; move it away to go on without it")


def _parse(data: bytes, where: str) -> Any:  # noqa: ANN401  JSON
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise StateError(
            f"{where} is truncated or not JSON; restore it, or move it away to begin anew"
        ) from None


def _write(path: Path, data: bytes, flags: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
