"""Trying settings with the project's own program before they are written.

The embedded engine previews the stack as the edited file would make it: from a folder of its own, which names
the program where it is, without credentials and without a state. Stand-ins take the place of what would have
to be asked for: secrets, users that are adopted, roles that another stack exports. Console logins with an
encrypted password are left out.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossaccount.engine.yaml_file import parse_mapping, read_mapping
from crossaccount.handover.errors import refused
from crossaccount.review.revisions import RevisionError, preview_of_stack

if TYPE_CHECKING:
    from crossaccount.access import StackRecords
    from crossaccount.engine.project import Project


def tried(project: Project, stack: str, text: str, name: str) -> StackRecords:
    """What the program makes of a stack file's text.

    Args:
        project: the project.
        stack: the stack's name.
        text: the stack file's content.
        name: what is tried, as messages name it.

    Raises:
        SessionError: of kind USAGE: the program refuses it.
    """
    with tempfile.TemporaryDirectory(prefix="crossaccount-trial-") as folder:
        place = Path(folder)
        document = {
            **read_mapping(project.directory / "Pulumi.yaml"),
            "main": str(project.main),
            "stackConfigDir": ".",
        }
        (place / "Pulumi.yaml").write_text(json.dumps(document), "utf-8")
        settings = _without_lookups(parse_mapping(text, f"Pulumi.{stack}.yaml"))
        (place / f"Pulumi.{stack}.yaml").write_text(json.dumps(settings), "utf-8")
        try:
            return preview_of_stack(place, stack, name)
        except RevisionError as error:
            raise refused(str(error)) from None


def _without_lookups(document: dict[str, Any]) -> dict[str, Any]:
    config = document.get("config")
    if not isinstance(config, dict):
        return document
    stand_ins = {"users": _made, "roles": _known}
    changed = dict(config)
    for key, entries in config.items():
        stand_in = stand_ins.get(key.removeprefix("crossaccount:"))
        if stand_in is not None and isinstance(entries, dict):
            changed[key] = {
                name: stand_in(each) if isinstance(each, dict) else each for name, each in entries.items()
            }
    return {**document, "config": changed}


def _made(user: dict[str, Any]) -> dict[str, Any]:
    """An adopted user as one that is made: whether it is there, only the account can say.

    A console login whose password is encrypted is left out: a stand-in for it would stand open in the file.
    """
    console = user.get("console")
    password = console.get("password") if isinstance(console, dict) else None
    hidden = isinstance(password, dict) and password.keys() == {"secure"}
    return {
        key: value
        for key, value in user.items()
        if (key, value) != ("adopt", True) and not (key == "console" and hidden)
    }


def _known(role: dict[str, Any]) -> dict[str, Any]:
    """A role of another stack as one whose ARN is known."""
    return {"arn": f"acs:ram::{'9' * 16}:role/of-another-stack"} if role.keys() <= {"stack", "role"} else role
