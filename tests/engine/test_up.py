"""Applying: create, update, replace, delete, in order; what a failure leaves; how the next run goes on."""

from __future__ import annotations

import json
import threading

import pytest

from crossaccount.engine import (
    Diagnostic,
    LockError,
    Op,
    ProgramError,
    StepDone,
    StepError,
    StepFailed,
    StepStarted,
    Summary,
    UnsupportedError,
)

TIED = """
groups = [alicloud.ram.Group(f"g{n}", group_name=f"{prefix}{n}", comments=comments) for n in range(3)]
for n, group in enumerate(groups):
    alicloud.ram.UserGroupAttachment(f"t{n}", group_name=group.group_name, user_name="dev")
"""


def tied(bench, prefix="g", comments="", more=""):
    bench.program(f"prefix, comments = {prefix!r}, {comments!r}\n{TIED}{more}")


def names(bench):
    resources = bench.stack().export()["deployment"].get("resources", ())
    return sorted(
        resource["urn"].rpartition("::")[2]
        for resource in resources
        if "providers" not in resource["type"] and resource["custom"]
    )


ALL = ["g0", "g1", "g2", "t0", "t1", "t2"]


def test_a_change_in_place_reaches_the_account(bench, memory, shelf):
    """Only what changed is called."""
    tied(bench)
    bench.stack(**memory).up()
    shelf.calls.clear()
    tied(bench, comments="new")

    summary = bench.stack(**memory).up()

    assert summary.changes == {"same": 4, "update": 3}
    assert sorted(shelf.calls) == [("update", "g0"), ("update", "g1"), ("update", "g2")]
    assert bench.stack(**memory).up().changes == {"same": 7}


def test_a_replacement_makes_the_new_before_it_deletes_the_old(bench, memory, shelf):
    """And deletes what depended on the old one first."""
    tied(bench)
    bench.stack(**memory).up()
    shelf.calls.clear()
    tied(bench, prefix="h")

    summary = bench.stack(**memory).up()

    assert summary.changes == {"replace": 6, "same": 1}
    verbs = [verb for verb, _ in shelf.calls]
    assert verbs == ["create"] * 6 + ["delete"] * 6
    for n in range(3):
        assert shelf.calls.index(("delete", f"g{n}:dev")) < shelf.calls.index(("delete", f"g{n}"))
    assert sorted(shelf.things) == ["h0", "h1", "h2"]


def test_delete_before_replace_deletes_dependents_and_the_old_first(bench, memory, shelf):
    """The program's option turns the order around, for what depends on it too."""
    body = (
        "g = alicloud.ram.Group('g', group_name='{0}', opts=Opts(delete_before_replace=True))\n"
        "alicloud.ram.UserGroupAttachment('t', group_name=g.group_name, user_name='dev')\n"
    )
    bench.program(body.format("old"))
    bench.stack(**memory).up()
    shelf.calls.clear()
    bench.program(body.format("new"))

    plan = bench.stack(**memory).preview()
    summary = bench.stack(**memory).up()

    assert plan.changes == summary.changes == {"replace": 2, "same": 1}
    assert shelf.calls == [("delete", "old:dev"), ("delete", "old"), ("create", "new"), ("create", "new:dev")]
    assert bench.stack(**memory).up().changes == {"same": 3}


def test_a_dependent_that_left_the_program_is_deleted_once(bench, memory, shelf):
    """It goes before what it depended on is replaced, as a part of that replacement."""
    group = "g = alicloud.ram.Group('g', group_name='{0}', opts=Opts(delete_before_replace=True))\n"
    tie = "alicloud.ram.UserGroupAttachment('t', group_name=g.group_name, user_name='dev')\n"
    bench.program(group.format("old") + tie)
    bench.stack(**memory).up()
    shelf.calls.clear()
    bench.program(group.format("new"))

    assert bench.stack(**memory).preview().changes == {"replace": 1, "same": 1}
    assert bench.stack(**memory).up().changes == {"replace": 1, "same": 1}
    assert shelf.calls == [("delete", "old:dev"), ("delete", "old"), ("create", "new")]


