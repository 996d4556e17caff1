"""What a test of a delegation needs: account A with a role, B with users, the real SDKs in between."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_fc20230330.client import Client as FcClient
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud

REGION = "cn-hangzhou"


@dataclass(frozen=True)
class Key:
    """An access key as the SDK answered it."""

    key_id: str
    secret: str


@dataclass(frozen=True)
class Delegation:
    """Two accounts and what a trap does with them, all through the SDKs."""

    cloud: Cloud
    owner: Account
    partner: Account
    open_session: Callable[..., Any]

    def ram_of(self, account: Account) -> RamClient:
        """RAM as the account's root."""
        return RamClient(config(account.root_key))

    def role(self, *trust: dict[str, Any], account: Account | None = None, policy: str = "") -> str:
        """Makes the role `fc-reader` in A with these trust statements, and gives its ARN."""
        client = self.ram_of(account or self.owner)
        made = client.create_role(
            ram.CreateRoleRequest(role_name="fc-reader", assume_role_policy_document=document(*trust))
        )
        if policy:
            client.attach_policy_to_role(
                ram.AttachPolicyToRoleRequest(role_name="fc-reader", policy_name=policy, policy_type="System")
            )
        return made.body.role.arn

    def trust(self, **condition: dict[str, str]) -> dict[str, Any]:
        """A statement that trusts account B, under a condition."""
        return trusting(f"acs:ram::{self.partner.id}:root", **condition)

    def user(self, *statements: dict[str, Any], name: str = "alice") -> Key:
        """Makes a user of B with an access key; without statements, one that may assume any role."""
        client = self.ram_of(self.partner)
        client.create_user(ram.CreateUserRequest(user_name=name))
        policy, kind = "AliyunSTSAssumeRoleAccess", "System"
        if statements:
            policy, kind = f"for-{name}", "Custom"
            client.create_policy(
                ram.CreatePolicyRequest(policy_name=policy, policy_document=document(*statements))
            )
        client.attach_policy_to_user(
            ram.AttachPolicyToUserRequest(user_name=name, policy_name=policy, policy_type=kind)
        )
        key = client.create_access_key(ram.CreateAccessKeyRequest(user_name=name)).body.access_key
        return Key(key.access_key_id, key.access_key_secret)

    def assume(self, key: Key, role_arn: str, **fields: Any) -> Any:
        """AssumeRole through the SDK."""
        return self.open_session(key, role_arn, **fields)


def config(key: Any, **fields: Any) -> Config:
    """An SDK configuration for an access key."""
    return Config(access_key_id=key.key_id, access_key_secret=key.secret, region_id=REGION, **fields)


def functions(credentials: Any) -> FcClient:
    """Function Compute as a role session."""
    return FcClient(
        Config(
            access_key_id=credentials.access_key_id,
            access_key_secret=credentials.access_key_secret,
            security_token=credentials.security_token,
            region_id=REGION,
        )
    )


def document(*statements: dict[str, Any]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "1", "Statement": list(statements)})


def trusting(principal: str, effect: str = "Allow", **condition: dict[str, str]) -> dict[str, Any]:
    """A trust statement about one principal, under a condition."""
    statement = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"RAM": [principal]}}
    return statement | ({"Condition": condition} if condition else {})


@contextmanager
def refused(code: str, status: int = 403) -> Iterator[Any]:
    """The SDK raises this refusal."""
    with pytest.raises(ClientException) as caught:
        yield caught
    assert (caught.value.code, caught.value.status_code) == (code, status)
