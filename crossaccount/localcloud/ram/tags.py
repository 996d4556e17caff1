"""Tags of roles and custom policies: tag, untag, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import boolean, integer, required
from crossaccount.localcloud.ram import faults, limits, lookup, names, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.fields import choice, text_list
from crossaccount.localcloud.ram.paging import cut, read_marker, write_marker
from crossaccount.localcloud.ram.tagging import TaggedKind, sent_tags, tag_filter, tag_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import CustomPolicy, Role

_PAGE_SIZE = 100
_LARGEST_PAGE = 1000


def _kind(call: Call) -> TaggedKind:
    required(call.params, "ResourceType")
    return "Role" if choice(call, "ResourceType", ("role", "policy")) == "role" else "Policy"


def _names(call: Call) -> list[str]:
    return text_list(call, "ResourceNames", "ResourceName")


def _find(call: Call, kind: TaggedKind, name: str) -> Role | CustomPolicy:
    ram = lookup.ram(call)
    found: Role | CustomPolicy | None
    if kind == "Role":
        found = ram.role(names.ROLE.check("ResourceNames", name))
    else:
        found = ram.policies.get(names.POLICY.check("ResourceNames", name))
    if found is None:
        raise faults.no_such(kind)
    return found


def _required_resources(call: Call, kind: TaggedKind) -> list[Role | CustomPolicy]:
    sent = _names(call)
    if not sent:
        raise faults.missing("ResourceNames")
    return [_find(call, kind, name) for name in sent]


def tag_resources(call: Call) -> views.Wire:
    """TagResources: adds the tags to every resource named, or to none."""
    kind = _kind(call)
    resources = _required_resources(call, kind)
    tags = sent_tags(call, kind)
    if not tags:
        raise faults.missing("Tag")
    if any(len(resource.tags | tags) > limits.TAGS_PER_RESOURCE for resource in resources):
        raise faults.limit_exceeded(f"{kind}.Tag")
    for resource in resources:
        resource.tags.update(tags)
    return {}


def untag_resources(call: Call) -> views.Wire:
    """UntagResources: takes the keys away, or all of them when `All` is true and no key is sent."""
    resources = _required_resources(call, _kind(call))
    keys = text_list(call, "TagKeys", "TagKey")
    everything = boolean(call.params, "All", default=False)
    if not keys and not everything:
        raise faults.missing("TagKeys")
    for resource in resources:
        for key in keys or list(resource.tags):
            resource.tags.pop(key, None)
    return {}


def list_tag_resources(call: Call) -> views.Wire:
    """ListTagResources: a flat array, one entry for each tag, in the order of names and keys.

    With `Tag`, only resources that have all of those tags, and of them only those tags.
    """
    kind = _kind(call)
    size = integer(call.params, "PageSize", _PAGE_SIZE, low=1, high=_LARGEST_PAGE)
    token = call.params.get("NextToken", "")
    after = read_marker("NextToken", "ListTagResources", token) if token else ""
    matches, wanted = tag_filter(call), tag_pairs(call)
    entries = {
        f"{resource.name}\n{key}": {
            "ResourceType": call.params["ResourceType"],
            "ResourceName": resource.name,
            "TagKey": key,
            "TagValue": value,
        }
        for resource in _asked(call, kind)
        if matches(resource.tags)
        for key, value in resource.tags.items()
        if not wanted or key in wanted
    }
    shown, last = cut(sorted(entries), after, size)
    more = {} if last is None else {"NextToken": write_marker("ListTagResources", last)}
    return {"TagResources": [entries[name] for name in shown]} | more


def _asked(call: Call, kind: TaggedKind) -> Sequence[Role | CustomPolicy]:
    sent = _names(call)
    if sent:
        return [_find(call, kind, name) for name in sent]
    ram = lookup.ram(call)
    return list(ram.roles.values()) if kind == "Role" else list(ram.policies.values())


def _resources(call: Call) -> Sequence[str]:
    kind = call.params.get("ResourceType", "")
    return [f"acs:ram:*:{call.account.id}:{kind}/{name}" for name in _names(call) or ["*"]]


OPERATIONS = (
    operation("TagResources", tag_resources, _resources),
    operation("UntagResources", untag_resources, _resources),
    operation("ListTagResources", list_tag_resources, _resources),
)
