"""The trust policy decides exactly as declared, whatever the order it was declared in."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import trust_policy
from components.declarations import Trust
from crossaccount.policy import PolicyKind, Principal, Request, Source, canonical, decide_trust, parse

A, B, C = "1234567890120000", "1345678901230000", "1456789012340000"
ROLE = f"acs:ram::{A}:role/fc-ops"
NAMES = st.lists(st.sampled_from(["ann", "bob", "cy", "dee"]), min_size=1, unique=True)
CALLERS = [
    Principal(account, kind, name)
    for account in (A, B, C)
    for kind in ("user", "role")
    for name in ("ann", "bob", "cy", "dee")
] + [Principal(account, "root") for account in (A, B, C)]


@st.composite
def trusts(draw: st.DrawFn) -> dict[str, Any]:
    """A trust as a stack file writes it."""
    trust: dict[str, Any] = {"account": B}
    if draw(st.booleans()):
        trust["wholeAccount"] = True
    else:
        kinds = draw(st.sampled_from([("users",), ("roles",), ("users", "roles")]))
        trust |= {kind: draw(NAMES) for kind in kinds}
    if draw(st.booleans()):
        trust["externalIds"] = draw(st.lists(st.sampled_from(["old-id", "new-id", "third"]), min_size=1))
    if draw(st.booleans()) and ("users" in trust or "wholeAccount" in trust):
        trust["mfa"] = True
    if draw(st.booleans()):
        trust["sourceIps"] = ["203.0.113.0/24", "198.51.100.7"]
    if draw(st.booleans()):
        trust["expires"] = "2027-01-01T00:00:00+08:00"
    return trust


def decided(document: str, caller: Principal, **context: Any) -> bool:
    source = Source("trust", parse(document, PolicyKind.TRUST))
    given = {key: value for key, value in context.items() if value is not None}
    return decide_trust(source, caller, Request("sts:AssumeRole", ROLE, given)).allowed


def declared(trust: dict[str, Any], caller: Principal) -> bool:
    """What the trust says in words: somebody of account B, never its root."""
    if caller.account_id != B or caller.kind == "root":
        return False
    return bool(trust.get("wholeAccount")) or caller.name in trust.get(f"{caller.kind}s", [])


CONDITIONS = st.fixed_dictionaries(
    {
        "sts:ExternalId": st.sampled_from([None, "old-id", "new-id", "third", "other"]),
        "acs:MFAPresent": st.sampled_from(["true", "false"]),
        "acs:SourceIp": st.sampled_from(["203.0.113.9", "198.51.100.7", "192.0.2.1"]),
        "acs:CurrentTime": st.sampled_from(
            ["2026-12-31T15:59:59Z", "2026-12-31T16:00:00Z", "2026-01-01T00:00:00Z"]
        ),
    }
)


def held(trust: dict[str, Any], context: dict[str, Any]) -> bool:
    """What the conditions say in words."""
    return (
        ("externalIds" not in trust or context["sts:ExternalId"] in trust["externalIds"])
        and (not trust.get("mfa") or context["acs:MFAPresent"] == "true")
        and ("sourceIps" not in trust or context["acs:SourceIp"] != "192.0.2.1")
        and ("expires" not in trust or context["acs:CurrentTime"] < "2026-12-31T16:00:00Z")
    )


@given(trusts(), CONDITIONS)
def test_exactly_the_declared_callers_are_trusted(trust: dict[str, Any], context: dict[str, Any]) -> None:
    """Of all callers in three accounts, those declared may assume the role, while every condition holds."""
    document = trust_policy.document(A, Trust.model_validate(trust), suspended=False)
    for caller in CALLERS:
        expected = declared(trust, caller) and held(trust, context)
        assert decided(document, caller, **context) is expected, caller


@given(trusts(), CONDITIONS)
def test_suspended_denies_everybody(trust: dict[str, Any], context: dict[str, Any]) -> None:
    """While suspended the partner's whole account is denied: by a name that cannot be deleted."""
    document = trust_policy.document(A, Trust.model_validate(trust), suspended=True)
    assert not any(decided(document, caller, **context) for caller in CALLERS)
    statement = json.loads(document)["Statement"][0]
    assert statement["Effect"] == "Deny"
    assert "Condition" not in statement
    assert statement["Principal"] == {"RAM": [f"acs:ram::{B}:root"]}


@given(trusts(), st.randoms(use_true_random=False))
def test_order_makes_no_difference(trust: dict[str, Any], random: Any) -> None:
    """Shuffled and repeated lists give the same text, which is canonical already."""
    shuffled = {
        key: random.sample(value + value[:1], len(value) + 1) if isinstance(value, list) else value
        for key, value in random.sample(sorted(trust.items()), len(trust))
    }
    document = trust_policy.document(A, Trust.model_validate(trust), suspended=False)
    assert trust_policy.document(A, Trust.model_validate(shuffled), suspended=False) == document
    assert canonical(parse(document, PolicyKind.TRUST)) == document


def test_the_own_account_is_no_partner() -> None:
    """A trust in the owner's own account is refused."""
    with pytest.raises(ValueError, match="own account"):
        trust_policy.document(B, Trust.model_validate({"account": B, "wholeAccount": True}), suspended=False)
