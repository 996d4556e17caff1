"""What an auditor would ask about one delegation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.audit.model import Finding, Grade
from crossaccount.audit.moments import moment_text
from crossaccount.audit.rights import holds_at
from crossaccount.audit.words import limit_words
from crossaccount.policy import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossaccount.access import Grant, Origin
    from crossaccount.audit.assuming import Edge
    from crossaccount.audit.inspected import Inspected

_READING = frozenset({"read"})
_FULL = ("*", "*:*")
_ENVIRONMENT = ("fc:GetFunction", "fc:ListFunctions")


def findings_of(each: Inspected) -> Iterator[Finding]:
    """The findings about a delegation by itself, in no order."""
    for look in _LOOKS:
        yield from look(each)


def _origins(each: Inspected) -> tuple[Origin, ...]:
    return () if each.role.origin is None else (each.role.origin,)


def _whole_account(each: Inspected) -> Iterator[Finding]:
    if not each.trust.whole_accounts:
        return
    accounts = ", ".join(f"`{account}`" for account in each.trust.whole_accounts)
    wide = [edge for edge in each.edges if _wide_grants(edge)]
    mend = f"name the users or roles of {accounts} in the trust policy at {each.place}"
    if wide:
        who = _some([f"{edge.assumer.label} of `{edge.assumer.account}`" for edge in wide])
        yield Finding(
            "whole-account-trust-and-wildcard-grant",
            Grade.HIGH,
            "A whole account is trusted, and a grant on the other side is for every role",
            f"role `{each.role.name}` trusts all of {accounts}; {who} may assume every role that trusts "
            "them, so nobody ever decided that they may assume this one",
            f"{mend}, and grant `sts:AssumeRole` on this role's ARN alone",
            (*_origins(each), *(origin for edge in wide for origin in edge.assumer.origins[:1])),
        )
        return
    yield Finding(
        "whole-account-trust",
        Grade.MEDIUM,
        "A whole account is trusted",
        f"role `{each.role.name}` trusts all of {accounts}: whom of it is decided there alone",
        mend,
        _origins(each),
    )


def _wide_grants(edge: Edge) -> list[Grant]:
    """The grants by which somebody may assume a role without the role being named."""
    found = []
    for said in edge.edge.identity.ruling.said:
        policy = said.document.policy
        if said.grant is not None and policy is not None and said.effect.startswith("allow"):
            resources = policy.statements[said.statement - 1].resources
            if any(resource.rpartition(":")[2].strip("*/") in ("", "role") for resource in resources):
                found.append(said.grant)
    return found


def _external_id(each: Inspected) -> Iterator[Finding]:
    if each.trust.external_id == "not asked":
        yield Finding(
            "no-external-id",
            Grade.MEDIUM,
            "No external id is asked for between two companies",
            f"whoever of {_accounts(each)} knows the ARN of role `{each.role.name}` may be made to use it "
            "for somebody else (the confused deputy)",
            f"set `externalId` for the delegation at {each.place}, and give its value to the partner alone",
            _origins(each),
        )


def _no_expiry(each: Inspected) -> Iterator[Finding]:
    if each.trust.known and not each.trust.expires and not each.trust.suspended:
        yield Finding(
            "no-expiry",
            Grade.LOW,
            "The delegation never ends by itself",
            f"role `{each.role.name}` trusts {_accounts(each)} until somebody takes it back",
            f"set `expires` for the delegation at {each.place}",
            _origins(each),
        )


def _expired(each: Inspected) -> Iterator[Finding]:
    if each.trust.expired:
        yield Finding(
            "expired",
            Grade.MEDIUM,
            "The delegation has ended and is still there",
            f"role `{each.role.name}` has trusted nobody since {each.trust.expires}, and keeps its rights: "
            "a changed date gives them back",
            f"take the delegation out at {each.place} and run `pulumi up`, or renew it with a new `expires`",
            _origins(each),
        )


def _suspended(each: Inspected) -> Iterator[Finding]:
    if each.trust.suspended:
        yield Finding(
            "suspended",
            Grade.NOTE,
            "The delegation is suspended",
            f"the trust policy of role `{each.role.name}` denies {_accounts(each)} and allows nobody",
            f"set `suspended: false` at {each.place} to go on, or take the delegation out",
            _origins(each),
        )


def _nobody(each: Inspected) -> Iterator[Finding]:
    if not each.edges and not each.trust.expired and not each.trust.suspended:
        yield Finding(
            "nobody-can-assume",
            Grade.LOW,
            "Nobody can assume the role",
            f"role `{each.role.name}` trusts {_accounts(each)}, "
            + (
                "but not at this time, by a condition of its trust policy"
                if _is_not_now(each)
                else "and nobody there both is named and may call `sts:AssumeRole` on it"
            ),
            f"grant it on the other side, or take the role out at {each.place}",
            _origins(each),
        )


def _is_not_now(each: Inspected) -> bool:
    policy = each.role.trust.policy
    moment = moment_text(each.now)
    return policy is not None and any(not holds_at(one, moment) for one in policy.statements)


def _rights_over(each: Inspected) -> Iterator[Finding]:
    for grant in each.role.grants:
        for statement in () if grant.document.policy is None else grant.document.policy.statements:
            if not statement.conditions or statement.effect is not Effect.ALLOW:
                continue
            if not holds_at(statement, moment_text(each.now)):
                limits = " and ".join(map(limit_words, statement.conditions))
                yield Finding(
                    "right-not-now",
                    Grade.LOW,
                    "A right is over, or has not begun, and is there",
                    f"{grant.document.label} gives role `{each.role.name}` a right only if {limits}: not now",
                    f"take the statement out at {each.place}, or renew it",
                    (grant.origin,),
                )


def _full_access(each: Inspected) -> Iterator[Finding]:
    for right in each.rights:
        whole = [each for each in right.actions if each in _FULL or each.endswith(":*") or " but " in each]
        if not right.certain or not whole or not any(_everything(place) for place in right.resources):
            continue
        everything = any(action in _FULL for action in whole)
        named = ", ".join(f"`{one}`" for one in whole)
        manages = everything or "permission-management" in right.classes
        yield Finding(
            "full-access",
            Grade.HIGH if manages or len(right.classes) > 1 else Grade.MEDIUM,
            "Full access" if everything else f"Full access to {named}",
            f"{right.policy} lets role `{each.role.name}` do all of {named} on every resource",
            f"replace it by a preset or a custom policy for named functions at {each.place}",
            () if right.origin is None else (right.origin,),
        )


def _everything(resource: str) -> bool:
    return resource.rpartition(":")[2].strip("*/") == ""


def _readable(each: Inspected) -> Iterator[Finding]:
    for right in each.rights:
        if frozenset(right.classes) != _READING or not right.certain:
            continue
        code = "fc:GetFunctionCode" in right.means
        environment = [action for action in _ENVIRONMENT if action in right.means]
        if not code and not environment:
            continue
        what = ["the code"] * code + ["environment variables"] * bool(environment)
        actions = ["fc:GetFunctionCode"] * code + environment
        yield Finding(
            f"read-only-reads-{'-and-'.join(['code'] * code + ['environment'] * bool(environment))}",
            Grade.MEDIUM if code else Grade.LOW,
            f"Read only is not harmless: {' and '.join(what)} can be read",
            f"{right.policy} lets role `{each.role.name}` read {' and '.join(what)} of functions "
            f"({', '.join(f'`{action}`' for action in actions)}); secrets are often kept there",
            "keep secrets in KMS, where a function gets them by its own role; "
            + (
                "deny `fc:GetFunctionCode` or use the preset `read`"
                if code
                else "grant no more than `fc:InvokeFunction` where the partner only calls"
            ),
            () if right.origin is None else (right.origin,),
        )


def _doubtful(each: Inspected) -> Iterator[Finding]:
    doubts = [right.words for right in each.rights if not right.certain]
    doubts += [
        f"{edge.assumer.label} of `{edge.assumer.account}`: {'; '.join(edge.assumer.conditions)}"
        for edge in each.edges
        if edge.assumer.certainty == "cannot tell"
    ]
    if doubts:
        yield Finding(
            "cannot-tell",
            Grade.MEDIUM,
            "Not everything about the delegation can be told",
            _some(doubts),
            "give the state or the live account that declares it (`--live`)",
            _origins(each),
        )


def _two_grants(each: Inspected) -> Iterator[Finding]:
    """A principal that may assume the role by two grants: taking one away closes nothing."""
    for edge in each.edges:
        grants = {
            (said.grant.origin, said.document.name): said.grant
            for said in edge.edge.identity.ruling.said
            if said.grant is not None and said.effect == "allow"
        }
        if len(grants) > 1:
            ways = [
                f"{grant.document.label}{f' through group `{grant.group}`' if grant.group else ''}"
                for grant in grants.values()
            ]
            yield Finding(
                "two-paths",
                Grade.LOW,
                "Two paths to the same right",
                f"{edge.assumer.label} of `{edge.assumer.account}` may assume role `{each.role.name}` by "
                f"{_some(ways)}: taking one away changes nothing",
                "keep the narrower one and take the other out",
                tuple(grant.origin for grant in grants.values()),
            )


def _two_ways(each: Inspected) -> Iterator[Finding]:
    """A principal that comes over another role to what it may assume by itself, or over two."""
    ways: dict[str, list[str]] = {edge.assumer.arn: [edge.assumer.label] for edge in each.edges}
    for assumer in each.over:
        found = ways.setdefault(assumer.arn, [])
        found.append(assumer.label)
        if len(found) > 1:
            yield Finding(
                "two-paths",
                Grade.LOW,
                "Two paths to the same right",
                f"role `{each.role.name}` is reached by {found[0]} of `{assumer.account}` and by "
                f"{assumer.label}: taking one away takes nothing away",
                "keep the shorter one and take the other out",
                assumer.origins,
            )


def _accounts(each: Inspected) -> str:
    return ", ".join(f"account `{account}`" for account in each.trust.partners) or "an account not known"


def _some(words: list[str], most: int = 3) -> str:
    shown = "; ".join(words[:most])
    return shown if len(words) <= most else f"{shown}; and {len(words) - most} more"


_LOOKS: tuple[Callable[[Inspected], Iterator[Finding]], ...] = (
    _whole_account,
    _external_id,
    _no_expiry,
    _expired,
    _nobody,
    _suspended,
    _rights_over,
    _full_access,
    _readable,
    _doubtful,
    _two_grants,
    _two_ways,
)
