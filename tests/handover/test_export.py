"""From an owner's state to a hand-over: what it says, and what it must never say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.access import state_of
from crossaccount.handover.export import Wanted, handover_of
from crossaccount.handover.state_source import of_stack
from crossaccount.session import SessionError
from crossaccount.session.handover_file import check
from tests.access.states import OTHER, OWNER, PARTNER, SECRET, StackState, allow, root, trust

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOW = "2026-11-24T09:00:00Z"
EXTERNAL_ID = "Zq7-external-id"


def told(*names: str, **changes: Any) -> dict[str, Any]:
    """The output `handover` of a stack with these roles."""
    roles = {
        name: {
            "arn": f"acs:ram::{OWNER}:role/{name}",
            "maxSessionDuration": 3600.0,
            "externalIdRequired": False,
            **changes,
        }
        for name in names
    }
    return {"version": 1, "account": OWNER, "alias": "company-a", "roles": roles, "checksum": "sha256:x"}


def owner(handover: Mapping[str, Any] | None, *statements: dict[str, Any], **role: Any) -> StackState:
    """An owner's stack with the role `reader`."""
    state = StackState("owner", OWNER)
    state.resources[0]["outputs"]["handover"] = handover
    state.role("reader", *(statements or (trust(root(PARTNER)),)), **role)
    state.attach("role", "reader", "AliyunFCReadOnlyAccess", "System")
    return state


def exported(state: StackState, **wanted: Any) -> dict[str, Any]:
    """The hand-over of a state."""
    return handover_of(state_of(state.export(), "a.json"), Wanted(**{"now": NOW, **wanted}))


def test_a_hand_over_says_what_the_partner_needs() -> None:
    """Accounts, alias, ARN, session length, whom it trusts, conditions, end, permissions by class; sealed."""
    conditions = {
        "Bool": {"acs:MFAPresent": "true"},
        "DateLessThan": {"acs:CurrentTime": "2027-03-31T14:59:59Z"},
    }
    user = f"acs:ram::{PARTNER}:user/dev"
    found = exported(owner(told("reader"), trust(user, **conditions)))

    role = check(found, "f").roles["reader"]
    assert (found["account"], found["partner"], found["alias"]) == (OWNER, PARTNER, "company-a")
    assert (role.longest, role.users, role.whole_account) == (3600, ("dev",), False)
    assert (role.conditions, role.expires) == (("`acs:MFAPresent` is `true`",), "2027-03-31T14:59:59Z")
    assert role.classes == ("read",)
    assert any("fc:Get*" in line for line in role.permissions)
    assert exported(owner(told("reader"), trust(user, **conditions))) == found


def test_the_owners_own_account_is_no_partner() -> None:
    """A role that its own account may assume, too, is handed over to the one partner without a question."""
    statements = [trust(root(OWNER)), trust(root(PARTNER))]

    assert exported(owner(told("reader"), *statements))["partner"] == PARTNER


def test_of_several_ends_the_last_counts() -> None:
    """A condition holds while one of its values does."""
    ends = ["2027-03-01T00:00:00Z", "2027-01-01T00:00:00Z"]
    statement = trust(root(PARTNER), DateLessThan={"acs:CurrentTime": ends})

    assert exported(owner(told("reader"), statement))["roles"]["reader"]["expires"] == ends[0]


