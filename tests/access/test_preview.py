"""Previews: the state before and what changes, and what is not known until `up`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossaccount.access import (
    ForeignStackError,
    Outcome,
    PreviewError,
    graph_of,
    preview_of,
    read_preview,
    read_state,
    state_of,
)
from crossaccount.access.inputs import read_stacks
from tests.access.states import (
    OWNER,
    PARTNER,
    RAM,
    SECRET,
    UNKNOWN,
    StackState,
    allow,
    delegation,
    document,
    root,
    trust,
)

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"


def after(state, *steps):
    """The graph of a state once these steps are done."""
    return graph_of([preview_of(state.preview(*steps), "p", state_of(state.export(), "s"))])


@pytest.mark.parametrize("phase", [2, 3, 4])
def test_a_recorded_preview_foresees_the_recorded_state(phase):
    """The state before and the preview give the roles, grants and trust of the state after."""
    before = read_state(RECORDINGS / f"{phase - 1}-state.json")
    foreseen = graph_of([read_preview(RECORDINGS / f"{phase}-preview.json", before)])
    made = graph_of([read_state(RECORDINGS / f"{phase}-state.json")])

    assert facts(foreseen) == facts(made)


def facts(graph):
    """What a graph says, without where it was read."""
    return {
        arn: (
            {
                (grant.document.name, grant.document.policy, grant.group, grant.certain)
                for grant in node.grants
            },
            getattr(node, "trust", None) and node.trust.policy,
        )
        for nodes in (graph.users, graph.groups, graph.roles)
        for arn, node in nodes.items()
    }


def test_a_recorded_first_preview_needs_no_state():
    """Where all is new, the preview alone is enough; the caller says the account."""
    preview = read_preview(RECORDINGS / "1-preview.json")
    graph = graph_of([preview], accounts={"account-a": OWNER})

    role = graph.roles[f"acs:ram::{OWNER}:role/fc-reader"]
    assert role.inferred
    assert {grant.document.name for grant in role.grants} == {"AliyunFCReadOnlyAccess", "fc-list"}


def test_a_role_that_is_not_made_yet_has_its_arn_inferred(graph):
    """Account and name give the ARN, in lower case; the origin is the resource that declares it."""
    state = StackState("dev")
    state.role("FC-Reader", trust(root(PARTNER)))
    found = graph_of([preview_of(state.created(), "p")], accounts={"dev": OWNER})

    role = found.roles[f"acs:ram::{OWNER}:role/fc-reader"]
    assert (role.name, role.inferred, role.origin.position) == ("FC-Reader", True, "__main__.py:11")
    assert not next(iter(graph(StackState("empty", OWNER), *delegation()).roles.values())).inferred


def test_an_unknown_document_stays_unknown(graph):
    """A policy known only after `up` is at most every action, and never left out."""
    _, partner = delegation()
    urn = partner.urn(f"{RAM}policy:Policy", "assume")

    found = after(partner, partner.step("update", urn, policyDocument=UNKNOWN))

    grant = found.users[f"acs:ram::{PARTNER}:user/dev"].grants[0]
    assert grant.document.policy is None
    assert grant.document.doubt == "custom policy `assume`: known only after `up`; at most every action"


def test_a_name_that_is_not_known_is_taken_from_what_it_was_made_from():
    """An attachment to a role by its computed id goes to that role, and is not certain."""
    owner, _ = delegation()
    role = owner.urn(f"{RAM}role:Role", "fc-reader")
    urn = owner.urn(f"{RAM}rolePolicyAttachment:RolePolicyAttachment", "more")
    step = owner.step("create", urn, roleName=UNKNOWN, policyName="AliyunFCFullAccess", policyType="System")
    step["newState"]["propertyDependencies"] = {"roleName": [role]}

    grants = after(owner, step).roles[f"acs:ram::{OWNER}:role/fc-reader"].grants

    assert [(grant.document.name, grant.certain) for grant in grants] == [
        ("AliyunFCReadOnlyAccess", True),
        ("AliyunFCFullAccess", False),
    ]


def test_a_policy_type_that_is_not_known_is_not_certain():
    """Made from a policy of the stack it is a custom one's; from nothing known, perhaps a system one's."""
    owner, _ = delegation()
    own = owner.policy("own", allow("fc:*"))
    token = f"{RAM}rolePolicyAttachment:RolePolicyAttachment"
    steps = []
    for name, made_from in (("own", [own]), ("AliyunFCFullAccess", [])):
        fields = {"roleName": "fc-reader", "policyName": name, "policyType": UNKNOWN}
        step = owner.step("create", owner.urn(token, name), **fields)
        step["newState"]["propertyDependencies"] = {"policyType": made_from}
        steps.append(step)

    grants = after(owner, *steps).roles[f"acs:ram::{OWNER}:role/fc-reader"].grants

    assert [(grant.document.label, grant.certain) for grant in grants[1:]] == [
        ("custom policy `own`", True),
        ("system policy `AliyunFCFullAccess`", False),
    ]


def test_a_masked_secret_is_unknown_and_what_was_read_before_bounds_nothing():
    """A trust policy that a plan changes secretly may name anybody."""
    owner, _ = delegation()
    owner.resources[1]["outputs"] |= {"ramUsers": [root(PARTNER)], "services": []}

    found = after(owner, owner.step("update", owner.resources[1]["urn"], assumeRolePolicyDocument="[secret]"))

    trusted = found.roles[f"acs:ram::{OWNER}:role/fc-reader"].trust
    assert (trusted.policy, trusted.at_most) == (None, None)
    assert trusted.missing == "a secret, which is not decrypted"


def test_what_waits_for_its_deletion_is_gone_after_the_plan():
    """`up` ends replacements that were left over."""
    owner, _ = delegation()
    owner.role("old", trust(root(PARTNER)), delete=True)

    assert f"acs:ram::{OWNER}:role/old" not in after(owner).roles


def test_the_times_of_a_planned_resource_are_those_of_before():
    """A preview has no times; what is new has none yet."""
    owner, _ = delegation()
    owner.resources[1]["created"] = "2026-01-01T00:00:00Z"
    none = {"created": "0001-01-01T00:00:00Z"}
    changed = owner.step("update", owner.resources[1]["urn"], description="x")
    made = owner.step("create", owner.urn(f"{RAM}user:User", "ann"), name="ann")
    changed["newState"] |= none
    made["newState"] |= none

    found = after(owner, changed, made)

    assert found.roles[f"acs:ram::{OWNER}:role/fc-reader"].origin.created == "2026-01-01T00:00:00Z"
    assert found.users[f"acs:ram::{OWNER}:user/ann"].origin.created == ""


def test_a_name_that_cannot_be_told_is_not_analysed():
    """An attachment to who knows whom is listed, with what it attaches at most."""
    owner, _ = delegation()
    urn = owner.urn(f"{RAM}rolePolicyAttachment:RolePolicyAttachment", "more")
    step = owner.step("create", urn, roleName=UNKNOWN, policyName=UNKNOWN, policyType="System")

    (note,) = after(owner, step).not_analysed

    assert note.what == (
        "attaches a policy known only after `up`, at most every action to a role whose name is known only "
        "after `up`"
    )
    assert note.origin.urn == urn


def test_a_policy_that_is_not_named_yet_is_at_most_every_action():
    """Attached to a role that is known it is a grant that is not certain, not a note beside the graph."""
    owner, _ = delegation()
    urn = owner.urn(f"{RAM}rolePolicyAttachment:RolePolicyAttachment", "more")
    step = owner.step("create", urn, roleName="fc-reader", policyName=UNKNOWN, policyType="Custom")

    found = after(owner, step)

    assert found.not_analysed == ()
    grant = found.roles[f"acs:ram::{OWNER}:role/fc-reader"].grants[-1]
    assert not grant.certain
    assert (
        grant.document.doubt == "custom policy `?`: which one is known only after `up`; at most every action"
    )


def test_a_role_whose_name_is_not_known_keeps_its_trust_and_grants(ask):
    """It is a role by its URN; who may assume any role may assume it, for others it cannot be told."""
    owner = StackState("owner", OWNER)
    trusting = document(trust(root(PARTNER)))
    role = owner.urn(f"{RAM}role:Role", "new")
    attachment = owner.urn(f"{RAM}rolePolicyAttachment:RolePolicyAttachment", "new")
    made = owner.step("create", role, roleName=UNKNOWN, assumeRolePolicyDocument=trusting)
    held = owner.step(
        "create", attachment, roleName=UNKNOWN, policyName="AliyunFCReadOnlyAccess", policyType="System"
    )
    held["newState"]["propertyDependencies"] = {"roleName": [role]}

    found = after(owner, made, held)

    assert found.roles[role].name is None
    assert [grant.document.name for grant in found.roles[role].grants] == ["AliyunFCReadOnlyAccess"]


def test_a_deleted_resource_is_gone_and_a_replaced_one_is_the_new_one():
    """Deleting ends a grant; a replacement counts, the deletion of the old one in the same plan does not."""
    owner, _ = delegation()
    attachment = owner.urn(
        f"{RAM}rolePolicyAttachment:RolePolicyAttachment", "role-fc-reader-AliyunFCReadOnlyAccess"
    )
    role = owner.urn(f"{RAM}role:Role", "fc-reader")

    ended = after(owner, owner.step("delete", attachment))
    renamed = after(owner, owner.step("replace", role, roleName="other"), owner.step("delete-replaced", role))

    assert ended.roles[f"acs:ram::{OWNER}:role/fc-reader"].grants == ()
    assert f"acs:ram::{OWNER}:role/other" in renamed.roles


def test_what_is_retained_stays_in_the_account():
    """A resource that is not deleted with its stack's entry goes on giving access, replaced or dropped."""
    owner, _ = delegation()
    role = owner.urn(f"{RAM}role:Role", "fc-reader")
    attachment = owner.resources[-1]["urn"]
    for resource in owner.resources:
        resource["retainOnDelete"] = True

    dropped = after(owner, owner.step("delete", attachment))
    renamed = after(owner, owner.step("replace", role, roleName="other"), owner.step("delete-replaced", role))

    assert len(dropped.roles[f"acs:ram::{OWNER}:role/fc-reader"].grants) == 1
    assert {found.name: found.retired for found in renamed.roles.values()} == {
        "fc-reader": True,
        "other": False,
    }


