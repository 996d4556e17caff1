"""`crossaccount handover accept`: from an owner's file to the partner's stack settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from crossaccount.commands.handover_files import (
    JSON,
    PROJECT,
    handover_command,
    now,
    print_json,
    print_lines,
)
from crossaccount.commands.handover_writing import (
    DRY_RUN,
    NOT_DONE,
    REPLACE,
    YES,
    Asking,
    diff_text,
    write_settings,
)
from crossaccount.handover.acceptance import Taking, Who
from crossaccount.handover.acceptance import accept as take_up
from crossaccount.handover.errors import refused
from crossaccount.handover.stack_file import new_stack_file
from crossaccount.handover.stack_settings import PREFIX, StackSettings
from crossaccount.handover.telling import handover_lines, handover_to_json
from crossaccount.session.handover_file import read

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.session.handover_file import HandoverFile

_EPILOG = """\
\b
Examples:
  crossaccount handover accept company-a.json --stack account-b
  crossaccount handover accept company-a.json --stack account-b --user fc-operator --yes
  crossaccount handover accept company-a.json --stack account-b --function-role orders-fn --dry-run

\b
Exit codes: 0 written, or nothing to change, or a dry run; 1 not written (somebody said no, the file cannot
be written, or it was changed meanwhile); 2 the file, an option or the stack is wrong, nothing was written.
"""


@click.command(epilog=_EPILOG)
@click.argument("file")
@click.option("--stack", required=True, metavar="NAME", help="Your stack; its file is made if there is none.")
@PROJECT
@click.option("--role", "roles", multiple=True, metavar="NAME", help="Only this role of the file; repeat it.")
@click.option(
    "--as", "name", metavar="NAME", help="What to call the role in your stack (default: as its owner does)."
)
@click.option(
    "--user",
    "users",
    multiple=True,
    metavar="NAME",
    help="This RAM user may assume the roles; one the stack does not have is adopted.",
)
@click.option("--group", "groups", multiple=True, metavar="NAME", help="The users of this group may.")
@click.option(
    "--function-role",
    "function_roles",
    multiple=True,
    metavar="NAME",
    help="This role of yours may, such as a function's.",
)
@click.option("--grant", metavar="NAME", help="What to call the grant (default: assume-ROLE).")
@click.option(
    "--reference/--values",
    "reference",
    default=None,
    help="Name the file, read at each run, or write its ARN down (default: the file, if in the project).",
)
@click.option("--account", metavar="ID", help="Your account, for a new stack and a file of version 1.")
@click.option("--alias", metavar="ALIAS", help="Your account's alias, for a new stack.")
@click.option(
    "--region", default="cn-hangzhou", show_default=True, help="The provider's region, for a new stack."
)
@REPLACE
@DRY_RUN
@YES
@JSON
@handover_command
def accept(file: str, stack: str, project: Path, as_json: bool, **given: Any) -> int:  # noqa: ANN401  click passes what the options say
    """Check a hand-over FILE and put its roles into your stack's settings, once you agree.

    The checksum, every account id and ARN, the longest session and the end are checked. What is given is told
    in words, then the change to Pulumi.STACK.yaml as a diff; its comments and its order stay. Where the owner
    trusts users or roles by name, a grant lets exactly these assume the role; where it trusts the whole
    account, say who: `--user`, `--group`, `--function-role`. The result is tried with the project's program.
    A second run changes nothing.
    """
    handover = read(file)
    settings = _settings(project, stack, handover, given)
    who = Who(given["users"], given["groups"], given["function_roles"])
    taking = Taking(
        given["roles"], given["name"], given["grant"], who,
        _reference(file, settings, given["reference"]), given["replace"], now(),
    )  # fmt: skip
    chosen = take_up(handover, taking, settings, file)
    if not as_json:
        print_lines([*handover_lines(handover, chosen), ""])
    asking = Asking(given["yes"], given["dry_run"], as_json)
    written = write_settings(settings, asking, lambda: _try_out(settings))
    ungranted = [name for name in chosen if handover.roles[name].whole_account is not False and not who]
    _tell(settings, handover, chosen, written, ungranted, asking)
    return NOT_DONE if written is False and not (asking.dry_run or as_json) else 0


def _settings(project: Path, stack: str, handover: HandoverFile, given: dict[str, Any]) -> StackSettings:
    settings = StackSettings.open(project, stack)
    account = handover.partner or given["account"]
    if given["account"] and account != given["account"]:
        raise refused(f"the hand-over is for account `{account}`, not `{given['account']}`", "ask its owner")
    if not settings.exists:
        if account is None:
            raise refused("the file does not say which account is yours", "say it: `--account ID`")
        config = {
            "alicloud:region": given["region"],
            f"{PREFIX}side": "partner",
            f"{PREFIX}account": account,
            **({f"{PREFIX}alias": given["alias"]} if given["alias"] else {}),
        }
        comment = f"Account {account} works on what account {handover.account} hands over."
        settings.file = new_stack_file(settings.path.name, comment, config)
    settings.check_side("partner", account, "the hand-over is for account")
    if str(settings.value("account")) == handover.account:
        raise refused("the hand-over is this account's own", "a partner accepts it")
    return settings


def _reference(file: str, settings: StackSettings, wanted: bool | None) -> str | None:
    """The file as the stack file names it; None where its values are written down."""
    main = settings.project.main
    base = os.path.realpath(main if main.is_dir() else main.parent)
    path = os.path.realpath(file)
    inside = os.path.commonpath([base, path]) == base
    if wanted is None:
        wanted = inside
    return os.path.relpath(path, base) if wanted else None


def _try_out(settings: StackSettings) -> None:
    from crossaccount.handover.trial import tried  # noqa: PLC0415  loads the engine

    tried(settings.project, settings.stack, settings.file.text, f"stack `{settings.stack}` with this change")


def _tell(
    settings: StackSettings,
    handover: HandoverFile,
    chosen: list[str],
    written: bool | None,
    ungranted: list[str],
    asking: Asking,
) -> None:
    if asking.as_json:
        told = handover_to_json(handover)
        told["roles"] = {name: told["roles"][name] for name in chosen}
        print_json(
            {
                "file": str(settings.path),
                "changed": written is not None,
                "written": bool(written),
                "diff": diff_text(settings),
                "handover": told,
                "withoutGrant": ungranted,
            }
        )
        return
    if written is None:
        click.echo(f"nothing to change: {settings.path.name} has it already")
    elif written:
        click.echo(f"written: {settings.path.name}; look at `pulumi preview --stack {settings.stack}` next")
    else:
        click.echo("nothing was written")
    if ungranted and written is not None:
        click.echo(
            "nobody may assume it yet: add a grant with `--user`, `--group` or `--function-role`", err=True
        )
