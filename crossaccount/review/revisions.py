"""Two git revisions of the project, each previewed by the embedded engine.

No credentials, no plugins, no passphrase: the programs run in copies of their own, in processes that get
none of this process's variables but the search path and the locale. A secret setting is replaced by a
stand-in that changes when the encrypted text does. Hooks of the repository do not run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossaccount.access import AccessError, StackRecords, preview_of
from crossaccount.engine import EngineError
from crossaccount.engine.project import Project
from crossaccount.engine.yaml_file import read_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
_RUN = "from crossaccount.entry import main; main()"
_HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_SECONDS = 300
_MOST_TOLD = 3


class RevisionError(AccessError):
    """A revision is not there, or one of its stacks cannot be previewed."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """What two revisions of a project declare.

    Attributes:
        before: the stacks of the base.
        after: the stacks of the head.
        changed: the changed lines of the head, by file.
    """

    before: tuple[StackRecords, ...]
    after: tuple[StackRecords, ...]
    changed: Mapping[str, tuple[int, ...]]


def read_revisions(project: Path, base: str, head: str | None, stacks: tuple[str, ...] = ()) -> Revisions:
    """The stacks of two revisions as a first `up` of each would make them.

    Args:
        project: the folder of `Pulumi.yaml`, inside a git repository.
        base: a revision; compared is its common ancestor with the head, as a pull request's diff does.
        head: a revision; None for the working tree as it is, files that are not ignored included.
        stacks: only these; by default every stack with a file.

    Raises:
        RevisionError: no repository, no such revision, or a preview that failed; names revision and stack.
    """
    project = project.resolve()
    root = Path(_git(project, "rev-parse", "--show-toplevel").strip())
    inside = project.relative_to(root.resolve())
    start = _ancestor(root, _commit(root, base), "HEAD" if head is None else _commit(root, head))
    with _folder() as folder:
        _check_out(root, start, folder / "before")
        if head is None:
            _copy_work_tree(root, folder / "after")
        else:
            _check_out(root, _commit(root, head), folder / "after")
        names = f"revision `{base}`", f"revision `{head}`" if head else "the working tree"
        with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            runs = [
                [
                    pool.submit(preview_of_stack, side / inside, stack, f"stack `{stack}` of {name}")
                    for stack in _stacks(side / inside, name, stacks, required=name == names[1])
                ]
                for side, name in zip((folder / "before", folder / "after"), names, strict=True)
            ]
            before, after = (tuple(run.result() for run in each) for each in runs)
    return Revisions(before, after, changed_lines(root, start, head, inside))


def changed_lines(root: Path, base: str, head: str | None, inside: Path) -> Mapping[str, tuple[int, ...]]:
    """The lines of the head that differ from the base, by file as programs name them (below the project)."""
    text = _git(
        root, "diff", "-U0", "--no-color", "--no-ext-diff", "--no-renames", base, *([head] if head else [])
    )
    found: dict[str, list[int]] = {}
    lines: list[int] = []
    content = 0
    for line in text.split("\n"):
        if content and line[:1] in ("+", "-"):
            content -= 1
        elif line.startswith("+++ "):
            path = line[4:].removeprefix("b/").strip('"')
            prefix = "" if str(inside) == "." else f"{inside.as_posix()}/"
            lines = found.setdefault(path.removeprefix(prefix), [])
        elif match := _HUNK.match(line):
            first, count = int(match[2]), int(match[3] or 1)
            content = int(match[1] or 1) + count
            lines.extend(range(first, first + count) if count else [max(1, first)])
    return {path: tuple(each) for path, each in found.items()}


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="crossaccount-diff-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _stacks(folder: Path, name: str, wanted: tuple[str, ...], *, required: bool) -> list[str]:
    if not (folder / "Pulumi.yaml").is_file() and not required:
        return []
    try:
        files = Project.load(folder).stack_directory.glob("Pulumi.*.yaml")
    except EngineError as error:
        raise RevisionError(f"{name}: {error}") from None
    found = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in files)
    missing = [stack for stack in wanted if stack not in found]
    if missing and required:
        raise RevisionError(f"{name} has no file `Pulumi.{missing[0]}.yaml` for stack `{missing[0]}`")
    return [stack for stack in found if not wanted or stack in wanted]


def preview_of_stack(folder: Path, stack: str, name: str) -> StackRecords:
    """A stack as its first `up` would make it.

    Args:
        folder: a copy of a project; secrets in its stack file are replaced by stand-ins.
        stack: the stack's name.
        name: the stack, as messages name it.

    Raises:
        RevisionError: the preview failed or took too long.
    """
    _conceal(folder, stack, name)
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    command = [sys.executable, "-I", "-c", _RUN, "preview", "--json", "--stack", stack]
    with tempfile.TemporaryDirectory() as states:
        try:
            done = subprocess.run(  # noqa: S603  this interpreter
                [*command, "--project", str(folder), "--state-dir", states],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise RevisionError(f"{name} took more than {_SECONDS} seconds to preview") from None
    if done.returncode:
        raise RevisionError(f"{name} cannot be previewed: {_told(done.stderr)}")
    return preview_of(json.loads(done.stdout[done.stdout.index("{") :]), name)


def _told(errors: str) -> str:
    """The error of a run in one line, with the first of the problems that it lists."""
    said = [line for line in errors.splitlines() if line.strip()]
    start = next((at for at, line in enumerate(said) if line.startswith("error:")), len(said) - 1)
    told = said[max(start, 0)].removeprefix("error:").strip() if said else "no message"
    listed = [line.strip() for line in said[start + 1 :] if line.startswith("  `")]
    return ": ".join([told, "; ".join(listed[:_MOST_TOLD])]) if listed else told


def _conceal(folder: Path, stack: str, name: str) -> None:
    """Puts a stand-in for every encrypted setting into a copy's stack file."""
    try:
        path = Project.load(folder).stack_file(stack)
        document = dict(read_mapping(path))
    except EngineError as error:
        raise RevisionError(f"{name}: {error}") from None
    for key in ("encryptionsalt", "encryptedkey", "secretsprovider"):
        document.pop(key, None)
    path.unlink()  # it may be a link to a file that is none of the copy's
    path.write_text(json.dumps(_concealed(document)), "utf-8")


