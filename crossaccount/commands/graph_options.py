"""The options that say where `explain` and `who-can` read access from, and the graph that follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError, graph_of, read_account, state_of
from crossaccount.access.inputs import read_stacks, with_previews
from crossaccount.access.json_file import read_json
from crossaccount.commands.live_api import live_api
from crossaccount.commands.refusing import refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crossaccount.access import AccessGraph, Facts, StackRecords

_ACCOUNT_ID = re.compile(r"[0-9]{16}")
_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to read from, as the options say."""

    states: tuple[Path, ...]
    previews: tuple[Path, ...]
    stacks: tuple[str, ...]
    project: Path
    state_dir: Path | None
    only_project: str | None
    accounts: Mapping[str, str]
    endpoint: str | None
    live: bool
    credentials: tuple[str, ...]

    def graph(self) -> AccessGraph:
        """The access graph of all that the options name.

        Raises:
            AccessError: something cannot be read, or the endpoint is not on this machine.
        """
        stacks = read_stacks(self.states, (), self.only_project)
        stacks += [self._embedded(name) for name in self._embedded_names()]
        stacks = with_previews(stacks, self.previews, self.only_project)
        check_named(self.accounts, stacks)
        return graph_of(stacks, live=self._live(), accounts=self.accounts)

    def _embedded_names(self) -> list[str]:
        if self.stacks or self.states or self.previews or self.endpoint or self.live:
            return list(self.stacks)
        names = sorted(path.stem for path in self._folder().glob("*.json")) if self._has_project() else []
        if not names:
            raise QuestionError(
                "there is nothing to read: give `--state FILE` (from `pulumi stack export`), "
                "`--preview FILE`, `--stack NAME`, or `--endpoint HOST:PORT` of a local cloud"
            )
        return names

    def _has_project(self) -> bool:
        return (self.project / "Pulumi.yaml").is_file()

    def _folder(self) -> Path:
        from crossaccount.engine.errors import ProjectError  # noqa: PLC0415  loads the engine
        from crossaccount.engine.project import Project  # noqa: PLC0415

        try:
            project = Project.load(self.project)
        except ProjectError as error:
            raise QuestionError(str(error)) from None
        return (self.state_dir or project.directory / ".crossaccount" / "state") / project.name

    def _embedded(self, name: str) -> StackRecords:
        path = self._folder() / f"{name}.json"
        if path.with_name(f"{name}.journal.jsonl").exists():
            raise QuestionError(
                f"a run of stack `{name}` is under way or was cut off: run `crossaccount refresh` first"
            )
        return state_of(read_json(path), str(path), self.only_project or path.parent.name)

    def _live(self) -> list[Facts]:
        if self.endpoint is None and not self.live:
            return []
        from crossaccount.engine.errors import EngineError  # noqa: PLC0415  loads the engine

        try:
            return [self._live_account(prefix) for prefix in self.credentials or ("",)]
        except EngineError as error:
            raise QuestionError(str(error)) from None

    def _live_account(self, prefix: str) -> Facts:
        with live_api(self.endpoint, prefix, live=self.live) as api:
            return read_account(api)


def graph_command(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options, `sources` instead of them, and exit code 2 for what cannot be read."""

    @wraps(command)
    def with_sources(**options: Any) -> None:  # noqa: ANN401  click passes what the options say
        sources = Sources(
            options.pop("states"),
            options.pop("previews"),
            options.pop("stacks"),
            options.pop("project"),
            options.pop("state_dir"),
            options.pop("only_project"),
            accounts_of(options.pop("accounts")),
            options.pop("endpoint"),
            options.pop("live"),
            options.pop("credentials"),
        )
        command(sources=sources, **options)

    decorated: Callable[..., None] = refusing(with_sources)
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def accounts_of(pairs: Iterable[str]) -> dict[str, str]:
    """The accounts of stacks, from `STACK=ID`.

    Raises:
        QuestionError: a pair is not of this form, a stack has two accounts, or an id is not 16 digits.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        stack, _, account = pair.partition("=")
        if not stack or _ACCOUNT_ID.fullmatch(account) is None:
            raise QuestionError(
                f"`{pair}` is not `STACK=ID` with an id of 16 digits, such as `account-a=1234567890120000`"
            )
        if found.setdefault(stack, account) != account:
            raise QuestionError(
                f"`--account` gives stack `{stack}` two accounts: `{found[stack]}`, `{account}`"
            )
    return found


def check_named(accounts: Iterable[str], stacks: Iterable[StackRecords]) -> None:
    """Accepts accounts of stacks that are given.

    Raises:
        QuestionError: `--account` names a stack that is not.
    """
    given = {name for stack in stacks for name in (stack.name, stack.stack)}
    for name in accounts:
        if name not in given:
            raise QuestionError(
                f"`--account` names stack `{name}`, which is not given: given are "
                + (", ".join(f"`{each}`" for each in sorted(given) if each) or "none")
            )


def now() -> str:
    """The time at which a question is asked, as the policy language writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


_OPTIONS = (
    click.option(
        "--state", "states", multiple=True, type=_FILE, help="A `pulumi stack export`; one for each stack."
    ),
    click.option(
        "--preview",
        "previews",
        multiple=True,
        type=_FILE,
        help="A `pulumi preview --json`, beside the --state before it: what will be.",
    ),
    click.option("--stack", "stacks", multiple=True, help="A stack of the embedded engine."),
    click.option(
        "--project",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        help="The folder of Pulumi.yaml, for --stack (default: this one).",
    ),
    click.option(
        "--state-dir",
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        help="Where trial states are kept, for --stack.",
    ),
    click.option("--only-project", help="Refuse states of any other project."),
    click.option(
        "--account",
        "accounts",
        multiple=True,
        metavar="STACK=ID",
        help="The account of a stack that does not say it.",
    ),
    click.option("--endpoint", help="Read an account from the local cloud at host:port."),
    click.option("--live", is_flag=True, help="Allow an endpoint that is not on this machine."),
    click.option(
        "--credentials",
        multiple=True,
        metavar="PREFIX",
        help="Prefix of the variables with an account's key, such as A_; again for another account.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON, with all evidence."),
)
