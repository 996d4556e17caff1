"""An account's RAM entities as plain JSON, and back.

Entities are sorted by name and links are written on one side only: attachments on what holds them,
memberships on the group, a binding on the MFA device. Passwords are there only as salted hashes; the secrets
of access keys and the seeds of MFA devices are there, because they verify signatures and codes.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.ram.entities import (
    AccessKey,
    CustomPolicy,
    Group,
    Holder,
    LoginProfile,
    PolicyVersion,
    Role,
    User,
    VirtualMfaDevice,
)
from crossaccount.localcloud.ram.settings import PasswordPolicy, SecurityPreference
from crossaccount.policy import PolicyKind, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.localcloud.ram.state import RamState


def dump(state: RamState) -> dict[str, Any]:
    """The whole state."""
    return {
        "accountId": state.account_id,
        "roles": [_role(role) for _, role in sorted(state.roles.items())],
        "users": [_user(user) for _, user in sorted(state.users.items())],
        "groups": [_group(group) for _, group in sorted(state.groups.items())],
        "policies": [_policy(policy) for _, policy in sorted(state.policies.items())],
        "mfaDevices": [_mfa_device(device) for _, device in sorted(state.mfa_devices.items())],
        "passwordPolicy": asdict(state.password_policy),
        "securityPreference": asdict(state.security_preference),
    }


def _holder(holder: Holder) -> dict[str, Any]:
    return {
        "name": holder.name,
        "createDate": holder.create_date,
        "updateDate": holder.update_date,
        "attachments": [
            {"policyType": item.policy_type, "policyName": item.policy_name, "attachDate": item.attach_date}
            for item in holder.attachments.values()
        ],
    }


def _role(role: Role) -> dict[str, Any]:
    return _holder(role) | {
        "roleId": role.role_id,
        "trustDocument": role.trust_document,
        "description": role.description,
        "maxSessionDuration": role.max_session_duration,
        "allowConsoleLogin": role.allow_console_login,
        "tags": dict(sorted(role.tags.items())),
        "linkedService": role.linked_service,
        "latestDeletion": list(role.latest_deletion) if role.latest_deletion else None,
    }


def _user(user: User) -> dict[str, Any]:
    login = user.login_profile
    return _holder(user) | {
        "userId": user.user_id,
        "displayName": user.display_name,
        "mobilePhone": user.mobile_phone,
        "email": user.email,
        "comments": user.comments,
        "accessKeys": [
            {
                "id": key.key_id,
                "secret": key.secret,
                "createDate": key.create_date,
                "active": key.active,
                "lastUsed": key.last_used.isoformat() if key.last_used else None,
            }
            for key in user.access_keys.values()
        ],
        "loginProfile": login
        and {
            "passwordHash": login.password_hash,
            "createDate": login.create_date,
            "passwordResetRequired": login.password_reset_required,
            "mfaBindRequired": login.mfa_bind_required,
            "formerHashes": list(login.former_hashes),
        },
    }


def _group(group: Group) -> dict[str, Any]:
    return _holder(group) | {
        "groupId": group.group_id,
        "comments": group.comments,
        "members": [{"user": user.name, "joinDate": date} for user, date in group.members.items()],
    }


def _policy(policy: CustomPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "description": policy.description,
        "createDate": policy.create_date,
        "updateDate": policy.update_date,
        "defaultVersion": policy.default_version,
        "nextVersion": policy.next_version,
        "tags": dict(sorted(policy.tags.items())),
        "versions": [
            {"id": version.version_id, "document": version.document, "createDate": version.create_date}
            for version in policy.versions.values()
        ],
    }


def _mfa_device(device: VirtualMfaDevice) -> dict[str, Any]:
    return {
        "serial": device.serial,
        "seed": device.seed,
        "user": device.user.name if device.user is not None else None,
        "activateDate": device.activate_date,
    }


def load(state: RamState, data: Mapping[str, Any]) -> None:
    """Fills an empty state with what `dump` wrote."""
    for item in data["policies"]:
        state.policies[item["name"]] = _load_policy(item)
    for item in data["roles"]:
        role = _load_role(state.account_id, item)
        state.roles[role.name.lower()] = role
        _attach(state, role, item["attachments"])
    for item in data["users"]:
        user = _load_user(state, item)
        state.users[user.name] = user
        _attach(state, user, item["attachments"])
    for item in data["groups"]:
        group = _load_group(state, item)
        state.groups[group.name] = group
        _attach(state, group, item["attachments"])
    for item in data["mfaDevices"]:
        device = VirtualMfaDevice(item["serial"], item["seed"])
        state.mfa_devices[device.serial] = device
        if item["user"] is not None:
            state.bind(device, state.users[item["user"]], item["activateDate"])
    state.password_policy = PasswordPolicy(**data["passwordPolicy"])
    state.security_preference = SecurityPreference(**data["securityPreference"])


def _attach(state: RamState, holder: Holder, attachments: Iterable[Mapping[str, Any]]) -> None:
    for item in attachments:
        state.attach(holder, item["policyType"], item["policyName"], item["attachDate"])


def _load_policy(item: Mapping[str, Any]) -> CustomPolicy:
    versions = [
        PolicyVersion(entry["id"], _document(entry["document"], PolicyKind.IDENTITY), entry["createDate"])
        for entry in item["versions"]
    ]
    return CustomPolicy(
        name=item["name"],
        description=item["description"],
        create_date=item["createDate"],
        update_date=item["updateDate"],
        versions={version.version_id: version for version in versions},
        default_version=item["defaultVersion"],
        next_version=item["nextVersion"],
        tags=dict(item["tags"]),
    )


def _document(text: Any, kind: PolicyKind) -> str:  # noqa: ANN401  whatever the state holds
    if not isinstance(text, str):
        raise TypeError(f"`{text}` is no policy document")
    parse(text, kind)
    return text


def _load_role(account_id: str, item: Mapping[str, Any]) -> Role:
    deletion = item["latestDeletion"]
    return Role(
        account_id=account_id,
        name=item["name"],
        create_date=item["createDate"],
        update_date=item["updateDate"],
        role_id=item["roleId"],
        trust_document=_document(item["trustDocument"], PolicyKind.TRUST),
        description=item["description"],
        max_session_duration=item["maxSessionDuration"],
        allow_console_login=item["allowConsoleLogin"],
        tags=dict(item["tags"]),
        linked_service=item["linkedService"],
        latest_deletion=(deletion[0], deletion[1]) if deletion else None,
    )


def _load_user(state: RamState, item: Mapping[str, Any]) -> User:
    login = item["loginProfile"]
    user = User(
        account_id=state.account_id,
        name=item["name"],
        create_date=item["createDate"],
        update_date=item["updateDate"],
        user_id=item["userId"],
        display_name=item["displayName"],
        mobile_phone=item["mobilePhone"],
        email=item["email"],
        comments=item["comments"],
        login_profile=login
        and LoginProfile(
            password_hash=login["passwordHash"],
            create_date=login["createDate"],
            password_reset_required=login["passwordResetRequired"],
            mfa_bind_required=login["mfaBindRequired"],
            former_hashes=tuple(login["formerHashes"]),
        ),
    )
    for key in item["accessKeys"]:
        used = datetime.fromisoformat(key["lastUsed"]) if key["lastUsed"] else None
        state.add_key(user, AccessKey(key["id"], key["secret"], key["createDate"], key["active"], used))
    return user


def _load_group(state: RamState, item: Mapping[str, Any]) -> Group:
    group = Group(
        account_id=state.account_id,
        name=item["name"],
        create_date=item["createDate"],
        update_date=item["updateDate"],
        group_id=item["groupId"],
        comments=item["comments"],
    )
    for member in item["members"]:
        state.join(state.users[member["user"]], group, member["joinDate"])
    return group