def test_what_the_program_drops_is_deleted_dependents_first(bench, memory, shelf):
    """A whole graph goes in the right order."""
    tied(bench)
    bench.stack(**memory).up()
    shelf.calls.clear()
    bench.program("")

    assert bench.stack(**memory).up().changes == {"delete": 6, "same": 1}
    for n in range(3):
        assert shelf.calls.index(("delete", f"g{n}:dev")) < shelf.calls.index(("delete", f"g{n}"))
    assert names(bench) == []


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("change", ["group_name='other'", None])
def test_a_protected_resource_is_neither_replaced_nor_deleted(bench, memory, shelf, change, first):
    """The run is refused before anything changes; so is `destroy`."""
    protect = f"opts=Opts(protect=True, delete_before_replace={first})"
    bench.program(f"alicloud.ram.Group('g', group_name='g', {protect})\n")
    bench.stack(**memory).up()
    shelf.calls.clear()
    bench.program(f"alicloud.ram.Group('g', {change}, {protect})\n" if change else "")

    for run in ("preview", "up", "destroy"):
        with pytest.raises(UnsupportedError, match=r"`g` .* is protected"):
            getattr(bench.stack(**memory), run)()
    assert shelf.calls == []


def test_ignored_changes_are_kept_as_they_are(bench, memory, shelf):
    """The state's value stands for the program's, or for its absence."""
    body = "alicloud.ram.Group('g', group_name='g'{0}, opts=Opts(ignore_changes=['comments']))\n"
    bench.program(body.format(", comments='first'"))
    bench.stack(**memory).up()

    for later in (", comments='second'", ""):
        bench.program(body.format(later))
        assert bench.stack(**memory).up().changes == {"same": 2}
    assert shelf.things["g"]["comments"] == "first"


def test_events_tell_every_step_once(bench, memory):
    """Started before done, the summary last."""
    tied(bench)
    events = []

    bench.stack(**memory).up(events.append)

    started = [event.urn for event in events if isinstance(event, StepStarted)]
    done = [event.urn for event in events if isinstance(event, StepDone)]
    assert sorted(started) == sorted(done) == sorted(set(done))
    assert isinstance(events[-1], Summary)
    assert events[-1].changes == {"create": 7}


def test_independent_steps_run_side_by_side_but_no_more_than_asked(bench, memory, shelf):
    """Three groups at once with three workers, one at a time with one."""
    running, most = [], []
    create = shelf.create
    meeting = threading.Barrier(3, timeout=10)

    def counted(api, inputs):
        running.append(inputs)
        most.append(len(running))
        if meet:
            meeting.wait()
        result = create(api, inputs)
        running.pop()
        return result

    shelf.create = counted
    tied(bench)
    meet = True
    bench.stack(parallel=3, **memory).up()
    meet = False
    most.clear()
    tied(bench, prefix="h")
    bench.stack(parallel=1, **memory).up()

    assert max(most) == 1


@pytest.mark.parametrize("failing", ["g1", "g2:dev"])
def test_after_a_failure_the_state_is_exact_and_the_next_run_goes_on(bench, memory, shelf, ties, failing):
    """What was made is in the state, what was not is not; nothing is made twice."""
    tied(bench)
    shelf.fail.add(failing)
    events = []

    with pytest.raises(StepError, match="too many groups"):
        bench.stack(**memory).up(events.append)

    made = {**shelf.things, **ties.things}
    assert len(names(bench)) == len(made)
    assert failing not in made
    assert [event.name for event in events if isinstance(event, StepFailed)] in (["g1"], ["t2"])
    assert any("run `up` again" in event.message for event in events if isinstance(event, Diagnostic))
    assert "pending_operations" not in bench.stack().export()["deployment"]

    shelf.fail.clear()
    bench.stack(**memory).up()
    assert names(bench) == ALL
    creations = [call for call in shelf.calls if call[0] == "create" and call[1] != failing]
    assert len(creations) == len(set(creations))


def test_no_step_starts_after_a_failure(bench, memory, shelf):
    """What depends on the failed one, and what comes later, is left for the next run."""
    tied(bench)
    shelf.fail.add("g0")

    with pytest.raises(StepError):
        bench.stack(parallel=1, **memory).up()

    assert shelf.calls == [("create", "g0")]


def test_a_failed_deletion_keeps_what_could_not_go(bench, memory, shelf):
    """And what it requires; a second `destroy` ends it."""
    tied(bench)
    bench.stack(**memory).up()
    shelf.fail.add("g1:dev")

    with pytest.raises(StepError, match="too many groups"):
        bench.stack(**memory).destroy()
    assert {"g1", "t1"} <= set(names(bench))

    shelf.fail.clear()
    bench.stack(**memory).destroy()
    assert names(bench) == []
    assert shelf.things == {}