def _concealed(value: Any) -> Any:  # noqa: ANN401  YAML
    if isinstance(value, dict):
        if value.keys() == {"secure"}:
            return f"secret-{hashlib.sha256(str(value['secure']).encode()).hexdigest()[:12]}"
        return {key: _concealed(each) for key, each in value.items()}
    return [_concealed(each) for each in value] if isinstance(value, list) else value


def _check_out(root: Path, commit: str, folder: Path) -> None:
    folder.mkdir()
    index = {"GIT_INDEX_FILE": str(folder.with_name(f"{folder.name}.index"))}
    _git(root, "read-tree", commit, environment=index)
    _git(root, "checkout-index", "--all", "--force", f"--prefix={folder}/", environment=index)


def _copy_work_tree(root: Path, folder: Path) -> None:
    folder.mkdir()
    for name in _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        source, target = root / name, folder / name
        if name and (source.is_file() or source.is_symlink()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def _commit(root: Path, revision: str) -> str:
    if revision.startswith("-"):
        raise RevisionError(f"`{revision}` is no revision")
    return _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", revision=revision).strip()


def _ancestor(root: Path, base: str, head: str) -> str:
    try:
        return _git(root, "merge-base", base, head).strip()
    except RevisionError:
        return base  # histories that have nothing in common, or a shallow clone


def _git(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, revision: str = ""
) -> str:
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  git, and revisions that were checked
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        raise RevisionError("`git` is not on the PATH, and `--base` needs it") from None
    if done.returncode and revision:
        raise RevisionError(
            f"there is no revision `{revision}` here; fetch it first (`git fetch --unshallow`)"
        )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RevisionError(f"`git {arguments[0]}` in `{folder}`: {said}")
    return done.stdout
