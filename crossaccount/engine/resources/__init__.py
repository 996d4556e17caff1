"""The RAM resource types that the engine manages, by Pulumi type token.

Each agrees with the alicloud provider in ids, inputs, outputs, what is replaced and which calls are made
(facts 7.3); where it deliberately does not, its docstring says so.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.engine.resources.access_key import AccessKey
from crossaccount.engine.resources.account_alias import AccountAlias
from crossaccount.engine.resources.attachments import PolicyAttachment, UserGroupAttachment
from crossaccount.engine.resources.group import Group
from crossaccount.engine.resources.login_profile import LoginProfile
from crossaccount.engine.resources.policy import Policy
from crossaccount.engine.resources.role import Role
from crossaccount.engine.resources.user import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.resource_type import ResourceType

__all__ = ["RESOURCE_TYPES"]

_TYPES: tuple[ResourceType, ...] = (
    AccessKey(),
    AccountAlias(),
    Group(),
    LoginProfile(),
    Policy(),
    PolicyAttachment("Group"),
    PolicyAttachment("Role"),
    PolicyAttachment("User"),
    Role(),
    User(),
    UserGroupAttachment(),
)

RESOURCE_TYPES: Mapping[str, ResourceType] = MappingProxyType({kind.token: kind for kind in _TYPES})