def test_a_replacement_that_fails_half_way_is_ended_by_the_next_run(bench, memory, shelf):
    """The old one waits in the state to be deleted, and is."""
    tied(bench)
    bench.stack(**memory).up()
    tied(bench, prefix="h")
    shelf.fail.add("g1")

    with pytest.raises(StepError):
        bench.stack(**memory).up()
    waiting = [each for each in bench.stack().export()["deployment"]["resources"] if each.get("delete")]
    assert "g1" in [each["id"] for each in waiting]

    shelf.fail.clear()
    summary = bench.stack(**memory).up()
    assert summary.changes == {"same": 7}
    assert sorted(shelf.things) == ["h0", "h1", "h2"]
    assert not [each for each in bench.stack().export()["deployment"]["resources"] if each.get("delete")]


@pytest.mark.parametrize("dropped", [False, True])
def test_a_name_that_waits_for_its_deletion_can_be_taken_again(bench, memory, shelf, ties, dropped):
    """The program goes back to the old name before the old one is gone: it goes first, with what holds it."""
    body = (
        "g = alicloud.ram.Group('g', group_name='{0}')\n"
        "alicloud.ram.UserGroupAttachment('t', group_name=g.group_name, user_name='dev')\n"
    )
    bench.program(body.format("old"))
    bench.stack(**memory).up()
    bench.program(body.format("new"))
    shelf.fail.add("old")
    with pytest.raises(StepError):
        bench.stack(**memory).up()
    if dropped:
        bench.program("")
        with pytest.raises(StepError):
            bench.stack(**memory).up()
    shelf.fail.clear()
    bench.program(body.format("old"))

    bench.stack(**memory).up()

    assert (sorted(shelf.things), sorted(ties.things)) == (["old"], ["old:dev"])
    assert bench.stack(**memory).up().changes == {"same": 3}
    bench.stack(**memory).destroy()
    assert shelf.things == ties.things == {}


def test_an_unexpected_fault_in_a_step_stops_the_run_like_a_refusal(bench, memory, shelf):
    """A bug of a resource type is told with its kind; the state is exact."""

    def broken(api, inputs):
        raise RuntimeError("a bug")

    shelf.create = broken
    tied(bench)

    with pytest.raises(StepError, match="RuntimeError: a bug"):
        bench.stack(**memory).up()

    assert names(bench) == []


def test_a_program_that_fails_only_when_applied_loses_nothing(bench, memory, shelf):
    """What it made before is in the state; nothing is deleted."""
    tied(bench)
    bench.stack(**memory).up()
    bench.program(
        "alicloud.ram.Group('new', group_name='new')\n"
        "if not pulumi.runtime.is_dry_run():\n    raise ValueError('late')\n"
    )

    with pytest.raises(ProgramError, match="ValueError: late"):
        bench.stack(**memory).up()

    assert names(bench) == sorted([*ALL, "new"])
    assert ("delete", "g0") not in shelf.calls


def test_two_runs_on_one_stack_are_kept_apart(bench, memory, shelf):
    """The second is refused while the first works; afterwards the stack is whole."""
    inside, leave = threading.Event(), threading.Event()
    create = shelf.create

    def slow(api, inputs):
        inside.set()
        assert leave.wait(20)
        return create(api, inputs)

    shelf.create = slow
    tied(bench)
    first = threading.Thread(target=bench.stack(**memory).up)
    first.start()
    assert inside.wait(20)

    for run in ("up", "refresh", "destroy"):
        with pytest.raises(LockError, match="being changed by another run"):
            getattr(bench.stack(**memory), run)()

    leave.set()
    first.join(20)
    assert names(bench) == ALL


def test_secrets_are_nowhere_in_clear(bench, target, tmp_path):
    """Keys and passwords are encrypted in the state, masked in outputs, absent from events."""
    bench.program(
        "user = alicloud.ram.User('dev', name='dev')\n"
        "key = alicloud.ram.AccessKey('key', user_name=user.name)\n"
        "alicloud.ram.LoginProfile('login', user_name=user.name, password=hidden('Hidden-Passw0rd1'))\n"
        "pulumi.export('secret', key.secret)\n"
    )
    events = []
    stack = bench.stack(target=target)

    stack.up(events.append)

    secret = stack.outputs(show_secrets=True)["secret"]
    written = b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".py"
    )
    for hidden in (secret, "Hidden-Passw0rd1", target.access_key_secret):
        assert hidden.encode() not in written
        assert hidden not in repr(events)
        assert hidden not in json.dumps(stack.export())
    assert stack.outputs() == {"secret": "[secret]"}
    assert stack.up().changes == {"same": 4}


