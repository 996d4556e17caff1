"""Resource options, each as Pulumi's own engine was seen to treat it."""

from __future__ import annotations

from importlib import metadata

import pytest

from crossaccount.engine import Op, ProgramError, StepDone, StepError, UnsupportedError
from crossaccount.engine.ram_api import RamApi

SDK_VERSION = metadata.version("pulumi-alicloud")
TYPE = "alicloud:ram/group:Group"


def group(options="", name="g", group_name="g", comments="", more=""):
    opts = f", opts=Opts({options})" if options else ""
    return f"alicloud.ram.Group('{name}', group_name='{group_name}', comments='{comments}'{opts})\n{more}"


def resources(bench):
    found = bench.stack().export()["deployment"]["resources"]
    return {each["urn"].rpartition("::")[2]: each for each in found if "providers" not in each["type"]}


def up(bench, memory, body):
    bench.program(body)
    return bench.stack(**memory).up().changes


def planned(bench, memory, body):
    bench.program(body)
    return bench.stack(**memory).preview()


def decision(plan, name):
    return next(step.decision for step in plan.steps if step.urn.endswith(f"::{name}"))


def test_what_loses_its_protection_may_be_replaced_in_the_same_run(bench, memory, shelf):
    """As with Pulumi; nothing protected is left over, in the state neither."""
    up(bench, memory, group("protect=True"))

    assert up(bench, memory, group(group_name="h")) == {"replace": 1, "same": 1}
    assert sorted(shelf.things) == ["h"]


def test_newly_protected_is_shown_though_it_is_the_same(bench, memory):
    """`preview --json` lists it with the operation `same`."""
    up(bench, memory, group())

    plan = planned(bench, memory, group("protect=True"))

    assert plan.changes == {"same": 2}
    assert [step["op"] for step in plan.to_json()["steps"]] == ["same", "same"]


def test_what_is_retained_leaves_the_state_and_stays_in_the_account(bench, memory, shelf):
    """When it is replaced, when the program drops it, and at the end."""
    up(bench, memory, group("retain_on_delete=True"))
    assert resources(bench)["g"]["retainOnDelete"] is True

    assert up(bench, memory, group("retain_on_delete=True", group_name="h")) == {"replace": 1, "same": 1}
    assert up(bench, memory, "") == {"delete": 1, "same": 1}
    assert list(resources(bench)) == ["trial-dev"]
    assert sorted(shelf.things) == ["g", "h"]
    assert ("delete", "g") not in shelf.calls


@pytest.mark.parametrize("paths", ["['comments']", "['*']", "['bogus', 'comments']"])
def test_ignored_paths_are_put_back(bench, memory, shelf, paths):
    """A whole property, every property; a path that leads nowhere does no harm."""
    up(bench, memory, group(comments="first"))

    assert up(bench, memory, group(f"ignore_changes={paths}", comments="second")) == {"same": 2}
    assert shelf.things["g"]["comments"] == "first"
    assert resources(bench)["g"]["ignoreChanges"]


ROLE = """
trust = json.dumps({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
    "Principal": {"RAM": ["acs:ram::1345678901230000:root"]}}]})
alicloud.ram.Role("r", role_name="r", assume_role_policy_document=trust, %s)
"""


def test_a_part_of_the_tags_can_be_ignored(bench, target, local_cloud):
    """The other parts change all the same."""
    bench.program(ROLE % "tags={'a': '1', 'b': '2'}")
    bench.stack(target=target).up()
    bench.program(ROLE % "tags={'b': '3', 'c': '4'}, opts=Opts(ignore_changes=['tags.a'])")
    stack = bench.stack(target=target)

    assert decision(stack.preview(), "r").detailed == {
        "tags": "update",
        "tags.b": "update",
        "tags.c": "add",
    }
    stack.up()
    assert resources(bench)["r"]["outputs"]["tags"] == {"a": "1", "b": "3", "c": "4"}
    assert stack.preview().changes == {"same": 2}


def test_a_value_that_ram_has_already_is_no_change(bench, target):
    """Writing down the default that RAM filled in shows nothing, nor does taking it out again."""
    bench.program(ROLE % "")
    bench.stack(target=target).up()

    for written in ("max_session_duration=3600, description=''", "max_session_duration=7200", ""):
        bench.program(ROLE % written)
        expected = {"same": 1, "update": 1} if "7200" in written else {"same": 2}
        assert bench.stack(target=target).preview().changes == expected
    bench.program((ROLE % "").replace('role_name="r", ', ""))
    assert bench.stack(target=target).preview().changes == {"same": 2}