def test_an_alias_is_the_same_resource_under_another_urn():
    """A resource that was renamed in the program is not there twice."""
    owner, _ = delegation()
    role = owner.urn(f"{RAM}role:Role", "fc-reader")
    step = owner.step("update", role, description="moved")
    step["urn"] = step["newState"]["urn"] = owner.urn(f"{RAM}role:Role", "moved")

    (found,) = after(owner, step).roles.values()

    assert (found.name, found.origin.urn) == ("fc-reader", step["urn"])
    assert not found.inferred


def test_a_failed_preview_is_refused_with_its_error(tmp_path):
    """A preview that ended early does not say what `up` would do."""
    state = StackState("dev", OWNER)
    told = [{"severity": "error", "message": "error: Program failed:\nTypeError: no\n\n"}]

    with pytest.raises(PreviewError, match=r"`p` is of a preview that failed.*: TypeError: no; mend that"):
        preview_of(state.preview(diagnostics=told), "p")


def test_a_state_in_the_place_of_a_preview_is_told_as_one(tmp_path):
    """The message says what the file is, or where it is cut off."""
    path = tmp_path / "p.json"
    path.write_text('{"steps": [')

    with pytest.raises(PreviewError, match=r"it is a state"):
        preview_of(StackState("dev").export(), "p")
    with pytest.raises(PreviewError, match=r"p\.json` is truncated"):
        read_preview(path)


