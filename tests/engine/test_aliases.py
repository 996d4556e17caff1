"""Former names: a renamed resource stays what it is."""

from __future__ import annotations

import json

import pytest

from crossaccount.engine import ProgramError, StepError
from crossaccount.engine.aliases import Alias, former_urns

GROUP = "alicloud.ram.Group('{}', group_name='g'{})\n"
COMPONENT = """
class Part(pulumi.ComponentResource):
    def __init__(self, name, child, opts=None, aliases=None):
        super().__init__('my:index:{}', name, None, opts)
        g = alicloud.ram.Group(child, group_name='g', opts=Opts(parent=self, aliases=aliases))
        alicloud.ram.UserGroupAttachment(child + '-t', group_name=g.group_name, user_name='dev',
            opts=Opts(parent=g))
"""
PREFIX = "urn:pulumi:dev::trial::"


def up(bench, memory, body):
    bench.program(body)
    return bench.stack(**memory).up().changes


def urns(bench):
    found = bench.stack().export()["deployment"]["resources"]
    return {each["urn"].removeprefix(PREFIX) for each in found if "providers" not in each["type"]}


def assert_whole(bench):
    """Everything that a resource refers to comes before it."""
    seen = set()
    for each in bench.stack().export()["deployment"]["resources"]:
        wanted = {each.get("parent"), *each.get("dependencies", ())}
        wanted |= {urn for found in each.get("propertyDependencies", {}).values() for urn in found}
        assert wanted - {None} <= seen
        seen.add(each["urn"])


def test_a_renamed_resource_is_the_same(bench, memory, shelf):
    """By name or by whole URN, in the plan and in the account; its state goes by the new name."""
    up(bench, memory, GROUP.format("a", ""))
    for number, alias in enumerate(
        ["pulumi.Alias(name='a')", f"'{PREFIX}alicloud:ram/group:Group::b0'", "pulumi.Alias(name='b1')"]
    ):
        body = GROUP.format(f"b{number}", f", opts=Opts(aliases=[{alias}])")
        bench.program(body)
        assert bench.stack(**memory).preview().changes == {"same": 2}
        assert up(bench, memory, body) == {"same": 2}
        assert f"alicloud:ram/group:Group::b{number}" in urns(bench)
    assert shelf.calls == [("create", "g")]
    assert len(urns(bench)) == 2


def test_a_renamed_resource_can_change_too(bench, memory, shelf):
    """In the same run."""
    up(bench, memory, GROUP.format("a", ""))

    changed = GROUP.format("b", ", comments='new', opts=Opts(aliases=[pulumi.Alias(name='a')])")

    assert up(bench, memory, changed) == {"same": 1, "update": 1}
    assert shelf.things["g"]["comments"] == "new"


def test_children_follow_their_parent(bench, memory, shelf):
    """Into a component, through its new name, by the convention of names, and through its new type."""
    root = "pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)"
    flat = (
        "g = "
        + GROUP.format("x-g", "")
        + "alicloud.ram.UserGroupAttachment('x-g-t', group_name=g.group_name,"
        " user_name='dev', opts=Opts(parent=g))\n"
    )
    up(bench, memory, flat)
    steps = [
        (COMPONENT.format("Part") + f"Part('x', 'x-g', aliases=[{root}])\n", {"create": 1, "same": 3}),
        (
            COMPONENT.format("Part") + "Part('y', 'y-g', Opts(aliases=[pulumi.Alias(name='x')]))\n",
            {"same": 4},
        ),
        (
            COMPONENT.format("Piece")
            + "Part('y', 'y-g', Opts(aliases=[pulumi.Alias(type_='my:index:Part')]))\n",
            {"same": 4},
        ),
    ]
    for body, expected in steps:
        assert up(bench, memory, body) == expected
        assert_whole(bench)
    assert len(shelf.calls) == 2
    assert any(each.startswith("my:index:Piece$alicloud:ram/group:Group$") for each in urns(bench))


def test_what_is_left_behind_follows_a_renamed_resource(bench, memory, shelf):
    """A resource of the state that the program did not reach refers to it by its new name."""
    tied = "alicloud.ram.UserGroupAttachment('t', group_name=g.group_name, user_name='dev')\n"
    up(bench, memory, "g = " + GROUP.format("a", "") + tied)
    renamed = "g = " + GROUP.format("b", ", comments='x', opts=Opts(aliases=[pulumi.Alias(name='a')])")
    shelf.fail.add("g")
    bench.program(renamed + tied)

    with pytest.raises(StepError):
        bench.stack(**memory).up()

    assert_whole(bench)
    tie = next(
        each for each in bench.stack().export()["deployment"]["resources"] if each["urn"].endswith("::t")
    )
    assert tie["dependencies"] == [f"{PREFIX}alicloud:ram/group:Group::b"]
    shelf.fail.clear()
    bench.program("")
    bench.stack(**memory).up()
    assert shelf.calls[-2:] == [("delete", "g:dev"), ("delete", "g")]


def test_a_renaming_survives_a_kill(bench, memory):
    """It is in the journal, and read back with every reference."""
    tied = "alicloud.ram.UserGroupAttachment('t', group_name=g.group_name, user_name='dev')\n"
    up(bench, memory, "g = " + GROUP.format("a", "") + tied)
    old, new = (f"{PREFIX}alicloud:ram/group:Group::{name}" for name in "ab")
    bench.journal_path.write_text(json.dumps({"rename": [old, new]}) + "\n")

    assert_whole(bench)
    assert "alicloud:ram/group:Group::b" in urns(bench)


@pytest.mark.parametrize("order", [1, -1])
def test_one_former_name_is_no_two_resources(bench, memory, order):
    """The program that declares both is told, whichever comes first."""
    up(bench, memory, GROUP.format("a", ""))
    renamed = "alicloud.ram.Group('b', group_name='b', opts=Opts(aliases=[pulumi.Alias(name='a')]))\n"
    bench.program("".join([GROUP.format("a", ""), renamed][::order]))

    with pytest.raises(ProgramError, match=r"alias|former name"):
        bench.stack(**memory).preview()


def test_parts_that_are_not_named_are_the_resources_own():
    """Project, stack, type, name and parent, each alone."""
    urn = f"{PREFIX}my:P$my:C::child"
    parent = f"{PREFIX}my:P::p"
    aliases = [
        Alias(name="x"),
        Alias(type="my:D"),
        Alias(stack="prod"),
        Alias(project="other"),
        Alias(no_parent=True),
        Alias(parent=f"{PREFIX}my:Q::q"),
    ]

    assert list(former_urns(urn, parent, aliases, {})) == [
        f"{PREFIX}my:P$my:C::x",
        f"{PREFIX}my:P$my:D::child",
        "urn:pulumi:prod::trial::my:P$my:C::child",
        "urn:pulumi:dev::other::my:P$my:C::child",
        f"{PREFIX}my:C::child",
        f"{PREFIX}my:Q$my:C::child",
    ]
