"""Decisions, deletions and their order: pure."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from crossaccount.engine import Op, parallel, plan
from crossaccount.engine.registration import Registration
from crossaccount.engine.state import Resource

GROUP = "alicloud:ram/group:Group"
TIE = "alicloud:ram/userGroupAttachment:UserGroupAttachment"


def urn(name, type_=GROUP):
    return f"urn:pulumi:dev::trial::{type_}::{name}"


def old(name, type_=GROUP, *, depends=(), **fields):
    return Resource(
        urn=urn(name, type_),
        type=type_,
        custom=True,
        id=name,
        dependencies=tuple(depends),
        **fields,
    )


def goal(name, inputs, **fields):
    return Registration(urn=urn(name), type=GROUP, name=name, custom=True, inputs=inputs, **fields)


def test_what_is_new_is_created(shelf):
    """Also when the state only read it before."""
    assert plan.decide(None, goal("a", {"groupName": "a"}), shelf).op is Op.CREATE
    assert plan.decide(old("a", external=True), goal("a", {}), shelf).op is Op.CREATE


def test_equal_inputs_are_the_same(shelf):
    """What the type says means the same counts as equal."""
    before = old("a", inputs={"groupName": "a", "comments": ""})

    assert plan.decide(before, goal("a", {"groupName": "a"}), shelf) == plan.Decision(Op.SAME)


def test_a_change_is_an_update_or_a_replacement(shelf):
    """The inputs that replace give the reasons; every changed path is told."""
    before = old("a", inputs={"groupName": "a", "comments": "x"})

    update = plan.decide(before, goal("a", {"groupName": "a", "comments": "y"}), shelf)
    replacement = plan.decide(before, goal("a", {"groupName": "b"}), shelf)

    assert update == plan.Decision(Op.UPDATE, ("comments",), (), {"comments": "update"})
    assert replacement == plan.Decision(
        Op.REPLACE,
        ("comments", "groupName"),
        ("groupName",),
        {"comments": "delete", "groupName": "update-replace"},
    )


def test_a_component_with_other_inputs_is_updated():
    """It has no type; its inputs are only recorded."""
    before = Resource(urn=urn("c"), type="my:Component", inputs={"size": 1})
    after = Registration(urn=urn("c"), type="my:Component", name="c", custom=False, inputs={"size": 2})

    assert plan.decide(before, after, None) == plan.Decision(Op.UPDATE, ("size",))


def test_deletions_put_dependents_first():
    """Through dependencies, parents and providers; what is kept is left out."""
    provider = old("p", "pulumi:providers:alicloud")
    group = old("g", provider=f"{urn('p', 'pulumi:providers:alicloud')}::p")
    tie = old("t", TIE, depends=[urn("g")])
    child = old("c", parent=urn("t", TIE))

    unwanted = plan.deletions([provider, group, tie, child], [], set())

    assert [each.name for each in unwanted] == ["c", "t", "g", "p"]
    assert [each.name for each in plan.deletions([group, tie], [], {urn("g")})] == ["t"]


def test_dependents_that_must_go_first_are_found_through_each_other(shelf, ties):
    """Only those whose dependent input forces a replacement, and theirs in turn."""
    group = old("g")
    tied = old("t", TIE, depends=[urn("g")], property_dependencies={"groupName": (urn("g"),)})
    commented = old("c", depends=[urn("g")], property_dependencies={"comments": (urn("g"),)})
    further = old("f", TIE, depends=[urn("t", TIE)], property_dependencies={"userName": (urn("t", TIE),)})
    live = {each.urn: each for each in (group, tied, commented, further)}

    found = plan.dependents_to_replace(group.urn, live, {shelf.token: shelf, ties.token: ties})

    assert [each.name for each in found] == ["f", "t"]


def test_parts_of_a_replacement_and_default_providers_are_not_counted():
    """A replacement counts once."""
    provider = old("default_4_0_0", "pulumi:providers:alicloud")
    steps = [
        plan.Step(Op.REPLACE, urn("a"), old("a"), old("a")),
        plan.Step(Op.DELETE_REPLACED, urn("a"), old("a")),
        plan.Step(Op.DELETE, provider.urn, provider),
        plan.Step(Op.READ, urn("b"), None, old("b")),
        plan.Step(Op.SAME, urn("c"), old("c"), old("c")),
    ]

    assert plan.count(steps) == {"replace": 1, "same": 1}


def test_independent_resources_run_side_by_side_and_dependents_first():
    """Two that nothing requires meet; what both require waits for them."""
    group = old("g")
    ties = [old(name, TIE, depends=[group.urn]) for name in ("t1", "t2")]
    meeting = threading.Barrier(2, timeout=10)
    done = []

    def act(resource):
        if resource is not group:
            meeting.wait()
        done.append(resource.name)

    parallel.dependents_first([group, *ties], act, 2)

    assert sorted(done[:2]) == ["t1", "t2"]
    assert done[2] == "g"


@pytest.mark.parametrize("workers", [1, 3])
def test_after_a_failure_nothing_new_starts(workers):
    """What depends on nothing failed may have run; what the failed one requires has not."""
    group = old("g")
    tie = old("t", TIE, depends=[group.urn])
    done = []

    def act(resource):
        if resource is tie:
            raise ValueError("refused")
        done.append(resource.name)

    with pytest.raises(ValueError, match="refused"):
        parallel.dependents_first([group, tie], act, workers)

    assert done == []


def test_what_ends_after_a_failure_starts_nothing(mocker):
    """A second tie that goes well after the first one failed does not set off its group."""
    futures = []

    class Watched(ThreadPoolExecutor):
        def submit(self, *call):
            futures.append(super().submit(*call))
            return futures[-1]

    mocker.patch.object(parallel, "ThreadPoolExecutor", Watched)
    groups = [old("g1"), old("g2")]
    ties = [old(f"t{n}", TIE, depends=[groups[n - 1].urn]) for n in (1, 2)]
    begun, done = threading.Event(), []

    def act(resource):
        if resource.name == "t1":
            assert begun.wait(10)
            raise ValueError("refused")
        if resource.name == "t2":
            begun.set()
            wait(futures[:1], 10)  # the first tie's
        done.append(resource.name)

    with pytest.raises(ValueError, match="refused"):
        parallel.dependents_first([*groups, *ties], act, 2)

    assert done == ["t2"]
