"""`crossaccount handover request`: a partner asks an owner for a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crossaccount.commands.handover_files import (
    FORMAT,
    JSON,
    OUT,
    PROJECT,
    handover_command,
    moment,
    print_json,
    print_lines,
    write_document,
)
from crossaccount.handover.errors import refused
from crossaccount.handover.request_file import KIND, PRESETS, VERSION, of_content, read
from crossaccount.handover.secrets import refuse_secrets
from crossaccount.handover.telling import request_lines
from crossaccount.sealed_file import sealed
from crossaccount.session.assume_options import seconds
from crossaccount.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_EPILOG = """\
\b
Examples:
  crossaccount handover request --stack account-b --owner 1234567890120000 --preset read --whole-account
  crossaccount handover request --account 1345678901230000 --owner 1234567890120000 --name fc-orders \\
      --function-role orders-fn --preset invoke --function orders --in cn-hangzhou \\
      --until 2027-03-31T23:59:59+09:00 --external-id --out request.json
  crossaccount handover request --stack account-b --owner 1234567890120000 --user dev --mfa \\
      --action fc:InvokeFunction --action 'fc:Get*' --function 'orders-*' --out request.yaml

\b
Exit codes: 0 written; 1 the file cannot be written; 2 an option is wrong, nothing was written.
"""


def _many(name: str, to: str, text: str, **more: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:  # noqa: ANN401  click's
    return click.option(name, to, multiple=True, help=text, **more)


@click.command(epilog=_EPILOG)
@click.option("--owner", required=True, metavar="ACCOUNT", help="The owner's account id.")
@click.option("--stack", metavar="NAME", help="Your stack: its account and alias are yours.")
@PROJECT
@click.option("--account", metavar="ID", help="Your account, without --stack.")
@click.option("--alias", metavar="ALIAS", help="Your account's alias, without --stack.")
@click.option(
    "--name", metavar="NAME", help="What to call the role (default: fc-, and your alias or account)."
)
@click.option("--purpose", metavar="TEXT", help="What it is for, in one line.")
@_many("--user", "users", "This RAM user of yours is to come; repeat it.", metavar="NAME")
@_many("--function-role", "roles", "This role of yours is, such as a function's.", metavar="NAME")
@_many("--group", "groups", "The users of this group, with --whole-account.", metavar="NAME")
@click.option("--whole-account", is_flag=True, help="Whomever of your account your own policies let.")
@_many("--preset", "presets", "A least-privilege preset.", type=click.Choice(PRESETS))
@_many("--action", "actions", "This action, such as fc:InvokeFunction, on what is named.", metavar="NAME")
@_many("--function", "functions", "Only on this function (3.0); a `*` stands for anything.", metavar="NAME")
@_many("--service", "services", "Only on this service (2.0).", metavar="NAME")
@_many("--in", "regions", "Only in this region.", metavar="REGION")
@click.option("--duration", default="1h", show_default=True, metavar="TIME", help="The longest session.")
@click.option("--until", metavar="TIME", help="Until when, such as 2027-03-31T23:59:59+09:00.")
@click.option("--external-id", is_flag=True, help="Have the owner ask for an external id.")
@click.option("--mfa", is_flag=True, help="Have the owner ask for a second factor.")
@_many("--source-ip", "source_ips", "Have the owner admit only this address or CIDR block.", metavar="CIDR")
@OUT
@FORMAT
@JSON
@handover_command
def request(
    stack: str | None,
    project: Path,
    out: Path | None,
    form: str | None,
    as_json: bool,
    **given: Any,  # noqa: ANN401
) -> None:
    """Ask an owner for a role: who you are, who is to come, for what, how long; a file to send.

    A request can name functions and services, never resources or policies. The owner answers it with
    `crossaccount handover answer`, sees what it would give, and hands the role over.
    """
    account, alias = _own(stack, project, given["account"], given["alias"])
    content = _content(account, alias, given)
    refuse_secrets(content, (), "the request")
    asked = of_content(content, "the request")
    document = sealed(asked.content())
    if out is None:
        write_document(document, None, "json" if as_json else form, is_own=_is_request)
        return
    write_document(document, out, form, is_own=_is_request)
    if as_json:
        print_json({"file": str(out), "request": document})
        return
    print_lines(request_lines(asked))
    click.echo(f"written: {out}; send it to account {asked.owner}, it holds no secret")


def _own(stack: str | None, project: Path, account: str | None, alias: str | None) -> tuple[str, str | None]:
    if (stack is None) is (account is None):
        raise refused("your account is not said, or twice", "give `--stack NAME` or `--account ID`")
    if account is not None:
        return account, alias
    from crossaccount.handover.stack_settings import StackSettings  # noqa: PLC0415  loads the engine

    settings = StackSettings.open(project, str(stack))
    if not settings.exists:
        raise refused(f"there is no `{settings.path.name}`", "give `--account ID`")
    settings.check_side("partner", None, "")
    own = settings.value("alias") if alias is None else alias
    return str(settings.value("account")), own


def _content(account: str, alias: str | None, given: dict[str, Any]) -> dict[str, Any]:
    where = {key: list(given[key]) for key in ("regions", "services", "functions")}
    actions = [{**where, "actions": list(given["actions"])}] if given["actions"] else []
    return {
        "kind": KIND,
        "version": VERSION,
        "account": account,
        "alias": alias,
        "owner": given["owner"],
        "name": given["name"] or f"fc-{alias or account}",
        "purpose": given["purpose"],
        "who": {
            "wholeAccount": given["whole_account"],
            **{key: list(given[key]) for key in ("users", "roles", "groups")},
        },
        "wants": {"presets": [{**where, "preset": each} for each in given["presets"]], "actions": actions},
        "maxSessionDuration": seconds(given["duration"]),
        "expires": None if given["until"] is None else moment(given["until"]),
        "externalId": given["external_id"],
        "mfa": given["mfa"],
        "sourceIps": list(given["source_ips"]),
    }


def _is_request(path: Path) -> bool:
    try:
        read(str(path))
    except SessionError:
        return False
    return True