def test_a_missing_input_is_found_before_anything_changes(bench, memory, shelf):
    """Where something is to be made; what is not known yet counts as given."""
    first = group(name="first", group_name="first")

    for late in ("None", "''"):
        bench.program(f"{first}alicloud.ram.Group('g', group_name={late})\n")
        with pytest.raises(ProgramError, match="`groupName` must be set"):
            bench.stack(**memory).up()
    assert shelf.calls == []
    tie = "alicloud.ram.UserGroupAttachment('t', group_name=g.id, user_name='dev')\n"
    assert planned(bench, memory, f"g = {group()}{tie}").changes == {"create": 3}


@pytest.mark.parametrize(
    ("paths", "op", "reasons"),
    [
        ("['comments']", Op.REPLACE, ("comments",)),
        ("['*']", Op.REPLACE, ("comments",)),
        ("['groupName']", Op.UPDATE, ()),
        ("['comments.x']", Op.UPDATE, ()),
    ],
)
def test_a_change_can_be_made_to_replace(bench, memory, paths, op, reasons):
    """Only where the path leads to what changed."""
    up(bench, memory, group(comments="old"))

    found = decision(planned(bench, memory, group(f"replace_on_changes={paths}", comments="new")), "g")

    assert (found.op, found.replace_reasons) == (op, reasons)
    kind = "update-replace" if reasons else "update"
    assert found.detailed == {"comments": kind}


def test_no_path_to_replace_on_is_refused(bench, memory):
    """By name, before anything changes."""
    bench.program(group("replace_on_changes=['a[']"))

    with pytest.raises(UnsupportedError, match=r"`replace_on_changes`.*`a\[`"):
        bench.stack(**memory).preview()


DBR = (
    "g = alicloud.ram.Group('g', group_name='{}', opts=Opts(delete_before_replace=True))\n"
    "alicloud.ram.UserGroupAttachment('t', group_name=g.group_name, user_name='dev')\n"
)


def test_what_was_deleted_first_waits_for_its_replacement(bench, memory, shelf, ties):
    """When the new one cannot be made, the state says what is gone; the next run does not delete it again."""
    up(bench, memory, DBR.format("old"))
    shelf.fail.add("new")
    with pytest.raises(StepError):
        up(bench, memory, DBR.format("new"))
    assert [resources(bench)[name].get("pendingReplacement") for name in "gt"] == [True, True]
    assert shelf.things == ties.things == {}
    shelf.fail.clear()
    shelf.calls.clear()

    assert planned(bench, memory, "").changes == {"same": 1}
    plan = planned(bench, memory, DBR.format("new"))
    assert plan.changes == {"replace": 2, "same": 1}
    assert decision(plan, "g").replace_reasons == ("groupName",)
    assert bench.stack(**memory).up().changes == {"replace": 2, "same": 1}
    assert shelf.calls == [("create", "new"), ("create", "new:dev")]
    assert [resources(bench)[name].get("pendingReplacement") for name in "gt"] == [None, None]


@pytest.mark.parametrize("run", ["up", "destroy"])
def test_what_waits_for_its_replacement_can_be_dropped(bench, memory, shelf, run):
    """It is in no account any more, so only the state forgets it."""
    up(bench, memory, DBR.format("old"))
    shelf.fail.add("new")
    with pytest.raises(StepError):
        up(bench, memory, DBR.format("new"))
    shelf.calls.clear()
    bench.program("")

    assert bench.stack(**memory).refresh().changes == {"same": 3}
    getattr(bench.stack(**memory), run)()

    assert shelf.calls == []
    assert "g" not in (resources(bench) if run == "up" else {})


def test_depends_on_orders_what_no_input_connects(bench, memory, shelf):
    """Made after, deleted before; the state holds the dependency."""
    body = "a = alicloud.ram.Group('a', group_name='a')\n" + group("depends_on=[a]")
    up(bench, memory, body)
    bench.stack(**memory).destroy()

    assert shelf.calls == [("create", "a"), ("create", "g"), ("delete", "g"), ("delete", "a")]


def test_a_transformation_of_the_sdk_changes_what_is_asked_for(bench, memory, shelf):
    """`transformations` run in the program; the engine sees their result."""
    bench.program(
        "def shout(args):\n"
        "    return pulumi.ResourceTransformationResult({**args.props, 'comments': 'loud'}, args.opts)\n"
        "pulumi.runtime.register_stack_transformation(shout)\n" + group()
    )
    bench.stack(**memory).up()

    assert shelf.things["g"]["comments"] == "loud"


@pytest.fixture
def made_by_hand(target):
    """A group and a user that no stack knows."""
    with RamApi(target, pause=lambda _: None) as api:
        api.call("CreateGroup", group_name="hand", comments="by hand")
        api.call("CreateUser", user_name="dev")
        yield api


