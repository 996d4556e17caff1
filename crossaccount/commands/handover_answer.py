"""`crossaccount handover answer`: from a partner's request to the owner's stack settings."""

from __future__ import annotations

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
from crossaccount.commands.handover_permissions import change_of
from crossaccount.commands.handover_writing import (
    DRY_RUN,
    NOT_DONE,
    REPLACE,
    YES,
    Asking,
    diff_text,
    write_settings,
)
from crossaccount.handover.answer import delegation_of, has_external_id, take_up
from crossaccount.handover.errors import refused
from crossaccount.handover.request_file import of_content, read
from crossaccount.handover.stack_file import StackFile, new_stack_file
from crossaccount.handover.stack_settings import PREFIX, StackSettings
from crossaccount.handover.telling import request_lines
from crossaccount.session.assume_options import external_id_of

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.handover.request_file import Request

_EPILOG = """\
\b
Examples:
  crossaccount handover answer request.json --stack account-a --dry-run
  crossaccount handover answer request.json --stack account-a --markdown answer.md
  crossaccount handover answer request.json --stack account-a --external-id @external-id.txt --yes

\b
Exit codes: 0 written, or nothing to change, or a dry run; 1 not written (somebody said no, the file cannot
be written, or it was changed meanwhile); 2 the request, an option or the stack is wrong, nothing was written.
"""


@click.command(epilog=_EPILOG)
@click.argument("file")
@click.option("--stack", required=True, metavar="NAME", help="Your stack; its file is made if there is none.")
@PROJECT
@click.option("--as", "name", metavar="NAME", help="What to call the role (default: as the partner does).")
@click.option(
    "--external-id",
    metavar="ID|@FILE|-",
    help="The external id that the role is to ask for; it is encrypted.",
)
@click.option(
    "--external-id-later", is_flag=True, help="Set it afterwards: the role stays suspended until then."
)
@click.option("--allow-wildcard", is_flag=True, help="Take up a request for every action or function by `*`.")
@click.option("--alias", metavar="ALIAS", help="Your account's alias, for a new stack.")
@click.option(
    "--region", default="cn-hangzhou", show_default=True, help="The provider's region, for a new stack."
)
@click.option("--markdown", metavar="FILE|-", help="Write the permission diff as a pull request's comment.")
@REPLACE
@DRY_RUN
@YES
@JSON
@handover_command
def answer(file: str, stack: str, project: Path, as_json: bool, **given: Any) -> int:  # noqa: ANN401  click passes what the options say
    """Check a request FILE, show what it would give, and put it into your stack's settings, once you agree.

    The request is told in words, then the change to Pulumi.STACK.yaml as a diff, then the permission diff:
    who would gain what, from the project's program run on both. `*` is refused unless you allow it. Bring the
    stack up afterwards, and hand the role over with `crossaccount handover export`.
    """
    request = _checked(file, given)
    settings = _settings(project, stack, request, given)
    external_id, later = _external_id(request, settings, given)
    delegation = delegation_of(request, external_id)
    shown = _once_set(request, settings, replace=given["replace"]) if later else None
    if later:
        delegation["suspended"] = True
    take_up(request, delegation, settings, replace=given["replace"])
    shown = shown or settings.file
    if not as_json:
        print_lines([*request_lines(request), ""])
    told: dict[str, Any] = {}
    asking = Asking(given["yes"], given["dry_run"], as_json)
    written = write_settings(
        settings, asking, lambda: told.update(change_of(settings, shown, given["markdown"], as_json=as_json))
    )
    _tell(settings, request, written, told, asking, later=later)
    return NOT_DONE if written is False and not (asking.dry_run or as_json) else 0


def _checked(file: str, given: dict[str, Any]) -> Request:
    request = read(file)
    if given["name"]:
        request = of_content({**request.content(), "name": given["name"]}, "`--as`")
    wide = request.wildcards()
    if wide and not given["allow_wildcard"]:
        raise refused(
            f"the request asks for {', '.join(dict.fromkeys(wide))}",
            "have the partner name what it needs, or take it up with `--allow-wildcard`",
        )
    if request.expires is not None and request.expires <= now():
        raise refused(f"the request ended on {request.expires}", "ask the partner for a new one")
    return request


def _settings(project: Path, stack: str, request: Request, given: dict[str, Any]) -> StackSettings:
    settings = StackSettings.open(project, stack)
    if not settings.exists:
        config = {
            "alicloud:region": given["region"],
            f"{PREFIX}side": "owner",
            f"{PREFIX}account": request.owner,
            **({f"{PREFIX}alias": given["alias"]} if given["alias"] else {}),
        }
        comment = f"Account {request.owner} gives access to its functions."
        settings.file = new_stack_file(settings.path.name, comment, config)
    settings.check_side("owner", request.owner, "the request is to account")
    return settings


def _external_id(request: Request, settings: StackSettings, given: dict[str, Any]) -> tuple[object, bool]:
    """The external id as the file keeps it, and whether it comes later."""
    value, later = given["external_id"], given["external_id_later"]
    if value is not None and later:
        raise refused("`--external-id` and `--external-id-later` exclude each other", "give one of them")
    if value is None:
        missing = request.externalId and not has_external_id(request, settings)
        if missing and not later:
            raise refused(
                "the partner wants an external id to be asked for",
                "give one with `--external-id @FILE` or `-`, or `--external-id-later`",
            )
        return None, later and missing
    from crossaccount.handover.external_id import sealed_external_id  # noqa: PLC0415  loads the engine

    opened = click.prompt("external id", hide_input=True, err=True) if value == "-" else external_id_of(value)
    return sealed_external_id(opened, settings), False


def _once_set(request: Request, settings: StackSettings, *, replace: bool) -> StackFile:
    """The stack file as it will be when the external id is set: what the permission diff is about."""
    before = settings.file
    take_up(request, delegation_of(request, "to-be-set"), settings, replace=replace)
    found, settings.file = settings.file, before
    return found


def _tell(
    settings: StackSettings,
    request: Request,
    written: bool | None,
    told: dict[str, Any],
    asking: Asking,
    *,
    later: bool,
) -> None:
    if asking.as_json:
        print_json(
            {
                "file": str(settings.path),
                "changed": written is not None,
                "written": bool(written),
                "diff": diff_text(settings),
                "request": request.content(),
                **told,
            }
        )
        return
    if written is None:
        click.echo(f"nothing to change: {settings.path.name} has it already")
    elif written:
        click.echo(f"written: {settings.path.name}; look at `pulumi preview --stack {settings.stack}` next")
    else:
        click.echo("nothing was written")
    if later and written is not None:
        name = f'["{request.name}"]' if "." in request.name else f".{request.name}"
        path = f"{PREFIX}delegations{name}.trust.externalIds[0]"
        click.echo(
            f"the role is suspended: `pulumi config set --secret --path '{path}'`, then take `suspended` out",
            err=True,
        )