def test_a_state_in_the_middle_of_a_run_is_not_handed_over(project: Path) -> None:
    """While a run of the stack is under way or was cut off, its state is not what the account is."""
    (project / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    (project / "Pulumi.account-a.yaml").rename(project / "Pulumi.owner.yaml")
    states = project / ".crossaccount" / "state" / "trial"
    states.mkdir(parents=True)
    (states / "owner.json").write_text(json.dumps(owner(told("reader")).export()))
    found = of_stack("owner", project, None)
    (states / "owner.journal.jsonl").touch()

    assert handover_of(found, Wanted(now=NOW))["partner"] == PARTNER
    with pytest.raises(SessionError, match=r"under way or was cut off.*crossaccount refresh"):
        of_stack("owner", project, None)


def test_an_external_id_is_asked_for_and_never_told() -> None:
    """The file says where to get it; the id is in the state and not in the file."""
    asking = trust(root(PARTNER), StringEquals={"sts:ExternalId": EXTERNAL_ID})
    found = exported(
        owner(told("reader", externalIdRequired=True), asking), external_id_from="ask sec@company-a.example"
    )

    assert found["roles"]["reader"]["externalIdFrom"] == "ask sec@company-a.example"
    assert EXTERNAL_ID not in json.dumps(found)
    with pytest.raises(SessionError, match=r"`roles.reader.externalIdFrom` holds an external id") as wrong:
        exported(
            owner(told("reader", externalIdRequired=True), asking), external_id_from=f"it is {EXTERNAL_ID}"
        )
    assert EXTERNAL_ID not in str(wrong.value)


@pytest.mark.parametrize(
    ("handover", "wanted", "words"),
    [
        ({**told("reader"), "alias": SECRET}, {}, "`alias` is a secret"),
        (told("reader", arn=SECRET), {}, r"`roles.reader.arn` is a secret"),
        (SECRET, {}, "is a secret"),
        (
            told("reader", externalIdRequired=True),
            {"external_id_from": "with LTAI5tAbcdefghij0123"},
            r"`roles.reader.externalIdFrom` holds an access key's id",
        ),
        (None, {}, "has no output `handover`"),
        (told(), {}, "hands over no role"),
        (told("gone"), {}, "has no role resource for `gone`"),
        (told("reader"), {"roles": ("other",)}, "has no role `other`; it has `reader`"),
        (told("reader"), {"partner": OTHER}, f"no role that trusts account `{OTHER}`"),
    ],
)
def test_what_cannot_go_in_is_named(handover: Any, wanted: dict[str, Any], words: str) -> None:
    """Secrets by their place, roles that are not there, another partner: an error, and no file."""
    with pytest.raises(SessionError, match=words) as wrong:
        exported(owner(handover), **wanted)
    assert "LTAI5" not in str(wrong.value)


def test_a_role_that_ended_is_not_handed_over() -> None:
    """Its end is told, with the way out."""
    ended = trust(root(PARTNER), DateLessThan={"acs:CurrentTime": "2026-01-01T00:00:00Z"})
    with pytest.raises(SessionError, match="ended on 2026-01-01T00:00:00Z; give it a later `expires`"):
        exported(owner(told("reader"), ended))


def test_a_suspended_role_is_not_handed_over() -> None:
    """A trust policy that denies the partner trusts nobody."""
    with pytest.raises(SessionError, match="no other account is known to be trusted"):
        exported(owner(told("reader"), trust(root(PARTNER), effect="Deny")))


def test_of_several_partners_one_is_chosen() -> None:
    """Two partners are listed; with `--partner` only the roles that trust it are in the file."""
    state = owner(told("reader", "other"))
    state.role("other", trust(root(OTHER)))

    with pytest.raises(SessionError, match=f"trust 2 accounts: `{PARTNER}`, `{OTHER}`"):
        exported(state)
    assert list(exported(state, partner=OTHER)["roles"]) == ["other"]


def test_a_trust_policy_that_is_a_secret_needs_an_end_by_hand() -> None:
    """Nothing is decrypted: the principals come from what the provider read, the end from the owner."""
    hidden = {"ramUsers": [f"acs:ram::{PARTNER}:root"], "services": [], "assumeRolePolicyDocument": SECRET}
    state = owner(told("reader", externalIdRequired=True))
    state.resources[1]["inputs"]["assumeRolePolicyDocument"] = SECRET
    state.resources[1]["outputs"].update(hidden)

    with pytest.raises(SessionError, match=r"its trust policy is a secret.*--expires never"):
        exported(state)
    role = exported(state, expires="2027-01-01T00:00:00Z")["roles"]["reader"]
    assert (role["expires"], role["trusts"]["wholeAccount"]) == ("2027-01-01T00:00:00Z", True)
    assert "cannot be told" in role["conditions"][0]
    assert exported(state, expires="never")["roles"]["reader"]["expires"] is None


def test_a_policy_that_is_not_known_counts_as_everything() -> None:
    """A custom policy from elsewhere is a line that says so, and every class."""
    state = owner(told("reader"))
    state.attach("role", "reader", "hand-made")
    role = exported(state)["roles"]["reader"]

    assert any(line.startswith("cannot be told: custom policy `hand-made`") for line in role["permissions"])
    assert role["classes"] == ["read", "write", "invoke", "permission-management"]


def test_hostile_names_in_policies_are_escaped_and_short() -> None:
    """A mark that turns text round is shown, not obeyed; thirty resources make several lines."""
    state = owner(told("reader"))
    names = [f"acs:fc:*:{OWNER}:functions/{number:04}\u202e" for number in range(30)]
    state.policy("own", allow("fc:InvokeFunction", names))
    state.attach("role", "reader", "own")
    lines = check(exported(state), "f").roles["reader"].permissions

    assert sum(r"\u202e" in line for line in lines) > 1
    assert all(line.isprintable() and not line.endswith("...") for line in lines)