def test_what_somebody_made_is_taken_over_as_it_is(bench, target, made_by_hand):
    """It is in the state, nothing is changed, and the option may stay or go."""
    body = "alicloud.ram.Group('g', group_name='hand', comments='by hand'{})\n"
    bench.program(body.format(", opts=Opts(import_='hand')"))
    stack = bench.stack(target=target)

    plan = stack.preview()
    assert [step["op"] for step in plan.to_json()["steps"]] == ["create", "import"]
    assert plan.changes == stack.up().changes == {"create": 1, "import": 1}
    assert resources(bench)["g"]["importID"] == "hand"
    assert stack.up().changes == {"same": 2}
    bench.program(body.format(""))
    assert bench.stack(target=target).up().changes == {"same": 2}


def test_what_is_taken_over_is_brought_into_line(bench, target, made_by_hand):
    """An import, then an update; a user is found by name, and kept by RAM's id."""
    bench.program("alicloud.ram.User('u', name='dev', comments='mine', opts=Opts(import_='dev'))\n")
    stack = bench.stack(target=target)
    events = []

    assert stack.up(events.append).changes == {"create": 1, "import": 1, "update": 1}

    user = made_by_hand.call("GetUser", user_name="dev")["User"]
    assert user["Comments"] == "mine"
    assert resources(bench)["u"]["id"] == user["UserId"]
    assert [event.op for event in events if isinstance(event, StepDone)][1:3] == [Op.IMPORT, Op.UPDATE]
    assert stack.up().changes == {"same": 2}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (group("import_='nobody'"), "no such resource with id `nobody`"),
        (group("import_='hand'"), "would have to replace it"),
    ],
)
def test_what_cannot_be_taken_over_is_refused(bench, target, made_by_hand, body, message):
    """What does not exist, and what is something else, before anything changes."""
    bench.program(f"{group(name='first', group_name='first')}{body}")

    with pytest.raises((UnsupportedError, ProgramError), match=message):
        bench.stack(target=target).up()

    assert not bench.state_path.exists()


def test_another_one_cannot_be_taken_over_in_its_place(bench, target, made_by_hand):
    """Pulumi would delete the first one; here it is refused."""
    bench.program(group())
    bench.stack(target=target).up()
    bench.program(group("import_='hand'", group_name="hand", comments="by hand"))

    with pytest.raises(UnsupportedError, match="takes over `hand`, and the state holds `g`"):
        bench.stack(target=target).up()


def test_without_an_account_nothing_can_be_taken_over(bench):
    """Only the account knows what there is."""
    bench.program(group("import_='hand'"))

    with pytest.raises(UnsupportedError, match="give an endpoint"):
        bench.stack().preview()


def test_the_installed_version_of_the_provider_is_recorded_and_another_refused(bench, memory, shelf):
    """A resource's, a lookup's and a provider's, by name, before anything changes."""
    up(bench, memory, group(f"version='{SDK_VERSION}'"))
    assert f"::default_{SDK_VERSION.replace('.', '_')}::" in resources(bench)["g"]["provider"]
    assert up(bench, memory, group()) == {"same": 2}
    calls = list(shelf.calls)

    for body in (
        group("version='3.50.0'"),
        "alicloud.ram.Group.get('g', 'g', opts=Opts(version='3.50.0'))\n",
        "alicloud.Provider('g', opts=Opts(version='newest'))\n",
    ):
        bench.program(body)
        with pytest.raises(UnsupportedError, match=r"`g` .* uses the option `version` with"):
            bench.stack(**memory).up()
    assert shelf.calls == calls


@pytest.mark.parametrize("tied", [True, False])
def test_a_user_is_renamed_in_place_only_when_nothing_is_tied_to_its_name(bench, target, local_cloud, tied):
    """RAM would move its keys along, and Pulumi's provider would leave the old ones behind."""
    body = "u = alicloud.ram.User('u', name='{}')\n"
    tie = "alicloud.ram.AccessKey('k', user_name=u.name)\n" if tied else ""
    bench.program(body.format("dev") + tie)
    bench.stack(target=target).up()
    bench.program(body.format("dev-2") + tie)
    stack = bench.stack(target=target)

    if tied:
        with pytest.raises(UnsupportedError, match=r"`u` .* renamed in place .* `k` .* is tied to it"):
            stack.up()
    else:
        assert stack.up().changes == {"same": 1, "update": 1}
    assert list(local_cloud.accounts["1234567890120000"].ram.users) == ["dev" if tied else "dev-2"]