def test_a_preview_of_another_stack_than_the_state_is_refused():
    """Both stacks are named."""
    owner, partner = delegation()

    with pytest.raises(
        ForeignStackError, match=r"preview of `trial/partner`.*state before it is of `trial/owner`"
    ):
        preview_of(partner.created(), "p", state_of(owner.export(), "s"))


def test_a_preview_of_changes_needs_the_state_before():
    """What stays the same is not in a preview, so access without the state would be too little."""
    owner, _ = delegation()
    role = owner.urn(f"{RAM}role:Role", "fc-reader")

    with pytest.raises(PreviewError, match="give the stack's state before it"):
        preview_of(owner.preview(owner.step("update", role, description="x")), "p")


def test_an_operation_that_is_not_known_is_refused():
    """It is named; it never means no change."""
    owner, _ = delegation()
    role = owner.urn(f"{RAM}role:Role", "fc-reader")

    with pytest.raises(PreviewError, match="operation `transmute`"):
        after(owner, owner.step("transmute", role))


@pytest.mark.parametrize("damage", [{"urn": "x"}, {"newState": None}])
def test_a_damaged_step_is_refused(damage):
    """A step without URN or new state is no step."""
    owner, _ = delegation()
    step = owner.step("create", owner.urn(f"{RAM}user:User", "new"), name="new") | damage

    with pytest.raises(PreviewError, match=r"has no (URN|`newState`)"):
        after(owner, step)


def test_each_preview_goes_with_the_state_of_its_stack(tmp_path):
    """Files of any number of stacks are matched by what they say they are of."""
    owner, partner = delegation()
    role = owner.urn(f"{RAM}role:Role", "fc-reader")
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps(owner.preview(owner.step("delete", role))))

    stacks = read_stacks([partner.write(tmp_path), owner.write(tmp_path)], [preview])

    assert [each.name for each in stacks] == ["trial/partner", "trial/owner"]
    assert f"acs:ram::{OWNER}:role/fc-reader" not in {
        arn for arn, each in graph_of(stacks).roles.items() if each.origin is not None
    }
    with pytest.raises(ForeignStackError, match="two previews"):
        read_stacks([owner.write(tmp_path)], [preview, preview])
    with pytest.raises(ForeignStackError, match="project `trial`, and project `mine`"):
        read_stacks([], [preview], "mine")


def test_a_secret_trust_policy_is_bounded_by_what_the_provider_read(ask):
    """An encrypted trust policy is not decrypted: it cannot be told, and names at most the recorded users."""
    owner, partner = delegation()
    role = next(each for each in owner.resources if each["type"] == f"{RAM}role:Role")
    role["inputs"]["assumeRolePolicyDocument"] = role["outputs"]["assumeRolePolicyDocument"] = SECRET
    role["outputs"] |= {"ramUsers": [f"acs:ram::{PARTNER}:user/dev"], "services": []}
    partner.user("other")
    partner.attach("user", "other", "assume")

    named, other = (ask(f"partner/user/{name}", owner, partner) for name in ("dev", "other"))

    hidden = "a secret, which is not decrypted"
    assert (named.outcome, other.outcome) == (Outcome.UNKNOWN, Outcome.CLOSED)
    assert named.paths[0].gates[1].ruling.unknown == (
        f"trust policy of role `fc-reader`: {hidden}; at most `acs:ram::{PARTNER}:user/dev`",
    )
