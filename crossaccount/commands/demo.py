"""`crossaccount demo`: the whole delegation on this machine, as a story with evidence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from crossaccount.demo.engines import Engine, NotInstalledError, choose, opener

_REFUSED = 2
_FAILED = 1
_FOREIGN = ("ALICLOUD_", "ALIBABA_CLOUD_", "ALIBABACLOUD_")
_TELLING = ("ACCESS_KEY", "SECRET", "TOKEN", "PROFILE", "CREDENTIAL", "ENDPOINT")
_ENDPOINTS = ("RAM_ENDPOINT", "STS_ENDPOINT", "FC_ENDPOINT", "TF_ENDPOINT_PATH")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


_EPILOG = """\
\b
Examples:
  crossaccount demo
  crossaccount demo --engine auto

\b
Exit codes: 0 every step behaved; 1 one did not; 2 refused, and nothing was done.
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder of Pulumi.yaml (default: this one).",
)
@click.option(
    "--engine",
    type=click.Choice([each.value for each in Engine]),
    default=Engine.EMBEDDED.value,
    show_default=True,
    help="What runs the stacks: `pulumi`, the Pulumi CLI with the alicloud provider; `embedded`, which needs "
    "neither; `auto`, the first if it is installed.",
)
def demo(project: Path, engine: str) -> None:
    """Run the whole delegation, from nothing to revoked, on this machine.

    Two made-up companies, a local Alibaba Cloud, the two committed stacks, real SDK clients. Nothing outside
    this machine is called, and nothing in the project's folder is changed. Exits 0 when every step behaved.
    """
    _refuse_what_is_not_local(project)
    chosen = _choose(Engine(engine))
    # A proxy of the environment would be asked for 127.0.0.1 too: the SDKs know no exception for it.
    for name in (*_PROXIES, *(name.lower() for name in _PROXIES)):
        os.environ.pop(name, None)
    from crossaccount.demo.story import tell  # noqa: PLC0415  the SDKs load only once the demo may run

    sys.exit(0 if tell(project.resolve(), opener(chosen)) else _FAILED)


def _choose(asked: Engine) -> Engine:
    try:
        chosen = choose(asked)
    except NotInstalledError as error:
        click.echo(str(error), err=True)
        sys.exit(_REFUSED)
    if asked is Engine.AUTO:
        click.echo(f"engine: {chosen.value}", err=True)
    return chosen


def _refuse_what_is_not_local(project: Path) -> None:
    if not (project / "Pulumi.yaml").is_file():
        click.echo(f"`{project}` has no Pulumi.yaml; run the demo in the project's folder", err=True)
        sys.exit(_REFUSED)
    found = sorted(name for name in os.environ if os.environ[name] and _is_foreign(name))
    if found:
        click.echo(
            "the demo makes its own accounts and keys, and refuses to run beside others: "
            f"unset {', '.join(found)}, for example with "
            f"`env {' '.join(f'-u {name}' for name in found)} make demo`",
            err=True,
        )
        sys.exit(_REFUSED)


def _is_foreign(name: str) -> bool:
    """Whether a variable gives an Alibaba Cloud client a credential or an endpoint."""
    return name in _ENDPOINTS or (name.startswith(_FOREIGN) and any(word in name for word in _TELLING))
