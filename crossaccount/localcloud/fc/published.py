"""Versions and aliases: of functions in 3.0, of services in 2.0; the same rules for both.

A version is a copy that nothing changes any more; a function's has a description and times of its own, which
the provider reads with GetFunction. An alias is a name for a version. The second version that an
alias may name with a weight is kept and answered, but gets no calls.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.fc import faults, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import ALIAS_FIELDS, configured, json_body, new_name
from crossaccount.localcloud.fc.entities import Alias, Function, Service, Version
from crossaccount.localcloud.fc.paging import page, version_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc.authorized import Relative

    Find = Callable[[Call], Function | Service]

Owner = TypeVar("Owner", Function, Service)

LATEST = "LATEST"
LONGEST_ALIAS = 128
_VERSION_ID = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def resolve(owner: Owner, qualifier: str | None) -> Owner:
    """The function or service as a qualifier means it.

    Args:
        owner: as it is now.
        qualifier: a version, an alias, `LATEST` or nothing.

    Raises:
        ApiError: 404 `VersionNotFound` or `AliasNotFound`.
    """
    if not qualifier or qualifier == LATEST:
        return owner
    alias = owner.published.aliases.get(qualifier)
    version_id = qualifier if alias is None else alias.settings["versionId"]
    version = owner.published.versions.get(version_id)
    if version is None:
        raise faults.no_qualifier(qualifier)
    return cast("Owner", version.content)


def _version(owner: Function | Service, version_id: str) -> Version:
    found = owner.published.versions.get(version_id)
    if found is None:
        raise faults.no_qualifier(version_id)
    return found


def _publish(find: Find) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        owner, body = find(call), json_body(call)
        description = body.get("description") or ""
        if not isinstance(description, str):
            raise faults.invalid("description is not a text")
        published = owner.published
        version_id = str(published.next_version)
        now = call.cloud.clock.iso()
        content = owner.copied()
        if isinstance(content, Function):
            content.settings["description"] = description
            content.created = content.modified = now
        made = Version(version_id, description, now, content)
        published.next_version += 1
        published.versions[version_id] = made
        return views.version(made)

    return answer


def _list_versions(action: str, find: Find) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        shown, more = version_page(call, action, find(call).published.versions)
        return {"versions": [views.version(item) for item in shown]} | more

    return answer


def _delete_version(find: Find) -> Callable[[Call], RestAnswer]:
    def answer(call: Call) -> RestAnswer:
        owner = find(call)
        version = _version(owner, call.path["versionId"])
        for alias in owner.published.aliases.values():
            weights = alias.settings.get("additionalVersionWeight", {})
            if version.version_id in (alias.settings["versionId"], *weights):
                raise faults.still_used(
                    f"version '{version.version_id}' is used by alias '{alias.name}'; change the alias first"
                )
        del owner.published.versions[version.version_id]
        return RestAnswer(204)

    return answer


def _alias_settings(call: Call, owner: Function | Service, body: dict[str, Any]) -> dict[str, Any]:
    settings = configured(call, body, ALIAS_FIELDS)
    weights = settings.get("additionalVersionWeight", {})
    if not all(isinstance(weight, (int, float)) and 0 <= weight <= 1 for weight in weights.values()):
        raise faults.invalid("additionalVersionWeight gives no weight between 0 and 1 to each version")
    named = [settings["versionId"]] if "versionId" in settings else []
    for version_id in (*named, *weights):
        if not _VERSION_ID.fullmatch(version_id):
            raise faults.invalid(f"versionId `{version_id[:32]}` is no version")
        _version(owner, version_id)
    return settings


def _create_alias(find: Find) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        owner, body = find(call), json_body(call)
        name = new_name(body, "aliasName", LONGEST_ALIAS)
        if name == LATEST:
            raise faults.invalid(f"aliasName `{LATEST}` is taken by the function itself")
        settings = _alias_settings(call, owner, body)
        if "versionId" not in settings:
            raise faults.invalid("versionId is required")
        if name in owner.published.aliases:
            raise faults.alias_exists(name)
        now = call.cloud.clock.iso()
        alias = owner.published.aliases[name] = Alias(name, settings, now, now)
        return views.alias(alias)

    return answer


def _alias(call: Call, owner: Function | Service) -> Alias:
    name = call.path["aliasName"]
    found = owner.published.aliases.get(name)
    if found is None:
        raise faults.no_alias(name)
    return found


def _get_alias(find: Find) -> Callable[[Call], views.Wire]:
    return lambda call: views.alias(_alias(call, find(call)))


def _update_alias(find: Find) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        owner = find(call)
        alias = _alias(call, owner)
        alias.settings = alias.settings | _alias_settings(call, owner, json_body(call))
        alias.modified = call.cloud.clock.iso()
        return views.alias(alias)

    return answer


def _delete_alias(find: Find) -> Callable[[Call], RestAnswer]:
    def answer(call: Call) -> RestAnswer:
        owner = find(call)
        del owner.published.aliases[_alias(call, owner).name]
        return RestAnswer(204)

    return answer


def _list_aliases(find: Find) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        shown, more = page(call, "ListAliases", find(call).published.aliases)
        return {"aliases": [views.alias(item) for item in shown]} | more

    return answer


def _below(owner: Relative, kind: str, part: str | None) -> Relative:
    def relative(call: Call) -> str:
        return f"{owner(call)}/{kind}/{call.path[part] if part else '*'}"

    return relative


def routes(place: str, noun: str, find: Find, owner: Relative) -> tuple[Route, ...]:
    """The routes of versions and aliases below a function or a service.

    Args:
        place: the path of the function or service.
        noun: `Function` or `Service`, as the actions are called by it.
        find: finds the function or service, unqualified.
        owner: its resource.
    """
    versions, aliases = f"{place}/versions", f"{place}/aliases"
    version = _below(owner, "versions", "versionId")
    every_version, every_alias = _below(owner, "versions", None), _below(owner, "aliases", None)
    alias = _below(owner, "aliases", "aliasName")
    publish, listing, deletion = f"Publish{noun}Version", f"List{noun}Versions", f"Delete{noun}Version"
    return (
        Route("POST", versions, operation(publish, _publish(find), every_version)),
        Route("GET", versions, operation(listing, _list_versions(listing, find), every_version)),
        Route("DELETE", f"{versions}/{{versionId}}", operation(deletion, _delete_version(find), version)),
        Route("POST", aliases, operation("CreateAlias", _create_alias(find), every_alias)),
        Route("GET", aliases, operation("ListAliases", _list_aliases(find), every_alias)),
        Route("GET", f"{aliases}/{{aliasName}}", operation("GetAlias", _get_alias(find), alias)),
        Route("PUT", f"{aliases}/{{aliasName}}", operation("UpdateAlias", _update_alias(find), alias)),
        Route("DELETE", f"{aliases}/{{aliasName}}", operation("DeleteAlias", _delete_alias(find), alias)),
    )
