"""What a delegation of the owner consists of, as checked values. Source: facts 1.6 to 1.8 and 5.5."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool

from components import limits, names
from components.checked import Checked, Conflict, Given, conflict
from components.conflicts import SECRET, RevealingError
from components.moments import Instant, SourceIp, cover_everything
from crossaccount.policy import SYSTEM_POLICIES, PolicyError, PolicyKind, parse

_T = TypeVar("_T")
Some = Annotated[list[_T], AfterValidator(limits.some)]
"""A list that names at least one thing."""


class Effect(str, Enum):
    """Whether a statement allows or denies."""

    ALLOW = "Allow"
    """What matches is allowed, unless another statement denies it."""
    DENY = "Deny"
    """What matches is refused, whatever else allows it."""


class PresetName(str, Enum):
    """A least-privilege policy for Function Compute that is written for you."""

    READ = "read"
    """Configuration of functions and services; neither their code nor calls."""
    INVOKE = "invoke"
    """Calls, and nothing else."""
    DEPLOY = "deploy"
    """What `read` allows, and creating and updating; neither deleting nor calling."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Listed = Annotated[list[str], BeforeValidator(_listed), AfterValidator(limits.some)]


NOBODY = "0" * 16
"""Stands for an account id that is wrong or not yet known, where a rule needs one."""


class Trust(Checked):
    """Who may assume the role, and under which conditions (all of them must hold)."""

    stand_ins: ClassVar[Mapping[str, object]] = {"account": NOBODY}

    account: names.AccountId
    whole_account: StrictBool = False
    users: Some[names.UserName] | None = None
    roles: Some[names.RoleName] | None = None
    external_ids: Some[limits.ExternalId] | None = None
    mfa: StrictBool = False
    source_ips: Some[SourceIp] | None = None
    expires: Instant | None = None

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """Trusting nobody, a whole account and some of it, or under conditions that never or always hold."""
        return [*_whom(given), *_when(given)]


def _whom(given: Given) -> list[Conflict]:
    named = given("users") is not None or given("roles") is not None
    if given.known("whole_account") is True and named:
        return [conflict("the whole account and named users or roles exclude each other: keep one of them")]
    if given("whole_account") in (None, False) and not named:
        return [conflict("trusts nobody: name users or roles, or set the whole account to `true`")]
    return []


def _when(given: Given) -> list[Conflict]:
    found = []
    only_roles = given("roles") is not None and given("users") is None
    if given.known("mfa") is True and only_roles and given("whole_account") in (None, False):
        text = "a role never signs in with a second factor, and only roles are trusted: leave this out"
        found.append(conflict(text, "mfa"))
    if cover_everything(given.known("source_ips")):
        text = "these together admit every address: leave `sourceIps` out if that is meant"
        found.append(conflict(text, "source_ips"))
    return found


class Statement(Checked):
    """One statement of a custom policy, in RAM's own terms."""

    effect: Effect
    actions: Listed | None = None
    not_actions: Listed | None = None
    resources: Listed
    conditions: dict[str, dict[str, Listed]] | None = None

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """Both actions and not-actions, or neither."""
        if (given("actions") is None) == (given("not_actions") is None):
            return [conflict("needs either actions or not-actions, and not both")]
        return []

    stand_ins: ClassVar[Mapping[str, object]] = {"effect": Effect.ALLOW, "resources": ["*"]}

    def rules(self) -> list[Conflict]:
        """What RAM would not understand."""
        document = self.document()
        named = [element for element in ("Action", "NotAction") if element in document]
        if not named:
            return _not_understood({**document, "Action": ["*"]})
        return _not_understood({key: value for key, value in document.items() if key not in named[1:]})

    def document(self) -> dict[str, object]:
        """The statement as RAM writes it."""
        written = {"Action": self.actions, "NotAction": self.not_actions, "Condition": self.conditions}
        given = {element: value for element, value in written.items() if value is not None}
        return {"Effect": self.effect.value, "Resource": self.resources, **given}


def _not_understood(statement: Mapping[str, object]) -> list[Conflict]:
    try:
        parse({"Version": "1", "Statement": [statement]}, PolicyKind.IDENTITY)
    except PolicyError as wrong:
        hidden = f"{SECRET} is not understood: see the names and forms that RAM knows"
        return [conflict(each.message, *_place(each.place), hidden=hidden) for each in wrong.problems]
    return []


class Preset(Checked):
    """A least-privilege policy for Function Compute, for some regions, services (2.0), functions (3.0)."""

    preset: PresetName
    regions: Some[names.Region] | None = None
    services: Some[names.FunctionName] | None = None
    functions: Some[names.FunctionName] | None = None
    pass_roles: Some[names.RoleName] | None = None

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """Roles to pass beside a preset that passes none."""
        if given("pass_roles") is not None and given("preset") in (PresetName.READ, PresetName.INVOKE):
            return [conflict("only the preset `deploy` passes roles: leave them out", "pass_roles")]
        return []


def _known_system_policy(name: str) -> str:
    if name in SYSTEM_POLICIES:
        return name
    wrong, remedy = "is not a system policy known here", "If it does exist, name it in `otherSystemPolicies`"
    raise RevealingError(f"{wrong}; {names.nearest(name, SYSTEM_POLICIES)} {remedy}", f"{wrong}. {remedy}")


class Permissions(Checked):
    """What the role may do: system policies, presets, statements of your own."""

    system_policies: list[Annotated[str, AfterValidator(_known_system_policy)]] = Field(default_factory=list)
    other_system_policies: list[names.PolicyName] = Field(default_factory=list)
    presets: list[Preset] = Field(default_factory=list)
    statements: list[Statement] = Field(default_factory=list)

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """A system policy named twice, or more of them than a role takes."""
        lists = (given.known("system_policies"), given.known("other_system_policies"))
        every = [name for each in lists if isinstance(each, list) for name in each]
        known = [name for name in every if isinstance(name, str)]
        found = [
            conflict(
                f"names the system policy `{name}` twice: name it once",
                hidden="names a system policy twice: name it once",
            )
            for name in sorted({name for name in known if known.count(name) > 1})
        ]
        most = limits.SYSTEM_POLICIES_PER_ROLE
        if len(every) > most:
            found.append(conflict(f"names {len(every)} system policies: a role takes {most}"))
        return found


class Delegation(Checked):
    """A role of the owner for one partner."""

    stand_ins: ClassVar[Mapping[str, object]] = {
        "trust": Trust.model_construct(account=NOBODY, whole_account=True)
    }

    role_name: names.RoleName | None = None
    trust: Trust
    permissions: Permissions = Permissions()
    max_session_duration: limits.SessionSeconds = limits.SESSION_SECONDS[0]
    tags: limits.Tags = Field(default_factory=dict)
    description: limits.Description | None = None
    suspended: StrictBool = False

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """Too many tags, or keys that RAM does not take."""
        tags = given.known("tags")
        return [
            conflict(text, "tags", hidden="this holds too many tags, or keys that RAM does not take")
            for text in (limits.tag_problems(tags) if isinstance(tags, Mapping) else [])
        ]


_ELEMENTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "Condition": "conditions",
}


def _place(place: str) -> tuple[str, ...]:
    element, _, below = place.partition(", ")[2].partition(".")
    return tuple(part for part in (_ELEMENTS.get(element, element), below) if part)
