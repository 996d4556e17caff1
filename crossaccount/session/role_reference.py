"""The role that ROLE means: an ARN, a role of a hand-over file, or one of a stack's outputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.session import handover_file
from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class RoleReference:
    """A role, and what its owner told of it.

    Attributes:
        arn: the role.
        alias: the alias of its account, None where it is not known.
        longest: the longest session in seconds, None where it is not known.
        external_id_required: whether its trust asks for one, False where it is not known.
    """

    arn: str
    alias: str | None = None
    longest: int | None = None
    external_id_required: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where names of roles are looked up.

    Attributes:
        handover: a hand-over file.
        stack: a stack's name.
        project: the folder of `Pulumi.yaml`.
        state_dir: where the embedded engine keeps its states; None for its default.
    """

    handover: str | None = None
    stack: str | None = None
    project: str = "."
    state_dir: str | None = None


def find_role(role: str, places: Places) -> RoleReference:
    """The role that `role` means.

    Args:
        role: `acs:ram::...`; a hand-over file, as `FILE` or `FILE#NAME`; or a name.
        places: where a name is looked up.

    Raises:
        SessionError: of kind USAGE: there is no such role, or nowhere to look it up.
    """
    if role.startswith("acs:"):
        return RoleReference(role)
    file, _, name = role.partition("#")
    if file.endswith((".json", ".yaml", ".yml")) or (name and os.path.isfile(file)):
        return _of_file(file, name)
    if places.handover:
        return _of_file(places.handover, role)
    if places.stack:
        return _of_stack(role, places.stack, places)
    raise SessionError(
        ErrorKind.USAGE,
        f"`{role}` is a role's name, and there is nowhere to look it up",
        "add `--handover FILE` or `--stack NAME`, or give the role's ARN",
    )


def _of_file(file: str, name: str) -> RoleReference:
    handover = handover_file.read(file)
    if not name and len(handover.roles) == 1:
        name = next(iter(handover.roles))
    if name not in handover.roles:
        what = f"hands over no role `{name}`" if name else "hands over more than one role"
        raise SessionError(
            ErrorKind.USAGE,
            f"`{file}` {what}",
            f"name one: {_listed(f'{file}#{each}' for each in handover.roles)}",
        )
    handed = handover.roles[name]
    return RoleReference(handed.arn, handover.alias, handed.longest, handed.external_id_required)


def _of_stack(name: str, stack: str, places: Places) -> RoleReference:
    from crossaccount.session.stack_outputs import role_arns  # noqa: PLC0415  loads the engine

    arns = role_arns(stack, places.project, places.state_dir)
    if name not in arns:
        raise SessionError(
            ErrorKind.USAGE, f"stack `{stack}` has no role `{name}` in `roleArns`", f"it has {_listed(arns)}"
        )
    return RoleReference(arns[name])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names)) or "none"
