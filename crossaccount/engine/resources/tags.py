"""The tags of a role or a policy, as the provider reads and changes them.

Source: facts 3.2 (TagResources, UntagResources, ListTagResources) and 7.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.ram_api import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi

Tags = dict[str, str]

_OF_THE_PLATFORM = ("aliyun", "acs:", "http://", "https://", "sae.do.not.delete")


def own_tags(listing: list[dict[str, Any]]) -> Tags:
    """Return a tag listing as names with values, without the platform's own."""
    pairs = ((tag.get("TagKey", ""), tag.get("TagValue", "")) for tag in listing)
    return {key: value for key, value in sorted(pairs) if not key.startswith(_OF_THE_PLATFORM)}


def read_tags(api: RamApi, kind: str, name: str) -> Tags:
    """Ask RAM for the tags of one `role` or `policy`.

    Raises:
        ApiCallError: RAM refused.
    """
    found: list[dict[str, Any]] = []
    token: str | None = None
    while True:
        body = api.call("ListTagResources", resource_type=kind, resource_names=[name], next_token=token)
        found.extend(listed(body, "TagResources"))
        token = body.get("NextToken")
        if not token:
            return own_tags(found)


def change_tags(api: RamApi, kind: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Take off the tags that `new` lacks, then set those that differ.

    Raises:
        ApiCallError: RAM refused.
    """
    removed = sorted(old.keys() - new.keys())
    if removed:
        api.call("UntagResources", resource_type=kind, resource_names=[name], tag_keys=removed)
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    if changed:
        api.call("TagResources", resource_type=kind, resource_names=[name], tag=changed)
