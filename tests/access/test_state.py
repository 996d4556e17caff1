"""States: what is read, and each kind of bad input as one clear error that names file and place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crossaccount.access import ForeignStackError, StateFileError, graph_of, read_state, state_of
from tests.access.states import OWNER, PARTNER, StackState, delegation, root, trust

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"


def test_a_recorded_state_is_read_whole():
    """Every RAM type of the recording becomes a node, a grant or a fact, with the account from the role."""
    graph = graph_of([read_state(RECORDINGS / "1-state.json")])

    user = graph.users[f"acs:ram::{OWNER}:user/dev"]
    role = graph.roles[f"acs:ram::{OWNER}:role/fc-reader"]
    assert graph.accounts == {OWNER: ["recording/account-a"]}
    assert graph.aliases == {OWNER: "company-a"}
    assert [(grant.document.name, grant.group) for grant in user.grants] == [
        ("AliyunSTSAssumeRoleAccess", ""),
        ("AliyunSTSAssumeRoleAccess", "operators"),
    ]
    assert {grant.document.label for grant in role.grants} == {
        "system policy `AliyunFCReadOnlyAccess`",
        "custom policy `fc-list`",
    }
    assert [(each.kind, each.detail) for each in user.credentials] == [
        ("access key", "Active"),
        ("console login", "asks for a second factor"),
    ]
    assert graph.groups[f"acs:ram::{OWNER}:group/operators"].members == ("dev",)
    assert role.max_session == 3600
    assert not graph.not_analysed


def test_no_secret_of_a_state_is_kept():
    """Neither ciphertexts nor passwords are anywhere in the graph."""
    text = repr(graph_of([read_state(RECORDINGS / "1-state.json")]))

    assert "ciphertext" not in text
    assert "v1:" not in text


def test_a_destroyed_stack_is_an_empty_one():
    """A state without resources gives nothing and needs no account."""
    graph = graph_of([read_state(RECORDINGS / "6-state.json")])

    assert (dict(graph.users), dict(graph.roles), dict(graph.accounts)) == ({}, {}, {})


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_named_with_the_place(tmp_path, kept):
    """The message has the file, line and column, and what to do."""
    text = (RECORDINGS / "1-state.json").read_text()
    path = tmp_path / "a.json"
    path.write_text(text[: int(len(text) * kept)])

    with pytest.raises(StateFileError, match=r"a\.json` is truncated or not JSON, at line \d+ column \d+"):
        read_state(path)


def test_a_missing_file_is_named(tmp_path):
    """A path that does not exist is an error of its own words."""
    with pytest.raises(StateFileError, match=r"none\.json` cannot be read: no such file"):
        read_state(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("version", "said"), [(2, "2"), (4, "4"), (None, "?"), ("3", "?"), ({"a": "b"}, "?")]
)
def test_another_version_is_refused(version, said):
    """Only version 3 is read; the message names the version, and nothing that is no number."""
    with pytest.raises(StateFileError, match=rf"`s` is a deployment of version `{re.escape(said)}`"):
        state_of(StackState("dev").export(version=version), "s")


@pytest.mark.parametrize("content", [[], "x", {}, {"version": 3}, {"version": 3, "deployment": []}])
def test_what_is_no_deployment_is_refused(content):
    """Any other JSON is told to be none."""
    with pytest.raises(StateFileError, match="`s` is not what `pulumi stack export` writes"):
        state_of(content, "s")


def test_a_preview_in_the_place_of_a_state_is_told_as_one():
    """The message says what the file is."""
    with pytest.raises(StateFileError, match="it is a preview"):
        state_of({"steps": []}, "s")


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ({"urn": None}, "without a URN"),
        ({"urn": "urn:x"}, "without a URN"),
        ({"type": None}, "no `type`"),
        ({"inputs": []}, "`inputs` is malformed"),
        ({"outputs": "x"}, "`outputs` is malformed"),
    ],
)
def test_a_damaged_resource_is_named(damage, place):
    """A resource that is not one is refused with its place."""
    state = StackState("dev", OWNER)
    state.user("dev")
    state.resources[-1] |= damage

    with pytest.raises(StateFileError, match=place):
        state_of(state.export(), "s")


@pytest.mark.parametrize("listed", [{}, "x", [1]])
def test_resources_that_are_no_list_are_refused(listed):
    """`resources` must be a list of objects."""
    with pytest.raises(StateFileError, match=r"deployment\.resources` is not a list"):
        state_of({"version": 3, "deployment": {"resources": listed or {"a": 1}}}, "s")


def test_another_project_is_refused_where_one_is_asked_for():
    """The message names both projects."""
    with pytest.raises(ForeignStackError, match="project `trial`, stack `dev`, and project `mine`"):
        state_of(StackState("dev", OWNER).export(), "s", "mine")


def test_resources_of_two_stacks_in_one_file_are_refused():
    """A state is of one stack."""
    one, other = StackState("dev", OWNER), StackState("prod", OWNER)

    with pytest.raises(ForeignStackError, match="two stacks, `trial/dev` and `trial/prod`"):
        state_of({"version": 3, "deployment": {"resources": one.resources + other.resources}}, "s")


def test_a_replaced_role_counts_until_it_is_deleted(graph):
    """A role that waits for its deletion is there, and so is what is attached to it."""
    owner, partner = delegation()
    owner.role("old-reader", trust(root(PARTNER)), label="fc-reader", delete=True)
    owner.attach("role", "old-reader", "AliyunFCFullAccess", "System", delete=True)

    role = graph(owner, partner).roles[f"acs:ram::{OWNER}:role/old-reader"]

    assert role.retired
    assert [grant.document.name for grant in role.grants] == ["AliyunFCFullAccess"]


def test_what_was_deleted_to_be_replaced_is_not_there(graph):
    """Between its deletion and its replacement a resource gives nothing."""
    owner, _ = delegation()
    owner.resources[-1]["pendingReplacement"] = True

    assert graph(owner).roles[f"acs:ram::{OWNER}:role/fc-reader"].grants == ()


def test_an_operation_that_was_cut_off_leaves_its_resource_uncertain(graph):
    """What was being created may exist, and what was being deleted may be gone."""
    owner, _ = delegation()
    making = dict(owner.resources[1], urn=owner.urn("alicloud:ram/role:Role", "new"))
    making["inputs"] = {**making["inputs"], "roleName": "new"}
    pending = [
        {"type": "creating", "resource": making},
        {"type": "deleting", "resource": owner.resources[1]},
    ]
    state = state_of(json.loads(json.dumps(owner.export(pending_operations=pending))), "s")

    roles = graph_of([state]).roles

    assert {role.name: role.certain for role in roles.values()} == {"fc-reader": False, "new": False}
