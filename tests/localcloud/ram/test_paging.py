"""Pages of lists: nothing twice, nothing missing, in order."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.localcloud.ram.paging import cut, open_marker, write_marker

NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=5)


def pages(root, listing, size, **params):
    """The names on every page, following the markers."""
    action, plural, singular, key = listing
    marker = {}
    while True:
        answer = root(action, MaxItems=size, **marker, **params)
        names = [item[key] for item in answer[plural][singular]]
        yield names
        assert answer["IsTruncated"] is ("Marker" in answer)
        if not answer["IsTruncated"]:
            return
        assert len(names) == size
        marker = {"Marker": answer["Marker"]}


@pytest.fixture
def documents(trust, allow):
    """What some entities need besides a name."""
    return {
        "CreateRole": {"AssumeRolePolicyDocument": trust()},
        "CreatePolicy": {"PolicyDocument": allow("fc:*")},
    }


@given(st.sets(NAMES, max_size=30), st.integers(1, 7))
def test_pages_joined_are_the_list(names, size):
    """The pages of a list, one after another, are the list in order: every name once."""
    ordered, seen, after = sorted(names), [], ""
    while after is not None:
        shown, after = cut(ordered, after, size)
        assert len(shown) <= size
        seen += shown
    assert seen == ordered


@given(st.sets(NAMES, min_size=1, max_size=30), st.integers(1, 7), st.data())
def test_what_stays_is_neither_repeated_nor_lost(names, size, data):
    """Names that come and go between two pages do not disturb those that stay."""
    shown, after = cut(sorted(names), "", size)
    gone = data.draw(st.sets(st.sampled_from(sorted(names))))
    come = data.draw(st.sets(NAMES, max_size=5))
    now = sorted((names - gone) | come)
    seen = list(shown)
    while after is not None:
        page, after = cut(now, after, size)
        seen += page
    assert len(set(seen)) == len(seen)
    if len(names) > size:
        assert names - gone <= set(seen)


@given(st.sampled_from(["ListRoles", "ListUsers"]), NAMES)
def test_a_marker_opens_only_where_it_was_given(action, name):
    """A marker belongs to its action; what no action gave does not open."""
    marker = write_marker(action, name)
    assert open_marker(action, marker) == name
    assert open_marker("ListGroups", marker) is None
    assert open_marker(action, name) is None


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize(
    ("create", "listing"),
    [
        ("CreateRole", ("ListRoles", "Roles", "Role", "RoleName")),
        ("CreateUser", ("ListUsers", "Users", "User", "UserName")),
        ("CreateGroup", ("ListGroups", "Groups", "Group", "GroupName")),
        ("CreatePolicy", ("ListPolicies", "Policies", "Policy", "PolicyName")),
    ],
)
def test_every_list_is_paged(root, documents, create, listing, size):
    """Each list action gives all its entities over as many pages as it takes."""
    key = listing[-1]
    names = ["a", "b", "c-d", "d"]
    for name in reversed(names):
        root(create, **{key: name}, **documents.get(create, {}))
    only = {"PolicyType": "Custom"} if create == "CreatePolicy" else {}
    found = list(pages(root, listing, size, **only))
    assert list(chain.from_iterable(found)) == names
    assert len(found) == -(-len(names) // size)


def test_members_are_paged_and_system_policies_too(root):
    """ListUsersForGroup and ListPolicies of system policies follow the same markers."""
    root("CreateGroup", GroupName="g")
    for name in ("u1", "u2", "u3"):
        root("CreateUser", UserName=name)
        root("AddUserToGroup", UserName=name, GroupName="g")
    found = pages(root, ("ListUsersForGroup", "Users", "User", "UserName"), 2, GroupName="g")
    assert list(found) == [["u1", "u2"], ["u3"]]
    found = pages(root, ("ListPolicies", "Policies", "Policy", "PolicyName"), 3, PolicyType="System")
    names = list(chain.from_iterable(found))
    assert len(names) == len(set(names)) > 3


@pytest.mark.parametrize("action", ["ListRoles", "ListUsers", "ListGroups", "ListPolicies"])
def test_wrong_page_parameters_are_named(root, action):
    """MaxItems is 1 to 1000, and a marker is one that the action gave."""
    for size in (0, 1001, "many", -1):
        assert root.refused(action, MaxItems=size) == (400, "InvalidParameter.MaxItems")
    for marker in ("x", "AAAA", "é", write_marker("ListVersions", "a"), write_marker(action, "")):
        assert root.refused(action, Marker=marker) == (400, "InvalidParameter.Marker")
    assert root(action, MaxItems=1000, Marker="")["IsTruncated"] is False