def test_a_custom_timeout_is_recorded(bench, memory):
    """In seconds; the provider's own `__meta` tells that of the operation it last did."""
    bench.program(
        "alicloud.ram.Group('g', group_name='g', opts=Opts("
        "custom_timeouts=pulumi.CustomTimeouts(create='1h30m', delete='90s')))\n"
    )

    bench.stack(**memory).up()

    group = next(
        each for each in bench.stack().export()["deployment"]["resources"] if each["urn"].endswith("::g")
    )
    assert group["customTimeouts"] == {"create": 5400, "delete": 90}
    assert json.loads(group["outputs"]["__meta"]) == {
        "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0": {"create": 5400 * 10**9}
    }


def test_an_explicit_provider_is_recorded_and_used(bench, memory):
    """Its resources refer to it, and it is deleted after them."""
    bench.program(
        "p = alicloud.Provider('p', region='cn-beijing')\n"
        "alicloud.ram.Group('g', group_name='g', opts=Opts(provider=p))\n"
    )
    stack = bench.stack(**memory)

    assert stack.up().changes == {"create": 3}
    provider, group = stack.export()["deployment"]["resources"][1:]
    assert group["provider"] == f"{provider['urn']}::{provider['id']}"
    assert provider["inputs"]["region"] == "cn-beijing"
    assert stack.up().changes == {"same": 3}
    events = []
    assert stack.destroy(events.append).changes == {"delete": 3}
    assert [event.name for event in events if isinstance(event, StepDone)] == ["g", "p", "trial-dev"]


def test_a_line_of_the_program_is_recorded_with_each_resource(bench, memory):
    """As Pulumi does: relative to the project."""
    bench.program("\nalicloud.ram.Group('g', group_name='g')\n")

    bench.stack(**memory).up()

    group = next(
        each for each in bench.stack().export()["deployment"]["resources"] if each["urn"].endswith("::g")
    )
    assert group["sourcePosition"] == "project:///__main__.py#5"


def test_a_component_without_registered_outputs_keeps_its_inputs(bench, memory):
    """Its inputs count as changes, and its children carry its type."""
    bench.write(
        "parts.py",
        "import pulumi, pulumi_alicloud as alicloud\n"
        "class Part(pulumi.ComponentResource):\n"
        "    def __init__(self, name, size):\n"
        "        super().__init__('my:index:Part', name, {'size': size})\n"
        "        alicloud.ram.Group('g', group_name='g', opts=pulumi.ResourceOptions(parent=self))\n",
    )
    bench.program("from parts import Part\nPart('p', 1)\n")
    stack = bench.stack(**memory)
    stack.up()
    bench.program("from parts import Part\nPart('p', 2)\n")

    assert stack.up().changes == {"same": 2, "update": 1}
    resources = {each["urn"].rpartition("::")[2]: each for each in stack.export()["deployment"]["resources"]}
    assert resources["p"]["inputs"] == {"size": 2}
    assert resources["g"]["urn"] == "urn:pulumi:dev::trial::my:index:Part$alicloud:ram/group:Group::g"


def test_the_real_policy_limit_stops_a_run_and_the_next_converges(bench, target):
    """A failure of the local cloud's own: a document over the size limit, then one within it."""
    body = (
        "document = json.dumps({{'Version': '1', 'Statement': [{{'Effect': 'Allow',"
        " 'Action': ['fc:ListFunctions'], 'Resource': ['acs:fc:*:*:' + 'x' * {size}]}}]}})\n"
        "policy = alicloud.ram.Policy('p', policy_name='p', policy_document=document)\n"
        "role = alicloud.ram.Role('r', role_name='r', assume_role_policy_document=json.dumps({{"
        "'Version': '1', 'Statement': [{{'Action': 'sts:AssumeRole', 'Effect': 'Allow', 'Principal': {{'RAM':"
        " ['acs:ram::1345678901230000:root']}}}}]}}))\n"
        "alicloud.ram.RolePolicyAttachment('a', role_name=role.role_name, policy_name=policy.policy_name,"
        " policy_type=policy.type)\n"
    )
    bench.program(body.format(size=20000))
    stack = bench.stack(target=target)

    with pytest.raises(StepError, match="`p`"):
        stack.up()
    assert "a" not in names(bench)

    bench.program(body.format(size=10))
    stack.up()
    assert names(bench) == ["a", "p", "r"]
    assert stack.up().changes == {"same": 4}
    stack.destroy()
    assert names(bench) == []


def test_op_values_are_pulumis_words():
    """An operation reads as in `pulumi preview --json`."""
    assert Op.CREATE_REPLACEMENT.value == "create-replacement"
