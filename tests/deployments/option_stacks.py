"""Two stacks that use every option of every component, in phases: made, changed in place, replaced.

`docs/stack-files.md` lists the options; `tests/deployments/test_options.py` holds this list to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alibabacloud_ram20150501.models import CreateGroupRequest, CreateRoleRequest, CreateUserRequest

from crossaccount.demo.clients import Clients, Key
from tests.deployments.pulumi_project import OWNER, PARTNER, Hidden
from tests.deployments.walk import Phase

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud

Config = dict[str, Any]
_SERVICE_TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow",'
    '"Principal":{"Service":["fc.aliyuncs.com"]}}],"Version":"1"}'
)


def furnish(cloud: Cloud) -> None:
    """What the stacks find: in B a user to adopt, a group, and a function's execution role."""
    key = cloud.accounts[PARTNER].root_key
    ram = Clients(cloud.endpoint).ram(Key(key.key_id, key.secret))
    ram.create_user(CreateUserRequest(user_name="veteran"))
    ram.create_group(CreateGroupRequest(group_name="operators"))
    ram.create_role(CreateRoleRequest(role_name="runner", assume_role_policy_document=_SERVICE_TRUST))


def _side(side: str, account: str, alias: str, **rest: object) -> Config:
    keys = {"side": side, "account": account, "alias": alias, **rest}
    return {f"crossaccount:{key}": value for key, value in keys.items()}


def _owner(**delegations: object) -> Config:
    return _side("owner", OWNER, "company-a", delegations=delegations)


def _partner(users: object, roles: object, grants: object) -> Config:
    return _side("partner", PARTNER, "company-b", users=users, roles=roles, grants=grants)


def _both(owner: Config, partner: Config) -> dict[str, Config]:
    return {"account-a": owner, "account-b": partner}


def _readers(**changed: object) -> Config:
    return {
        "description": "reads",
        "trust": {"account": PARTNER, "wholeAccount": True, "externalIds": ["first-id"]},
        "permissions": {
            "systemPolicies": ["AliyunFCReadOnlyAccess"],
            "presets": [
                {"preset": "read", "regions": ["cn-hangzhou"], "services": ["legacy"], "functions": ["a"]},
                {"preset": "invoke", "functions": ["orders*"]},
                {"preset": "deploy", "passRoles": ["exec"]},
            ],
        },
        "maxSessionDuration": 7200,
        "tags": {"partner": "b", "purpose": "reading"},
        **changed,
    }


