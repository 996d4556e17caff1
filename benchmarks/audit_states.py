"""States of many delegations, resource by resource as the engine writes those of this project's stacks.

The owner's state holds five resources a delegation: the component, its role, the component of the role's
permissions, their policy and its attachment. The partner's holds a user for every hundred roles.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crossaccount.policy import PolicyKind, canonical, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

OWNER, PARTNER = "1234567890120000", "1345678901230000"
ROLES_OF_A_USER = 100
_ROLE, _POLICY, _USER = "alicloud:ram/role:Role", "alicloud:ram/policy:Policy", "alicloud:ram/user:User"
_ATTACHMENT = "alicloud:ram/{0}PolicyAttachment:{1}PolicyAttachment"
_COMPONENT = "crossaccount:index:CrossAccountRole"
_PERMISSIONS = f"{_COMPONENT}$crossaccount:index:RolePermissions"
_ACTIONS = ("GetAlias", "GetFunction", "GetTrigger", "ListAliases", "ListFunctionVersions", "ListTriggers")
_META = '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":60000000000}}'
_TIME = "2026-01-13T09:12:21.986772896Z"
_LINES = {_COMPONENT: 61, _PERMISSIONS: 122, _ROLE: 101, _POLICY: 96, _USER: 40}

Resource = dict[str, Any]


def write_states(folder: Path, count: int) -> tuple[Path, Path]:
    """The states of the owner and of the partner, with so many delegations.

    Args:
        folder: where the files are made.
        count: how many; a multiple of `ROLES_OF_A_USER`.
    """
    owner, partner = folder / f"owner-{count}.json", folder / f"partner-{count}.json"
    _write(owner, "account-a", OWNER, (each for number in range(count) for each in _delegation(number)))
    users = range(count // ROLES_OF_A_USER)
    _write(partner, "account-b", PARTNER, (each for number in users for each in _user(number)))
    return owner, partner


def _write(path: Path, stack: str, account: str, resources: Iterable[Resource]) -> None:
    """As the engine writes it: indented by four, with a manifest."""
    parts: list[Resource] = [
        _component(stack, "pulumi:pulumi:Stack", f"delegations-{stack}", None, {"account": account}),
        _made(stack, "pulumi:providers:alicloud", "default_4_0_0", "72ae92e7", {"region": "cn-hangzhou"}),
        *resources,
    ]
    manifest = {"time": _TIME, "magic": "9efda2e66c69194595f1be2c3587ab93", "version": "v3.250.0"}
    deployment = {"manifest": manifest, "resources": parts, "metadata": {}}
    path.write_text(json.dumps({"version": 3, "deployment": deployment}, indent=4), "utf-8")


def _delegation(number: int) -> Iterator[Resource]:
    name = f"partner-{number:05}"
    policy, functions = f"{name}-read", f"acs:fc:*:{OWNER}:functions/team-{number:05}"
    trust = _document(PolicyKind.TRUST, **_trust(number))
    actions = [f"fc:{each}" for each in _ACTIONS]
    on = [functions, f"{functions}.*", f"{functions}/*"]
    work = _document(PolicyKind.IDENTITY, Action=actions, Resource=on)
    arn = f"acs:ram::{OWNER}:role/{name}"
    top, below = _urn("account-a", _COMPONENT, name), _urn("account-a", _PERMISSIONS, name)
    role, made = _urn("account-a", f"{_COMPONENT}${_ROLE}", name), f"{_PERMISSIONS}${_POLICY}"
    outputs = {"roleArn": arn, "roleName": name, "trustDocument": trust, "attachedPolicies": [policy]}
    yield _component("account-a", _COMPONENT, name, None, {**outputs, "permissionDocuments": {policy: work}})
    yield _role(name, trust, arn, top)
    yield _component("account-a", _PERMISSIONS, name, top, {"policyDocuments": {policy: work}})
    yield _policy("account-a", made, policy, work, below)
    yield _attachment("account-a", f"{_PERMISSIONS}$", "role", name, policy, below, (role,))


def _trust(number: int) -> dict[str, object]:
    """Each tenth asks for no external id and each seventh never ends."""
    users = [f"acs:ram::{PARTNER}:user/user-{number // ROLES_OF_A_USER:04}"]
    conditions: dict[str, dict[str, list[str]]] = {}
    if number % 10:
        conditions["StringEquals"] = {"sts:ExternalId": [f"agreed-on-{number:05}"]}
    if number % 7:
        conditions["DateLessThan"] = {"acs:CurrentTime": [f"2027-0{number % 9 + 1}-28T23:59:59Z"]}
    asked: dict[str, object] = {"Action": ["sts:AssumeRole"], "Principal": {"RAM": users}}
    return {**asked, "Condition": conditions} if conditions else asked


def _user(number: int) -> Iterator[Resource]:
    name, policy = f"user-{number:04}", f"assume-{number:04}"
    first = number * ROLES_OF_A_USER
    roles = [f"acs:ram::{OWNER}:role/partner-{each:05}" for each in range(first, first + ROLES_OF_A_USER)]
    text = _document(PolicyKind.IDENTITY, Action=["sts:AssumeRole"], Resource=roles)
    user = _urn("account-b", _USER, name)
    yield _made("account-b", _USER, name, f"2{number:05}", {"name": name, "comments": "employee of B"})
    yield _policy("account-b", _POLICY, policy, text, None)
    yield _attachment("account-b", "", "user", name, policy, None, (user,))


def _document(kind: PolicyKind, **statement: object) -> str:
    return canonical(parse({"Version": "1", "Statement": [{"Effect": "Allow", **statement}]}, kind))


def _role(name: str, trust: str, arn: str, parent: str) -> Resource:
    asked = {
        "__defaults": [],
        "assumeRolePolicyDocument": trust,
        "description": f"Function Compute of {name}",
        "maxSessionDuration": 3600,
        "roleName": name,
        "tags": {"partner": PARTNER},
    }
    read = {"arn": arn, "createTime": _TIME, "document": trust, "name": name, "roleId": "300000"}
    more = {"ramUsers": json.loads(trust)["Statement"][0]["Principal"]["RAM"], "services": [], "version": "1"}
    return _made("account-a", f"{_COMPONENT}${_ROLE}", name, name, asked, {**read, **more}, parent)


def _policy(stack: str, chain: str, name: str, text: str, parent: str | None) -> Resource:
    asked = {"__defaults": [], "description": "What it may do", "policyDocument": text, "policyName": name}
    (statement,) = json.loads(text)["Statement"]
    read = {
        "attachmentCount": 0,
        "createTime": _TIME,
        "defaultVersion": "v1",
        "document": text,
        "name": name,
        "statements": [
            {"actions": statement["Action"], "effect": "Allow", "resources": statement["Resource"]}
        ],
        "type": "Custom",
        "versionId": "v1",
    }
    return _made(stack, chain, name, name, asked, read, parent)


def _attachment(
    stack: str,
    above: str,
    kind: str,
    holder: str,
    policy: str,
    parent: str | None,
    made_from: tuple[str, ...],
) -> Resource:
    asked = {f"{kind}Name": holder, "policyName": policy, "policyType": "Custom"}
    chain = f"{above}{_ATTACHMENT.format(kind, kind.capitalize())}"
    id_ = f"{kind}:{policy}:Custom:{holder}"
    return _made(stack, chain, f"{holder}-{policy}", id_, asked, {}, parent, made_from)


def _component(
    stack: str, chain: str, name: str, parent: str | None, outputs: Mapping[str, object]
) -> Resource:
    above = {} if parent is None else {"parent": parent}
    return {**_head(stack, chain, name), "custom": False, "outputs": dict(outputs), **above, **_foot(chain)}


def _made(
    stack: str,
    chain: str,
    name: str,
    id_: str,
    asked: Mapping[str, object],
    read: Mapping[str, object] | None = None,
    parent: str | None = None,
    made_from: tuple[str, ...] = (),
) -> Resource:
    provider = f"{_urn(stack, 'pulumi:providers:alicloud', 'default_4_0_0')}::72ae92e7"
    return {
        **_head(stack, chain, name),
        "custom": True,
        "id": id_,
        "inputs": dict(asked),
        "outputs": {"__meta": _META, "id": id_, **asked, **(read or {})},
        "parent": parent or _urn(stack, "pulumi:pulumi:Stack", f"delegations-{stack}"),
        "dependencies": list(made_from),
        "provider": provider,
        "propertyDependencies": {key: list(made_from) for key in asked if not key.startswith("__")},
        **_foot(chain),
    }


def _head(stack: str, chain: str, name: str) -> Resource:
    return {"urn": _urn(stack, chain, name), "type": chain.rpartition("$")[2]}


def _foot(chain: str) -> Resource:
    type_ = chain.rpartition("$")[2]
    line = _LINES.get(chain, _LINES.get(type_, 166))
    return {"created": _TIME, "modified": _TIME, "sourcePosition": f"project:///components/stack.py#{line},9"}


def _urn(stack: str, chain: str, name: str) -> str:
    return f"urn:pulumi:{stack}::delegations::{chain}::{name}"
