"""`crossaccount local`: serve a local Alibaba Cloud until it is terminated."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from types import FrameType

_ACCOUNT_ID = re.compile(r"[0-9]{16}")
_DEFAULT_ACCOUNTS = ("1234567890120000", "1345678901230000")
_CANNOT_SERVE_EXIT = 2


def _account_ids(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    if value is None:
        return None
    ids = [part.strip() for part in value.split(",") if part.strip()]
    wrong = [part for part in ids if not _ACCOUNT_ID.fullmatch(part)]
    if wrong or not ids:
        raise click.BadParameter(
            f"`{', '.join(wrong) or value}`: an account id is 16 digits; separate ids with commas"
        )
    if len(set(ids)) != len(ids):
        raise click.BadParameter(f"`{value}` names an account twice")
    return ids


_EPILOG = """\
\b
Examples:
  crossaccount local
  crossaccount local --port 0 --accounts 1234567890120000 --json
  crossaccount local --seed-file seed.yaml --state state.json --save

\b
Exit codes: 0 ended; 2 it cannot serve, or wrong usage.
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8600,
    show_default=True,
    help="Port for HTTP and HTTPS; 0 picks a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--expose",
    is_flag=True,
    help="Needed, too, for a --host that other machines can reach.",
)
@click.option(
    "--accounts",
    callback=_account_ids,
    default=None,
    help="Account ids, 16 digits each, with commas between. "
    f"[default: {','.join(_DEFAULT_ACCOUNTS)}, unless a seed or a state has accounts]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one line of JSON once it is ready, and nothing else."
)
@click.option("--seed", type=int, default=None, help="Make ids and keys reproducible.")
@click.option(
    "--seed-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fill the accounts from this YAML file; see docs/local-cloud.md.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Begin with the state in this file.",
)
@click.option("--save", is_flag=True, help="Write the state back to the --state file at the end.")
@click.option("--observe", is_flag=True, help="Decide and record, but let pass what policies deny.")
@click.option(
    "--ca-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the certificate that HTTPS clients must trust to this file.",
)
def local(
    port: int,
    host: str,
    expose: bool,
    accounts: list[str] | None,
    as_json: bool,
    seed: int | None,
    seed_file: Path | None,
    state: Path | None,
    save: bool,
    observe: bool,
    ca_file: Path | None,
) -> None:
    """Serve a local Alibaba Cloud: RAM, STS and Function Compute on one port, over HTTP and HTTPS.

    Signatures, time stamps, nonces and policies are always checked. Everything is forgotten when it stops
    (Ctrl-C or SIGTERM), unless --state and --save keep it.
    """
    if save and state is None:
        raise click.UsageError("--save needs --state: the file that is written")
    if state is not None and seed is not None and state.exists():
        raise click.UsageError(f"--seed and --state exclude each other: `{state}` has its own identifiers")
    stop = _signalled()
    cloud = _filled(accounts, seed, seed_file, state, save, observe)
    try:
        cloud.start(port, host, exposed=expose)
    except OSError as error:
        _refuse(
            f"cannot listen on {host}:{port}: {error.strerror or error}; "
            "choose another --port, or 0 for a free one"
        )
    except ValueError:
        _refuse(f"`{host}` can be reached from other machines; to serve there, add --expose")
    try:
        if ca_file is not None:
            ca_file.write_bytes(cloud.ca_file.read_bytes())
        click.echo(_ready_line(cloud, ca_file) if as_json else _told(cloud, state if save else None))
        stop.wait()
    finally:
        cloud.stop()
    if save and state is not None:
        _write(state, cloud)


def _signalled() -> threading.Event:
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    return stop


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    raise SystemExit(_CANNOT_SERVE_EXIT)


def _filled(
    accounts: list[str] | None,
    seed: int | None,
    seed_file: Path | None,
    state: Path | None,
    save: bool,
    observe: bool,
) -> Cloud:
    cloud = Cloud(seed=seed, observe=observe)
    if state is not None and (state.exists() or not save):
        _restore(cloud, state)
    if seed_file is not None:
        try:
            cloud.seed(seed_file.read_text(encoding="utf-8"))
        except ValueError as error:
            _refuse(f"cannot plant `{seed_file}`:\n{error}")
    for account_id in accounts if accounts is not None else () if cloud.accounts else _DEFAULT_ACCOUNTS:
        if account_id not in cloud.accounts:
            cloud.add_account(account_id)
    return cloud


def _restore(cloud: Cloud, state: Path) -> None:
    try:
        cloud.restore(json.loads(state.read_text(encoding="utf-8")))
    except OSError as error:
        _refuse(f"cannot read the state `{state}`: {error.strerror}; with --save a new file is begun")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _refuse(f"`{state}` is no state of a local cloud: {error}")


def _write(state: Path, cloud: Cloud) -> None:
    """Writes the state so that the file is either the old or the new one, for its owner's eyes only."""
    text = json.dumps(cloud.to_json(), indent=2, sort_keys=True)
    beside = state.with_name(f"{state.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
    beside.replace(state)


def _ready_line(cloud: Cloud, ca_file: Path | None) -> str:
    keys = {account.id: account.root_key for account in cloud.accounts.values()}
    return json.dumps(
        {
            "endpoint": cloud.endpoint,
            "httpsEndpoint": cloud.https_endpoint,
            "caUrl": f"{cloud.url}/_local/ca.pem",
            "caFile": str(ca_file.resolve()) if ca_file is not None else None,
            "observe": cloud.observe,
            "accounts": {
                account_id: {"accessKeyId": key.key_id, "accessKeySecret": key.secret}
                for account_id, key in keys.items()
            },
        }
    )


def _told(cloud: Cloud, saved: Path | None) -> str:
    from crossaccount.commands.local_banner import banner  # noqa: PLC0415  programs that ask for JSON need none

    kept = f"its state goes to {saved}" if saved is not None else "nothing is kept"
    return f"{banner(cloud)}\nStop it with Ctrl-C; {kept}."
