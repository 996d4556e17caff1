"""`crossaccount adopt`: cross-account roles made by hand come into a stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access.words import visible
from crossaccount.commands.adopt_telling import tell
from crossaccount.commands.audit_progress import reading
from crossaccount.commands.handover_files import JSON, PROJECT, handover_command
from crossaccount.commands.handover_writing import DRY_RUN, NOT_DONE, YES, Asking, write_settings
from crossaccount.commands.live_api import ToldCalls, live_api
from crossaccount.handover.errors import refused
from crossaccount.handover.stack_file import new_stack_file
from crossaccount.handover.stack_settings import PREFIX, StackSettings
from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.adopt.planning import Plan
    from crossaccount.adopt.reading import Account

write_import = write_whole
_EPILOG = """\
\b
Examples:
  crossaccount adopt --stack account-a --live --dry-run
  crossaccount adopt --stack account-a --live --role fc-partner-b --yes
  crossaccount adopt --stack account-a --endpoint 127.0.0.1:8080 --credentials A_ --json

\b
Exit codes: 0 all of it adopted, or nothing to adopt, or a dry run of that; 1 not written (somebody said no, a
file cannot be written, or was changed meanwhile); 2 an option or the stack is wrong; 3 no credentials; 6 the
account cannot be read; 9 something was left out, by name, and the rest adopted. With 1 to 6 nothing was
written.
"""


@click.command(epilog=_EPILOG)
@click.option("--stack", required=True, metavar="NAME", help="The owner's stack; its file is made if needed.")
@PROJECT
@click.option("--live", is_flag=True, help="Read the real account, with the key of the environment.")
@click.option("--endpoint", metavar="HOST:PORT", help="Read an account of the local cloud there.")
@click.option(
    "--credentials", default="", metavar="PREFIX", help="Prefix of the variables with the key, such as A_."
)
@click.option("--role", "roles", multiple=True, metavar="NAME", help="Only this role; repeat it.")
@click.option("--partner", metavar="ACCOUNT", help="Only roles for this account.")
@click.option(
    "--import-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file for Pulumi (default: import-STACK.json beside Pulumi.yaml).",
)
@click.option(
    "--external-ids",
    type=click.Choice(["encrypted", "clear"]),
    default="encrypted",
    show_default=True,
    help="How the stack file keeps external ids; `encrypted` needs its passphrase.",
)
@click.option("--alias", metavar="ALIAS", help="The account's alias, for a new stack.")
@click.option(
    "--region", default="cn-hangzhou", show_default=True, help="The provider's region, for a new stack."
)
@DRY_RUN
@YES
@JSON
@handover_command
def adopt(**given: Any) -> int:  # noqa: ANN401  click passes what the options say
    """Find roles that trust another account and were made by hand, and take them into a stack.

    Reads the account, and changes nothing in it. Writes the delegations into Pulumi.STACK.yaml, shown as a
    diff first, and the file for `pulumi import`, once you agree. The settings are tried with the project's
    program and held against the account: nobody gains or loses anything. What settings cannot say is named
    and left out.
    """
    from crossaccount.adopt import planning  # noqa: PLC0415  loads the engine

    asking = Asking(given["yes"], given["dry_run"], given["as_json"])
    account, settings = _opened(given)
    name = given["stack"].rpartition("/")[2]
    place = given["import_file"] or settings.project.directory / f"import-{name}.json"
    _refuse_other(place)
    others = planning.elsewhere(settings, account.id)
    plan = planning.chosen(account, given["roles"], given["partner"], planning.roles_of(settings), others)
    planning.tried(plan, account, settings)
    if plan.adoptions:
        planning.put(plan.adoptions, settings, _sealing(settings, given["external_ids"], asking))
    else:
        settings.file = type(settings.file)(settings.path.name, settings.original)
    written = write_settings(settings, asking, _nothing)
    if written:
        _write_import(place, plan, settings)
    tell(plan, settings, place, written, as_json=asking.as_json)
    if written is False and not (asking.dry_run or asking.as_json):
        return NOT_DONE
    return ErrorKind.PARTIAL.value if plan.left_out else 0


def _opened(given: dict[str, Any]) -> tuple[Account, StackSettings]:
    from crossaccount.adopt.reading import read  # noqa: PLC0415  loads the engine
    from crossaccount.engine.api_errors import ApiCallError  # noqa: PLC0415  loads the engine
    from crossaccount.engine.errors import EngineError  # noqa: PLC0415  loads the engine

    if not (given["live"] or given["endpoint"]):
        raise refused("no account is named", "give `--live` for the real one, or `--endpoint HOST:PORT`")
    settings = StackSettings.open(given["project"], given["stack"])
    try:
        with (
            live_api(given["endpoint"], given["credentials"], live=given["live"]) as api,
            reading() as told,
        ):
            settings = _of_owner(settings, api.account_id(), given)
            return read(ToldCalls(api, told)), settings
    except ApiCallError as error:
        raise SessionError(
            ErrorKind.UNREACHABLE, f"the account cannot be read: {visible(str(error))}"
        ) from None
    except EngineError as error:
        raise SessionError(ErrorKind.CREDENTIALS, str(error)) from None


def _of_owner(settings: StackSettings, account: str, given: dict[str, Any]) -> StackSettings:
    if not settings.exists:
        config = {
            "alicloud:region": given["region"],
            f"{PREFIX}side": "owner",
            f"{PREFIX}account": account,
            **({f"{PREFIX}alias": given["alias"]} if given["alias"] else {}),
        }
        settings.file = new_stack_file(settings.path.name, f"Account {account} gives access away.", config)
    settings.check_side("owner", account, "the credentials are of account")
    return settings


def _sealing(settings: StackSettings, how: str, asking: Asking) -> Callable[[str], object]:
    """How an external id is kept; a dry run needs no passphrase, for it shows a stand-in."""
    if how == "clear":
        return lambda value: value
    if asking.dry_run or (asking.as_json and not asking.yes):
        return lambda _: {"secure": "(encrypted when it is written)"}
    from crossaccount.handover.external_id import sealed_external_id  # noqa: PLC0415  loads the engine

    def sealed(value: str) -> object:
        try:
            return sealed_external_id(value, settings)
        except SessionError as error:
            advice = "set PULUMI_CONFIG_PASSPHRASE, or keep external ids readable: `--external-ids clear`"
            raise SessionError(error.kind, error.text, advice) from None

    return sealed


def _nothing() -> None:
    """The settings were tried before the diff is shown."""


def _refuse_other(path: Path) -> None:
    """Accepts a place for the import file where nothing is, or an earlier one."""
    from crossaccount.adopt.import_file import is_import_file  # noqa: PLC0415  seldom needed

    if not path.exists():
        if not path.parent.is_dir():
            raise refused(f"`{path.parent}` is no folder", "name another `--import-file`")
        return
    try:
        own = is_import_file(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        own = False
    if not own:
        raise refused(f"`{path}` is there already and is no import file", "name another `--import-file`")


def _write_import(path: Path, plan: Plan, settings: StackSettings) -> None:
    """Writes the import file; where that fails, the settings are as they were."""
    try:
        write_import(path, json.dumps(plan.document, indent=2) + "\n")
    except OSError as error:
        if settings.exists:
            write_whole(settings.path, settings.original)
        else:
            settings.path.unlink()
        reason = (error.strerror or "an error").lower()
        raise SessionError(
            ErrorKind.FAILED, f"`{path}` cannot be written: {reason}", "nothing was changed"
        ) from None
