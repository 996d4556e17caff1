"""The RAM entities of one account: roles, users, groups, custom policies, and what hangs on them.

Plain records: the rules that change them are in the operations, and what must stay consistent between them
(attachments, memberships, access keys, names) is changed only by `RamState`. Entities are compared by
identity, so that a role deleted and made again under the same name is another role. Times are UTC texts as
RAM writes them, e.g. `2026-11-23T23:14:43Z`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from crossaccount.localcloud.ram import sources

if TYPE_CHECKING:
    from datetime import datetime

    from crossaccount.policy import Source

PolicyType = Literal["System", "Custom"]
PolicyKey = tuple[PolicyType, str]

DEFAULT_SESSION_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Attachment:
    """A policy attached to a role, user or group at account scope.

    Attributes:
        policy_type: `System` or `Custom`.
        policy_name: the policy's name.
        attach_date: when it was attached.
    """

    policy_type: PolicyType
    policy_name: str
    attach_date: str

    @property
    def key(self) -> PolicyKey:
        """The policy's type and name, which together identify it inside one account."""
        return self.policy_type, self.policy_name


@dataclass(slots=True, eq=False)
class Holder:
    """What a policy can be attached to.

    Attributes:
        account_id: the account that holds the entity, 16 digits.
        name: the entity's name, in the letter case it was given.
        create_date: when it was made.
        update_date: when it was last changed.
        attachments: the attached policies in the order of attaching; changed only by `RamState`.
        parsed: the attached policies as the evaluator takes them, or None when they must be read again.
    """

    account_id: str
    name: str
    create_date: str
    update_date: str
    attachments: dict[PolicyKey, Attachment] = field(default_factory=dict, init=False)
    parsed: tuple[Source, ...] | None = field(default=None, init=False, repr=False)


@dataclass(slots=True, eq=False)
class Role(Holder):
    """A RAM role.

    Attributes:
        role_id: 18 digits, beginning with 3; a role made again under the same name has another one.
        trust_document: the trust policy, verbatim as it was sent.
        description: free text, at most 1024 characters.
        max_session_duration: seconds, 3600 to 43200.
        allow_console_login: whether the console may switch to the role.
        tags: at most 20.
        linked_service: the service the role is linked to, e.g. `fc.aliyuncs.com`, or None; only that service
            decides about such a role.
        latest_deletion: date and id of the last task that failed to delete a service-linked role, or None.
    """

    role_id: str
    trust_document: str
    description: str = ""
    max_session_duration: int = DEFAULT_SESSION_SECONDS
    allow_console_login: bool = True
    tags: dict[str, str] = field(default_factory=dict)
    linked_service: str | None = None
    latest_deletion: tuple[str, str] | None = None
    parsed_trust: Source | None = field(default=None, init=False, repr=False)

    @property
    def arn(self) -> str:
        """The role's ARN as RAM prints it: in lower case (facts 1.6), whatever the case of `name`."""
        return f"acs:ram::{self.account_id}:role/{self.name.lower()}"

    @property
    def trust(self) -> Source:
        """The trust policy as the evaluator takes it, parsed once for each document."""
        if self.parsed_trust is None:
            self.parsed_trust = sources.trust_source(self.name, self.trust_document)
        return self.parsed_trust

    def replace_trust(self, document: str) -> None:
        """Sets another trust policy, already found valid."""
        self.trust_document = document
        self.parsed_trust = None


@dataclass(slots=True, eq=False)
class AccessKey:
    """An access key of a RAM user.

    Attributes:
        key_id: `LTAI5t` and 18 characters.
        secret: 30 characters; it signs, so it is kept, and no repr shows it.
        create_date: when it was made.
        active: whether calls signed with it are accepted.
        last_used: when the last accepted call was signed with it, or None.
    """

    key_id: str
    secret: str = field(repr=False)
    create_date: str
    active: bool = True
    last_used: datetime | None = None

    @property
    def status(self) -> str:
        """`Active` or `Inactive`, as RAM writes it."""
        return "Active" if self.active else "Inactive"


@dataclass(slots=True, eq=False)
class LoginProfile:
    """A user's console login.

    Attributes:
        password_hash: salted scrypt hash; the password itself is never kept.
        create_date: when the login was made.
        password_reset_required: whether the next login must set another password.
        mfa_bind_required: whether the user must bind an MFA device.
        former_hashes: the hashes of earlier passwords that may not come back, newest first.
    """

    password_hash: str = field(repr=False)
    create_date: str
    password_reset_required: bool = False
    mfa_bind_required: bool = False
    former_hashes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(slots=True, eq=False)
class VirtualMfaDevice:
    """A virtual MFA device of an account: it exists first, and may then be bound to a user.

    Attributes:
        serial: its serial number, `acs:ram::<account>:mfa/<name>`.
        seed: the Base32StringSeed that makes its codes; no repr shows it.
        user: the user it is bound to, or None; changed only by `RamState`.
        activate_date: when it was bound, or None.
    """

    serial: str
    seed: str = field(repr=False)
    user: User | None = field(default=None, repr=False)
    activate_date: str | None = None


@dataclass(slots=True, eq=False)
class User(Holder):
    """A RAM user.

    Attributes:
        user_id: 18 digits, beginning with 2.
        display_name: at most 128 characters.
        mobile_phone: country code, hyphen, number; or empty.
        email: an address or empty.
        comments: at most 128 characters.
        access_keys: at most 2, by id; changed only by `RamState`.
        login_profile: the console login, or None.
        groups: the groups the user is in with the joining date, in order of joining; changed only by
            `RamState`.
        mfa_device: the bound MFA device, or None; changed only by `RamState`.
        effective: the user's own and its groups' policies for the evaluator, or None when they must be read
            again.
    """

    user_id: str
    display_name: str = ""
    mobile_phone: str = ""
    email: str = ""
    comments: str = ""
    access_keys: dict[str, AccessKey] = field(default_factory=dict)
    login_profile: LoginProfile | None = None
    groups: dict[Group, str] = field(default_factory=dict, repr=False)
    mfa_device: VirtualMfaDevice | None = None
    effective: tuple[Source, ...] | None = field(default=None, init=False, repr=False)

    @property
    def arn(self) -> str:
        """The user's ARN; the name keeps its case (facts 1.6)."""
        return f"acs:ram::{self.account_id}:user/{self.name}"


@dataclass(slots=True, eq=False)
class Group(Holder):
    """A RAM user group.

    Attributes:
        group_id: `g-` and more.
        comments: at most 128 characters.
        members: the users in it with the joining date; changed only by `RamState`.
    """

    group_id: str
    comments: str = ""
    members: dict[User, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a custom policy.

    Attributes:
        version_id: `v1`, `v2`, ...; never used twice in one policy.
        document: the policy, verbatim as it was sent.
        create_date: when the version was made.
    """

    version_id: str
    document: str
    create_date: str


@dataclass(slots=True, eq=False)
class CustomPolicy:
    """A policy of the account's own.

    Attributes:
        name: 1 to 128 letters, digits, hyphens.
        description: free text, at most 1024 characters.
        create_date: when it was made.
        update_date: when it was last changed.
        versions: at most 5, by id, oldest first; changed only by `RamState`.
        default_version: the id of the version in force.
        next_version: the number the next version gets.
        tags: at most 20.
    """

    name: str
    description: str
    create_date: str
    update_date: str
    versions: dict[str, PolicyVersion]
    default_version: str = "v1"
    next_version: int = 2
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def default(self) -> PolicyVersion:
        """The version in force."""
        return self.versions[self.default_version]
