"""The forms of `crossaccount assume` that do more than print: a profile, a URI, a console link."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access.words import visible
from crossaccount.session import console
from crossaccount.session.aliyun_profile import process_command, write_profile
from crossaccount.session.child import run_child
from crossaccount.session.environment import serving
from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.loopback import LoopbackServer, credentials_answer, redirect_answer
from crossaccount.session.source import config_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.commands.role_options import Wanted

    Form = Callable[[Wanted, tuple[str, ...], Mapping[str, Any]], int | None]


def _profile(wanted: Wanted, _command: tuple[str, ...], other: Mapping[str, Any]) -> None:
    name: str = other["write_profile"]
    if not name.strip() or not name.isprintable():
        raise SessionError(ErrorKind.USAGE, f"`{visible(name)}` is no profile's name", "choose a plain name")
    source = wanted.source()
    command = process_command(_executable(), wanted.options, wanted.request, source)
    region = wanted.options.region or str(source.settings.get("region_id") or "cn-hangzhou")
    click.echo(f"profile `{name}` in `{config_file()}` will run:\n  {command}", err=True)
    if not other["yes"] and not click.confirm("write it?", err=True):
        raise SessionError(
            ErrorKind.FAILED, "nothing was written", "answer `y`, or pass `--yes`, to write it"
        )
    path = write_profile(name, command, region)
    if other["as_json"]:
        click.echo(json.dumps({"profile": name, "file": path, "processCommand": command}))
    else:
        click.echo(f"written; try `aliyun sts GetCallerIdentity --profile {name}`")


def _serve(wanted: Wanted, command: tuple[str, ...], other: Mapping[str, Any]) -> int | None:
    wanted.open()
    try:
        server = LoopbackServer(credentials_answer(lambda: wanted.open(renew=False)), other["port"])
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(
            ErrorKind.USAGE,
            f"cannot listen on 127.0.0.1:{other['port']}: {reason}",
            "choose another `--port`",
        ) from error
    with server:
        if command:
            return run_child(command, serving(server.url, os.environ))
        if other["as_json"]:
            click.echo(json.dumps({"credentialsUri": server.url}))
        else:
            click.echo(f"export ALIBABA_CLOUD_CREDENTIALS_URI='{server.url}'")
        sys.stdout.flush()
        click.echo("serving until Ctrl-C; whoever knows the address gets the session", err=True)
        threading.Event().wait()
    return None


def _console(wanted: Wanted, _command: tuple[str, ...], other: Mapping[str, Any]) -> None:
    destination = other["destination"] or console.DESTINATION
    try:
        session = wanted.open()
    except SessionError as error:
        if error.kind is not ErrorKind.CREDENTIALS:
            raise
        click.echo(f"{error}\nthe link of a signed-in RAM user, without a session:", err=True)
        _switch_role(wanted, (), other)
        return

    def link() -> str:
        return console.federation_link(session, destination)

    if other["open_browser"]:
        _open_once(link)
        return
    url = link()
    if other["as_json"]:
        told = {"kind": "federation", "url": url, "validSeconds": console.TOKEN_SECONDS}
        click.echo(json.dumps(told))
    else:
        click.echo(f"open it within {console.TOKEN_SECONDS} seconds; it works once", err=True)
        click.echo(url)


def _switch_role(wanted: Wanted, _command: tuple[str, ...], other: Mapping[str, Any]) -> None:
    request = wanted.request
    url = console.switch_role_link(request.account, wanted.role.alias, request.role_name)
    if other["open_browser"]:
        webbrowser.open(url)
    elif other["as_json"]:
        click.echo(json.dumps({"kind": "switch-role", "url": url}))
    else:
        click.echo(url)


def _open_once(link: Callable[[], str]) -> None:
    """Open a link that must not be an argument of the browser: the browser asks us for it."""
    asked = threading.Event()
    answer = redirect_answer(link)

    def once() -> tuple[int, dict[str, str], bytes]:
        if asked.is_set():
            return 404, {}, b""
        try:
            return answer()
        finally:
            asked.set()

    with LoopbackServer(once) as server:
        if not webbrowser.open(server.url):
            raise SessionError(ErrorKind.FAILED, "no browser can be opened here", "leave `--open` out")
        if not asked.wait(console.TOKEN_SECONDS):
            raise SessionError(ErrorKind.FAILED, "the browser did not ask for the page", "leave `--open` out")


def _executable() -> str:
    return os.path.realpath(shutil.which("crossaccount") or sys.argv[0])


FORMS: dict[str, Form] = {
    "write_profile": _profile,
    "serve": _serve,
    "console": _console,
    "switch_role": _switch_role,
}