def _people(**changed: object) -> Config:
    return {
        "roleName": "fc.people",
        "trust": {
            "account": PARTNER,
            "users": ["veteran"],
            "mfa": True,
            "sourceIps": ["203.0.113.0/24", "198.51.100.7"],
            "expires": "2027-03-31T23:59:59+09:00",
        },
        "permissions": {
            "otherSystemPolicies": ["AliyunFCFullAccess"],
            "statements": [
                {
                    "effect": "Allow",
                    "actions": ["fc:GetFunction", "fc:ListFunctions"],
                    "resources": ["*"],
                    "conditions": {"IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]}},
                },
                {"effect": "Deny", "notActions": ["fc:*"], "resources": ["*"]},
            ],
        },
        **changed,
    }


def _machines(**changed: object) -> Config:
    return {
        "trust": {"account": PARTNER, "roles": ["runner"], "externalIds": ["first-id", "second-id"]},
        "permissions": {"systemPolicies": ["AliyunFCReadOnlyAccess", "AliyunFCInvocationAccess"]},
        "suspended": False,
        **changed,
    }


_PAUSED = {
    "trust": {"account": PARTNER, "wholeAccount": True},
    "permissions": {"systemPolicies": ["AliyunFCReadOnlyAccess"], "presets": [{"preset": "invoke"}]},
}
_BARE = {"trust": {"account": PARTNER, "users": ["veteran"], "roles": ["runner"]}}

_USERS: Config = {
    "signs-in": {
        "displayName": "Signs In",
        "comments": "with a password and a key",
        "accessKey": True,
        "console": {
            "password": Hidden("Correct-Horse-1"),
            "mfaBindRequired": False,
            "passwordResetRequired": True,
        },
    },
    "plain": {"userName": "plain.user"},
    "old": {"userName": "veteran", "adopt": True, "accessKey": True},
}
_ROLES: Config = {
    "readers": {"arn": f"acs:ram::{OWNER}:role/readers"},
    "referred": {"stack": "account-a", "role": "machines"},
    "machines": {"stack": "account-a"},
    "handed": {"handover": "company-a.json", "role": "people"},
    "people": {"handover": "company-a.json"},
}
_GRANTS: Config = {
    "operate": {
        "users": ["signs-in", "plain"],
        "groups": ["operators"],
        "roles": ["runner"],
        "assume": ["readers", "machines", "people"],
        "policyName": "operate-a",
        "description": "assume the roles of a",
    },
    "anywhere": {"users": ["old"], "systemPolicy": "AliyunSTSAssumeRoleAccess"},
}

MADE = Phase(
    "made",
    _both(
        _owner(
            readers=_readers(), people=_people(), machines=_machines(), paused={**_PAUSED, "suspended": True}
        ),
        _partner(_USERS, _ROLES, _GRANTS),
    ),
    {"account-a": {"create": 26}, "account-b": {"create": 17}},
)
CHANGED = Phase(
    "changed in place",
    _both(
        _owner(
            readers=_readers(
                description="reads still",
                maxSessionDuration=3600,
                tags={"partner": "b", "reviewed": "yes"},
                permissions={
                    "systemPolicies": ["AliyunFCReadOnlyAccess"],
                    "presets": [
                        {"preset": "read", "regions": ["cn-hangzhou", "cn-shanghai"]},
                        {"preset": "invoke", "functions": ["orders*", "invoices"]},
                        {"preset": "deploy"},
                    ],
                },
            ),
            people=_people(
                trust={"account": PARTNER, "users": ["veteran"], "sourceIps": ["203.0.113.0/24"]},
                permissions={
                    "otherSystemPolicies": ["AliyunFCFullAccess"],
                    "statements": [{"effect": "Allow", "actions": ["fc:GetFunction"], "resources": ["*"]}],
                },
            ),
            machines=_machines(suspended=True),
            paused={**_PAUSED, "suspended": False},
        ),
        _partner(
            {
                "signs-in": {
                    "displayName": "Signs In Still",
                    "comments": "with a password",
                    "console": {"password": Hidden("Another-Horse-2")},
                },
                "plain": {"userName": "plain.user", "displayName": "Plain"},
                "old": {"userName": "veteran", "adopt": True},
            },
            _ROLES,
            {
                "operate": {
                    **_GRANTS["operate"],
                    "assume": ["readers", "handed"],
                    "description": "fewer of a",
                },
                "anywhere": _GRANTS["anywhere"],
            },
        ),
    ),
    {
        "account-a": {"create": 2, "delete": 2, "update": 8},
        "account-b": {"delete": 2, "read": 1, "update": 4},
    },
)
REPLACED = Phase(
    "replaced",
    _both(
        _owner(
            readers=_readers(
                roleName="fc-readers",
                trust={"account": PARTNER, "wholeAccount": True, "externalIds": [Hidden("a-secret-id")]},
            ),
            people=_people(permissions={}),
            machines=_machines(
                trust={"account": PARTNER, "users": ["veteran"]},
                permissions={"systemPolicies": ["AliyunFCInvocationAccess"]},
            ),
            bare=_BARE,
        ),
        _partner(
            {
                "signs-in": {"userName": "signs.in", "accessKey": True},
                "plain": {"userName": "veteran", "adopt": True},
            },
            {"readers": {"stack": "account-a"}, "people": _ROLES["people"]},
            {
                "operate": {
                    "users": ["signs-in", "plain"],
                    "assume": ["readers"],
                    "policyName": "operate-a-2",
                },
                "anywhere": {"groups": ["operators"], "systemPolicy": "AliyunSTSAssumeRoleAccess"},
            },
        ),
    ),
    {
        "account-a": {"create": 4, "delete": 9, "replace": 8, "update": 2},
        "account-b": {"create": 2, "delete": 6, "read": 1, "replace": 4},
    },
)
PHASES = (MADE, CHANGED, REPLACED)
