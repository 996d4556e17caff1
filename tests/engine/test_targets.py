"""`--target`: only what is named is touched; the rest stays as the state has it."""

from __future__ import annotations

import pytest

from crossaccount.engine import ProgramError, Targets, UnsupportedError

PREFIX = "urn:pulumi:dev::trial::"
A = f"{PREFIX}alicloud:ram/group:Group::a"
B = f"{PREFIX}alicloud:ram/group:Group::b"
TIE = f"{PREFIX}alicloud:ram/userGroupAttachment:UserGroupAttachment::t"
BODY = (
    "a = alicloud.ram.Group('a', group_name='a{0}', comments='{1}')\n"
    "b = alicloud.ram.Group('b', group_name='b', comments='{1}')\n"
    "alicloud.ram.UserGroupAttachment('t', group_name=a.group_name, user_name='dev')\n"
    "pulumi.export('a', a.group_name)\n"
)


@pytest.fixture
def stack(bench, memory):
    """A function that writes the program and opens the stack."""

    def opened(body):
        bench.program(body)
        return bench.stack(**memory)

    return opened


def test_only_the_target_is_made(bench, stack, shelf):
    """The others are counted as they are, and are not in the state."""
    changes = stack(BODY.format("", "")).up(targets=Targets((A,))).changes

    assert changes == {"create": 2, "same": 2}
    assert shelf.calls == [("create", "a")]
    assert bench.stack().outputs() == {"a": "a"}
    assert stack(BODY.format("", "")).up().changes == {"create": 2, "same": 2}


def test_only_the_target_is_changed(stack, shelf):
    """Also by a pattern."""
    stack(BODY.format("", "")).up()

    assert stack(BODY.format("", "x")).up(targets=Targets(("**::b",))).changes == {"same": 3, "update": 1}
    assert shelf.calls[-1] == ("update", "b")
    assert shelf.things["a"]["comments"] == ""


def test_a_target_that_needs_what_does_not_exist_is_refused(stack, shelf):
    """The missing one is named."""
    with pytest.raises(ProgramError, match=r"`t` .* depends on `a`"):
        stack(BODY.format("", "")).up(targets=Targets((TIE,)))

    assert shelf.calls == []


def test_dependents_of_a_target_can_come_along(stack, shelf):
    """A replaced group takes its memberships with it, and leaves the other group alone."""
    stack(BODY.format("", "")).up()
    changed = BODY.format("2", "x")

    assert stack(changed).preview(targets=Targets((A,))).changes == {"replace": 1, "same": 3}
    assert stack(changed).up(targets=Targets((A,), dependents=True)).changes == {"replace": 2, "same": 2}
    assert shelf.things["b"]["comments"] == ""


def test_only_targets_are_deleted(stack, shelf):
    """What depends on one must be named, or asked for; what is no target stays."""
    stack(BODY.format("", "")).up()

    with pytest.raises(UnsupportedError, match=r"`t` .* depends on a target and would be deleted"):
        stack("").up(targets=Targets((A,)))
    assert stack("").up(targets=Targets((TIE,))).changes == {"delete": 1, "same": 3}
    assert stack("").up(targets=Targets((A,), dependents=True)).changes == {"delete": 1, "same": 2}
    assert sorted(shelf.things) == ["b"]


def test_destroy_and_refresh_take_targets(stack, shelf):
    """The rest of the stack stays."""
    made = stack(BODY.format("", ""))
    made.up()

    assert made.refresh(targets=Targets((A,))).changes == {"same": 2}
    with pytest.raises(UnsupportedError, match="depends on a target"):
        made.destroy(targets=Targets((A,)))
    assert made.destroy(targets=Targets((A,), dependents=True)).changes == {"delete": 2}
    assert made.preview().changes == {"create": 2, "same": 2}
    assert sorted(shelf.things) == ["b"]


@pytest.mark.parametrize("run", ["preview", "up", "destroy", "refresh"])
def test_a_target_that_is_nothing_is_told(stack, shelf, run):
    """Before anything changes."""
    made = stack(BODY.format("", ""))

    with pytest.raises(UnsupportedError, match="target `urn:pulumi:dev::trial::x:y:Z::no` is neither"):
        getattr(made, run)(targets=Targets((f"{PREFIX}x:y:Z::no",)))

    assert shelf.calls == []


def test_a_star_stands_for_a_part_and_two_for_anything():
    """As in Pulumi's `--target`."""
    assert Targets(("**::b",)).names(B)
    assert Targets(("urn:pulumi:*::trial::*::b",)).names(f"{PREFIX}x::b")
    assert not Targets(("*::b",)).names(B)
    assert not Targets(("**::b",)).names(A)
    assert Targets().names(A)


def test_refresh_before_a_run_finds_what_changed_by_hand(stack, shelf):
    """`refresh=True` plans against what is live: in a preview without keeping it, in `up` with."""
    made = stack(BODY.format("", "x"))
    made.up()
    shelf.things["b"]["comments"] = "by hand"
    shelf.things.pop("a")

    plan = made.preview(refresh=True)
    assert plan.changes == {"create": 1, "same": 2, "update": 1}
    assert [step["op"] for step in plan.to_json()["steps"]].count("refresh") == 4
    assert made.preview().changes == {"same": 4}
    assert made.up(refresh=True).changes == {"create": 1, "same": 2, "update": 1}
    assert shelf.things["b"]["comments"] == "x"
