"""Whether the engine handles what the program asks for; decided before anything changes."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING

from crossaccount.engine import urn as urns
from crossaccount.engine.errors import ProgramError, UnsupportedError
from crossaccount.engine.values import has_unknown, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.engine.registration import Registration
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource

PROVIDER_TYPE = "pulumi:providers:alicloud"
_RELEASE = re.compile(r"\d+\.\d+\.\d+")  # a pre-release is written otherwise by the SDK than by pip
_OTHER_IDENTITIES = frozenset(
    {"assumeRole", "assumeRoleWithOidc", "credentialsUri", "ecsRoleName", "profile", "sharedCredentialsFile"}
)


def type_of(goal: Registration, types: Mapping[str, ResourceType]) -> ResourceType | None:
    """Return the resource's type, None for a component or a provider.

    Raises:
        UnsupportedError: the type, an input, or the provider's version is not handled; names it.
    """
    if not goal.custom:
        return None
    _check_version(goal)
    if urns.is_provider(goal.type):
        if goal.type != PROVIDER_TYPE:
            raise UnsupportedError(_not_handled(goal, "the provider"))
        return None
    resource_type = types.get(goal.type)
    if resource_type is None:
        raise UnsupportedError(_not_handled(goal, "the resource type"))
    strange = sorted(goal.inputs.keys() - resource_type.inputs)
    if strange:
        raise UnsupportedError(
            f"{goal.label} sets `{strange[0]}`, which the embedded engine does not handle; "
            "nothing was changed"
        )
    return resource_type


def check_inputs(goal: Registration, resource_type: ResourceType) -> None:
    """Check the inputs that are known.

    Raises:
        ProgramError: the type finds problems in them.
    """
    known = {name: plain(value) for name, value in goal.inputs.items() if not has_unknown(value)}
    problems = resource_type.check(known)
    if problems:
        raise ProgramError(f"{goal.label}: {'; '.join(problems)}")


def check_complete(goal: Registration, resource_type: ResourceType | None) -> None:
    """Check that what is going to be created has every input it needs; one that is not known yet counts.

    Raises:
        ProgramError: one is missing; names each.
    """
    if resource_type is None:
        return
    missing = [f"`{name}`" for name in sorted(resource_type.required) if not plain(goal.inputs.get(name))]
    if missing:
        raise ProgramError(
            f"{goal.label}: {' and '.join(missing)} must be set, since nothing is made up for it"
        )


def check_replaceable(goal: Registration, old: Resource) -> None:
    """Check that a resource may be replaced; one that loses its protection in the same run may.

    Raises:
        UnsupportedError: it is protected, or its declaration takes over one that exists.
    """
    if old.protect and goal.protect:
        raise UnsupportedError(_protected(old, "replaced"))
    if goal.import_id:
        raise UnsupportedError(
            f"{goal.label} takes over `{goal.import_id}`, and would have to replace it; take `import_` out, "
            "or declare it as it is; nothing was changed"
        )


def check_provider(goal: Registration, access_key_id: str | None) -> None:
    """Check that an explicit provider is of the account the engine works on.

    Args:
        goal: the provider's registration.
        access_key_id: the target's; None when there is no target.

    Raises:
        UnsupportedError: it brings another identity.
    """
    other = sorted(_OTHER_IDENTITIES & goal.inputs.keys())
    if other:
        raise UnsupportedError(
            f"{goal.label} sets `{other[0]}`: the embedded engine works with one account's access key per run"
        )
    key = plain(goal.inputs.get("accessKey"))
    if key is not None and access_key_id is not None and key != access_key_id:
        raise UnsupportedError(
            f"{goal.label} has an access key of its own: the embedded engine works with one account per run; "
            "split the program into a stack for each account"
        )


def check_deletable(resources: Iterable[Resource], types: Mapping[str, ResourceType]) -> None:
    """Check that every resource may and can be deleted.

    Raises:
        UnsupportedError: one is protected, or of a type that the engine does not handle.
    """
    for resource in resources:
        if resource.protect:
            raise UnsupportedError(_protected(resource, "deleted"))
        needs_call = not resource.needs_no_call and not resource.retain_on_delete
        is_plain = not resource.custom or not needs_call or urns.is_provider(resource.type)
        if not is_plain and resource.type not in types:
            raise UnsupportedError(
                f"`{resource.name}` would be deleted, and its type `{resource.type}` is not handled by the "
                "embedded engine; nothing was changed: use `pulumi`"
            )


def _check_version(goal: Registration) -> None:
    """Check that a resource asks for the provider version of the installed SDK, as the SDK does by itself."""
    installed = _installed(urns.package(goal.type.removeprefix(urns.PROVIDER_PREFIX)))
    if goal.version and _RELEASE.fullmatch(installed) and goal.version.removeprefix("v") != installed:
        raise UnsupportedError(
            f"{goal.label} uses the option `version` with `{goal.version}`, which the embedded engine does "
            f"not handle: it knows the provider of the installed SDK, `{installed}`, alone; nothing was "
            "changed: leave it out, or use `pulumi up`"
        )


@lru_cache
def _installed(package: str) -> str:
    try:
        return metadata.version(f"pulumi-{package}")
    except metadata.PackageNotFoundError:
        return ""


def check_renaming(goal: Registration, changed: Iterable[str], tied: Iterable[Resource]) -> None:
    """Check that a change in place renames nothing that other resources are tied to by name.

    RAM moves a user's keys, policies, login and groups along with its name: what replaces them would clash
    with them, or leave the old ones behind, where no state knows of them.

    Args:
        goal: the resource.
        changed: the inputs whose change renames it.
        tied: what would be replaced, because it names it.

    Raises:
        UnsupportedError: something is tied to it.
    """
    names, first = list(changed), next(iter(tied), None)
    if names and first is not None:
        raise UnsupportedError(
            f"{goal.label} would be renamed in place (`{names[0]}`), and `{first.name}` ({first.type}) is "
            "tied to it by name, which RAM moves along; give the resource another name as well, so that it "
            "is made anew; nothing was changed"
        )


def _protected(resource: Resource, what: str) -> str:
    return (
        f"`{resource.name}` ({resource.type}) is protected and would be {what}; "
        "take `protect` off it, run `up`, then try again"
    )


def _not_handled(goal: Registration, what: str) -> str:
    return (
        f"{goal.label}: {what} `{goal.type}` is not handled by the embedded engine, which knows the "
        "RAM types this project declares; nothing was changed: use `pulumi up`"
    )
