"""`crossaccount local`: serve a local Alibaba Cloud until it is terminated."""

from __future__ import annotations

import json
import re
import signal
import threading
from string import Template
from typing import TYPE_CHECKING

import click

from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from types import FrameType

_ACCOUNT_ID = re.compile(r"[0-9]{16}")
_DEFAULT_ACCOUNTS = "1234567890120000,1345678901230000"
_PORT_IN_USE_EXIT = 2


def _account_ids(_context: click.Context, _parameter: click.Parameter, value: str) -> list[str]:
    ids = [part.strip() for part in value.split(",") if part.strip()]
    wrong = [part for part in ids if not _ACCOUNT_ID.fullmatch(part)]
    if wrong or not ids:
        raise click.BadParameter(
            f"`{', '.join(wrong) or value}`: an account id is 16 digits; separate ids with commas"
        )
    if len(set(ids)) != len(ids):
        raise click.BadParameter(f"`{value}` names an account twice")
    return ids


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8600,
    show_default=True,
    help="Loopback port; 0 picks a free one.",
)
@click.option(
    "--accounts",
    callback=_account_ids,
    default=_DEFAULT_ACCOUNTS,
    show_default=True,
    help="Account ids, 16 digits each, with commas between.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one line of JSON once it is ready, and nothing else."
)
@click.option("--seed", type=int, default=None, help="Make ids and keys reproducible.")
def local(port: int, accounts: list[str], as_json: bool, seed: int | None) -> None:
    """Serve a local Alibaba Cloud: RAM, STS and Function Compute on one loopback port.

    Signatures, time stamps, nonces and policies are always checked. Everything is forgotten when it stops
    (Ctrl-C or SIGTERM).
    """
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    cloud = Cloud(accounts, seed=seed)
    try:
        cloud.start(port)
    except OSError as error:
        click.echo(
            f"cannot listen on 127.0.0.1:{port}: {error.strerror or error}; "
            "choose another --port, or 0 for a free one",
            err=True,
        )
        raise SystemExit(_PORT_IN_USE_EXIT) from error
    try:
        click.echo(_ready_line(cloud) if as_json else _banner(cloud))
        stop.wait()
    finally:
        cloud.stop()


def _ready_line(cloud: Cloud) -> str:
    keys = {account.id: account.root_key for account in cloud.accounts.values()}
    return json.dumps(
        {
            "endpoint": cloud.endpoint,
            "accounts": {
                account_id: {"accessKeyId": key.key_id, "accessKeySecret": key.secret}
                for account_id, key in keys.items()
            },
        }
    )


def _banner(cloud: Cloud) -> str:
    keys = "\n".join(
        f"  account {account.id}\n"
        f"    export ALIBABA_CLOUD_ACCESS_KEY_ID={account.root_key.key_id}\n"
        f"    export ALIBABA_CLOUD_ACCESS_KEY_SECRET={account.root_key.secret}"
        for account in cloud.accounts.values()
    )
    return _BANNER.substitute(endpoint=cloud.endpoint, keys=keys)


_BANNER = Template("""\
A local Alibaba Cloud is serving RAM, STS and Function Compute at ${endpoint}.
Always enforced: signatures, time stamps, nonces, key status, session expiry, policies.

Root keys, made up for this run and worth nothing elsewhere:
${keys}

Python SDK:
  Config(endpoint="${endpoint}", protocol="HTTP", region_id="cn-hangzhou",
         access_key_id=..., access_key_secret=...)
another region of Function Compute through the same port:
  Config(endpoint="fcv3.ap-northeast-1.aliyuncs.com", protocol="HTTP",
         http_proxy="http://${endpoint}", access_key_id=..., access_key_secret=...)
This project, with the embedded engine and the account's key exported:
  crossaccount up --stack account-a --endpoint ${endpoint}
Pulumi, in a copy of the stack file that you name with --config-file:
  alicloud:protocol: HTTP
  alicloud:accountType: Domestic
  alicloud:endpoints: '[{"ram":"${endpoint}","sts":"${endpoint}","fc":"${endpoint}"}]'

Stop it with Ctrl-C; nothing is kept.""")
