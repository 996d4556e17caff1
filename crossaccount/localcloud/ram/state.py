"""All RAM entities of one account, and the links between them that must never disagree.

Attachments, memberships, access keys and names are changed only here, because each is looked up from two
sides. What the evaluator needs (`sources_for_role`, `identity_sources_for_user`, `find_access_key`) answers
in constant time while nothing that matters has changed: every signed call asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.ram import snapshot, sources
from crossaccount.localcloud.ram.entities import (
    AccessKey,
    Attachment,
    CustomPolicy,
    Group,
    Holder,
    PolicyKey,
    PolicyType,
    PolicyVersion,
    Role,
    User,
    VirtualMfaDevice,
)
from crossaccount.localcloud.ram.settings import PasswordPolicy, SecurityPreference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.policy import Source


class RamState:
    """The RAM entities of one account.

    Args:
        account_id: the account's id, 16 digits.

    Attributes:
        account_id: the account's id.
        roles: by name in lower case, because role names are unique whatever their case (facts 1.6).
        users: by name.
        groups: by name.
        policies: the custom policies by name.
        mfa_devices: the virtual MFA devices by serial number.
        password_policy: what the users' passwords must be.
        security_preference: what the users may do themselves.
    """

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id
        self.roles: dict[str, Role] = {}
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.policies: dict[str, CustomPolicy] = {}
        self.mfa_devices: dict[str, VirtualMfaDevice] = {}
        self.password_policy = PasswordPolicy()
        self.security_preference = SecurityPreference()
        self._keys: dict[str, tuple[User, AccessKey]] = {}
        self._holders: dict[PolicyKey, dict[Holder, Attachment]] = {}

    # What the evaluator asks on every call.

    def role(self, name: str) -> Role | None:
        """The role of that name in any letter case, or None."""
        return self.roles.get(name.lower())

    def find_access_key(self, key_id: str) -> tuple[User, AccessKey] | None:
        """The user and key of an access key id, or None when no user of this account has it."""
        return self._keys.get(key_id)

    def access_key_ids(self) -> tuple[str, ...]:
        """The ids of every user's access keys."""
        return tuple(self._keys)

    def sources_for_role(self, role: Role) -> tuple[Source, ...]:
        """The policies attached to a role, in the order of attaching."""
        return self._own_sources(role, f"role `{role.name}`")

    def identity_sources_for_user(self, user_name: str) -> tuple[Source, ...]:
        """The policies of a user: its own, then those of its groups. Empty when there is no such user."""
        user = self.users.get(user_name)
        if user is None:
            return ()
        if user.effective is None:
            own = self._own_sources(user, f"user `{user.name}`")
            inherited = (self._own_sources(group, f"group `{group.name}`") for group in user.groups)
            user.effective = sum(inherited, own)
        return user.effective

    def _own_sources(self, holder: Holder, label: str) -> tuple[Source, ...]:
        if holder.parsed is None:
            holder.parsed = tuple(
                sources.attached_source(label, attachment, self._custom(attachment.key))
                for attachment in holder.attachments.values()
            )
        return holder.parsed

    def _custom(self, key: PolicyKey) -> CustomPolicy | None:
        policy_type, name = key
        return self.policies[name] if policy_type == "Custom" else None

    @staticmethod
    def _read_again(holder: Holder) -> None:
        holder.parsed = None
        if isinstance(holder, User):
            holder.effective = None
        elif isinstance(holder, Group):
            for member in holder.members:
                member.effective = None

    # Attachments.

    def attach(self, holder: Holder, policy_type: PolicyType, policy_name: str, now: str) -> None:
        """Attaches a policy; the caller has checked that it exists, is not attached yet, and fits."""
        attachment = Attachment(policy_type, policy_name, now)
        holder.attachments[attachment.key] = attachment
        self._holders.setdefault(attachment.key, {})[holder] = attachment
        self._read_again(holder)

    def detach(self, holder: Holder, key: PolicyKey) -> bool:
        """Detaches a policy.

        Returns:
            False when it was not attached.
        """
        if holder.attachments.pop(key, None) is None:
            return False
        del self._holders[key][holder]
        if not self._holders[key]:
            del self._holders[key]
        self._read_again(holder)
        return True

    def holders(self, key: PolicyKey) -> Mapping[Holder, Attachment]:
        """What a policy is attached to, in the order of attaching."""
        return self._holders.get(key, {})

    # Custom policies.

    def add_version(self, policy: CustomPolicy, document: str, now: str, *, default: bool) -> PolicyVersion:
        """Adds a version to a policy; the caller has checked the document and the limit."""
        version = PolicyVersion(f"v{policy.next_version}", document, now)
        policy.next_version += 1
        policy.versions[version.version_id] = version
        policy.update_date = now
        if default:
            self.set_default_version(policy, version.version_id, now)
        return version

    def set_default_version(self, policy: CustomPolicy, version_id: str, now: str) -> None:
        """Puts an existing version in force for everything the policy is attached to."""
        policy.default_version = version_id
        policy.update_date = now
        for holder in self.holders(("Custom", policy.name)):
            self._read_again(holder)

    # Users, their keys and groups.

    def rename_user(self, user: User, new_name: str) -> None:
        """Gives a user another name, which the caller has checked to be free; links and keys stay."""
        del self.users[user.name]
        user.name = new_name
        self.users[new_name] = user
        self._read_again(user)

    def rename_group(self, group: Group, new_name: str) -> None:
        """Gives a group another name, which the caller has checked to be free; members and policies stay."""
        del self.groups[group.name]
        group.name = new_name
        self.groups[new_name] = group
        self._read_again(group)

    def add_key(self, user: User, key: AccessKey) -> None:
        """Gives a user an access key."""
        user.access_keys[key.key_id] = key
        self._keys[key.key_id] = (user, key)

    def remove_key(self, user: User, key_id: str) -> None:
        """Takes an access key away."""
        del user.access_keys[key_id]
        del self._keys[key_id]

    def join(self, user: User, group: Group, now: str) -> None:
        """Puts a user into a group."""
        user.groups[group] = now
        group.members[user] = now
        user.effective = None

    def leave(self, user: User, group: Group) -> bool:
        """Takes a user out of a group.

        Returns:
            False when the user was not in it.
        """
        if user.groups.pop(group, None) is None:
            return False
        del group.members[user]
        user.effective = None
        return True

    def bind(self, device: VirtualMfaDevice, user: User, now: str) -> None:
        """Binds an MFA device to a user; the caller has checked that neither is bound."""
        device.user, device.activate_date = user, now
        user.mfa_device = device

    def unbind(self, device: VirtualMfaDevice) -> None:
        """Takes an MFA device from its user; the device stays."""
        if device.user is not None:
            device.user.mfa_device = None
        device.user = device.activate_date = None

    # Whole states.

    def is_empty(self) -> bool:
        """Whether the account holds no role, user, group, custom policy or MFA device."""
        return not (self.roles or self.users or self.groups or self.policies or self.mfa_devices)

    def all_holders(self) -> Iterable[Holder]:
        """Every role, user and group."""
        yield from self.roles.values()
        yield from self.users.values()
        yield from self.groups.values()

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON, everything sorted by name; access key secrets are in it."""
        return snapshot.dump(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RamState:
        """The state that `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: when `data` is not such a state.
        """
        state = cls(data["accountId"])
        snapshot.load(state, data)
        return state
