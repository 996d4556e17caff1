"""What the partner's side consists of, as checked values. Source: facts 1.6, 1.8 and 4.6."""

from pydantic import Field, SecretStr, StrictBool

from components import limits, names
from components.checked import Checked, Conflict, Given, conflict
from components.conflicts import SECRET
from components.declarations import Some
from components.grant_policy import ASSUME_ROLE_ACCESS


class Console(Checked):
    """A user's console login."""

    password: SecretStr
    mfa_bind_required: StrictBool = True
    password_reset_required: StrictBool = False


class User(Checked):
    """A RAM user of the partner, made or adopted."""

    user_name: names.UserName | None = None
    adopt: StrictBool = False
    display_name: limits.ShortText | None = None
    comments: limits.ShortText | None = None
    console: Console | None = None
    access_key: StrictBool = False

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """Adopting a user, which leaves it as it is, and describing it."""
        described = [name for name in ("display_name", "comments") if given(name) is not None]
        if given.known("adopt") is not True:
            return []
        return [conflict("an adopted user stays as it is: leave this out", name) for name in described]


class RoleSource(Checked):
    """Where the ARN of an owner's role comes from: written, from its stack, or from its hand-over file."""

    arn: names.RoleArn | None = None
    stack: str | None = Field(default=None, min_length=1)
    handover: str | None = Field(default=None, min_length=1)
    role: str | None = Field(default=None, min_length=1)

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """None or several of the three sources, or a role's name beside an ARN."""
        sources = [name for name in ("arn", "stack", "handover") if given(name) is not None]
        if len(sources) != 1:
            written = " and ".join(f"`{name}`" for name in sources) or "nothing"
            return [conflict(f"holds {written}: write exactly one of `arn`, `stack`, `handover`")]
        if sources == ["arn"] and given("role") is not None:
            return [conflict("the ARN already names the role: leave this out", "role")]
        return []


class Grant(Checked):
    """Who of the partner may assume which of the owners' roles, by their keys."""

    users: Some[str] | None = None
    groups: Some[names.GroupName] | None = None
    roles: Some[names.RoleName] | None = None
    assume: Some[str] | None = None
    system_policy: str | None = None
    policy_name: names.PolicyName | None = None
    description: limits.Description | None = None

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """What `grant_conflicts` finds."""
        return grant_conflicts(given)


def grant_conflicts(given: Given) -> list[Conflict]:
    """A grant to nobody, of nothing, or of certain roles and of all at once."""
    found = []
    if all(given(kind) is None for kind in ("users", "groups", "roles")):
        found.append(conflict("grants to nobody: name users, groups or roles"))
    named, system = given("assume") is not None, given("system_policy")
    if named and system is not None:
        found.append(
            conflict(f"the named roles and `{ASSUME_ROLE_ACCESS}`, which allows all, exclude each other")
        )
    if not named and system is None:
        found.append(conflict(f"grants nothing: name the roles, or `{ASSUME_ROLE_ACCESS}` for all of them"))
    if isinstance(system, str) and system != ASSUME_ROLE_ACCESS:
        found.append(
            conflict(
                f"`{system}` is not `{ASSUME_ROLE_ACCESS}`, the only one here",
                "system_policy",
                hidden=f"{SECRET} is not `{ASSUME_ROLE_ACCESS}`, the only one here",
            )
        )
    if system is not None:
        own = [name for name in ("policy_name", "description") if given(name) is not None]
        found += [conflict("a system policy has its own: leave this out", name) for name in own]
    return found
