"""An External profile in the aliyun CLI's configuration that asks `crossaccount assume` for its key.

Only the profile is written, never a session's key; everything else in the file stays as it is.
Source: aliyun CLI documentation, "Configure credentials", mode External.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.source import SourceKind, config_file, read_profiles
from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from crossaccount.session.assume_options import AssumeOptions
    from crossaccount.session.request import SessionRequest
    from crossaccount.session.source import Source

_DIRECTORY, _FILE = 0o700, 0o600


def process_command(executable: str, options: AssumeOptions, request: SessionRequest, source: Source) -> str:
    """The command of the profile: the same session, from the same source, wherever it is run.

    Args:
        executable: the command `crossaccount`, as it can be run from anywhere.
        options: what was asked for.
        request: the session that came of it.
        source: who assumes the role; a profile is named, so that the new profile cannot come to ask itself.

    Raises:
        SessionError: of kind USAGE: the external id stands in the options, and would stand in the file.
    """
    if options.external_id is not None and not options.external_id.startswith("@"):
        raise SessionError(
            ErrorKind.USAGE,
            "the external id would stand in the aliyun CLI's configuration and in process lists",
            "write it to a file of yours (mode 0600) and pass `--external-id @FILE`",
        )
    words = [executable, "assume", request.role_arn, "--process", f"--duration={request.duration}"]
    policy = options.session_policy
    if policy is not None and not policy.lstrip().startswith("{"):
        policy = os.path.abspath(policy.removeprefix("@"))
    pinned = str(source.settings.get("name")) if source.kind is SourceKind.PROFILE else None
    for name, value in (
        ("session-name", request.session_name),
        ("external-id", options.external_id and "@" + os.path.abspath(options.external_id[1:])),
        ("session-policy", policy),
        ("source-identity", request.source_identity),
        ("endpoint", options.endpoint),
        ("region", options.region),
        ("profile", pinned),
    ):
        if value:
            words.append(f"--{name}={value}")
    return shlex.join(words)


def changed(document: dict[str, Any], name: str, command: str, region: str) -> dict[str, Any]:
    """The configuration with the profile in it.

    Args:
        document: the configuration as it is.
        name: the profile's name.
        command: what it runs.
        region: its default region, which the CLI insists on.

    Raises:
        SessionError: of kind USAGE: a profile of that name holds credentials of its own.
    """
    profiles = list(document.get("profiles", []))
    there = next((each for each in profiles if each.get("name") == name), None)
    if there is not None and there.get("mode") != "External":
        raise SessionError(
            ErrorKind.USAGE,
            f"profile `{name}` exists and has mode `{there.get('mode')}`",
            "choose another name: its credentials would be lost",
        )
    profile = {
        "name": name,
        "mode": "External",
        "process_command": command,
        "region_id": region,
        "output_format": "json",
        "language": "en",
    }
    kept = [each for each in profiles if each.get("name") != name]
    return {**document, "current": document.get("current") or name, "profiles": [*kept, profile]}


def write_profile(name: str, command: str, region: str) -> str:
    """Put the profile into the configuration, as a whole or not at all; returns the file.

    Raises:
        SessionError: the configuration cannot be read or written, or the name is taken.
    """
    path = os.path.realpath(config_file())
    content = changed(read_profiles(path), name, command, region)
    try:
        os.makedirs(os.path.dirname(path), mode=_DIRECTORY, exist_ok=True)
        write_whole(path, json.dumps(content, indent="\t", ensure_ascii=False), _FILE)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(ErrorKind.FAILED, f"`{path}` cannot be written: {reason}") from error
    return path
