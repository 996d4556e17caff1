"""Previews: offline, with what can be known, and nothing changed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from crossaccount.engine import Op, ProjectError, StepDone, TargetError, UnsupportedError

ROLE = """
trust = json.dumps({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
    "Principal": {"RAM": ["acs:ram::1345678901230000:root"]}}]})
role = alicloud.ram.Role("reader", role_name="reader", assume_role_policy_document=trust)
policy = alicloud.ram.Policy("list", policy_name="list", policy_document=json.dumps(
    {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["fc:ListFunctions"], "Resource": "*"}]}))
alicloud.ram.RolePolicyAttachment("read", role_name=role.role_name, policy_name=policy.policy_name,
    policy_type=policy.type)
pulumi.export("arn", role.arn)
"""


def new_states(plan):
    return {step["urn"].rpartition("::")[2]: step.get("newState") for step in plan.to_json()["steps"]}


def test_inputs_are_known_and_the_rest_is_not(bench):
    """A new resource's outputs are its inputs; what the account decides is unknown, and never applied to."""
    bench.program(ROLE + "role.arn.apply(lambda arn: 1 / 0)\n")

    states = new_states(bench.stack().preview())

    assert states["read"]["inputs"]["roleName"] == "reader"
    assert states["read"]["inputs"]["policyType"] == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert states["read"]["dependencies"] == [
        "urn:pulumi:dev::trial::alicloud:ram/policy:Policy::list",
        "urn:pulumi:dev::trial::alicloud:ram/role:Role::reader",
    ]


def test_a_preview_changes_nothing(bench, target, local_cloud):
    """Neither on disk nor in the account."""
    bench.program(ROLE)
    before = local_cloud.to_json()

    bench.stack(target=target).preview()

    after = local_cloud.to_json()
    assert [account["ram"] for account in accounts(after)] == [account["ram"] for account in accounts(before)]
    assert not bench.state_path.parent.exists()


def accounts(document):
    found = document["accounts"]
    return found.values() if isinstance(found, dict) else found


def test_secrets_are_masked_in_the_plan(bench):
    """Neither the plan's JSON nor its configuration shows one."""
    bench.program(
        "user = alicloud.ram.User('dev', name='dev')\n"
        "alicloud.ram.LoginProfile('login', user_name=user.name, password=hidden('Hidden-Passw0rd'))\n"
    )

    plan = bench.stack().preview()

    text = json.dumps(plan.to_json())
    assert "Hidden-Passw0rd" not in text
    assert new_states(plan)["login"]["inputs"]["password"] == "[secret]"


def test_the_account_is_taken_from_the_stack_when_nobody_can_verify_it(bench):
    """Offline, the identity is the account that the stack names, and a diagnostic says so."""
    bench.configure(account="1234567890120000")
    bench.program("assert alicloud.get_caller_identity().account_id == '1234567890120000'\n")
    events = []

    bench.stack().preview(events.append)

    assert any("no credentials verified it" in getattr(event, "message", "") for event in events)


def test_an_unnamed_account_cannot_be_told_offline(bench):
    """The error names the key that would name it."""
    bench.program("alicloud.get_caller_identity()\n")

    with pytest.raises(UnsupportedError, match="`trial:account`"):
        bench.stack().preview()


def test_with_a_target_the_account_is_asked(bench, target):
    """The identity is STS's answer."""
    bench.program("assert alicloud.get_caller_identity().account_id == '1234567890120000'\n")

    assert bench.stack(target=target).preview().changes == {"create": 1}


@pytest.mark.parametrize("run", ["preview", "up", "refresh", "destroy"])
def test_the_wrong_account_stops_every_run(bench, target_for, local_cloud, run):
    """Before anything changes, naming both accounts."""
    bench.configure(account="1234567890120000")
    bench.program("alicloud.ram.Group('g', group_name='g')\n")

    with pytest.raises(TargetError, match=r"`1234567890120000`.*`1345678901230000`"):
        getattr(bench.stack(target=target_for("1345678901230000")), run)()

    assert not bench.state_path.exists()


@pytest.mark.parametrize("run", ["up", "refresh", "destroy"])
def test_without_a_target_only_a_preview_runs(bench, run):
    """The error says how to get one."""
    bench.program("")

    with pytest.raises(TargetError, match="crossaccount local"):
        getattr(bench.stack(), run)()


def test_changed_inputs_show_in_what_depends_on_them(bench, memory):
    """A preview of an update keeps the outputs that do not change and takes over the new inputs."""
    body = "g = alicloud.ram.Group('g', group_name='g', comments='{}')\npulumi.export('c', g.comments)\n"
    bench.program(body.format("one"))
    bench.stack(**memory).up()
    bench.program(body.format("two") + "g.comments.apply(lambda c: pulumi.log.info(f'comments {c}'))\n")

    plan = bench.stack(**memory).preview()

    assert plan.changes == {"same": 1, "update": 1}
    assert "comments two" in [diagnostic.message for diagnostic in plan.diagnostics]


def test_an_input_that_left_the_program_is_unknown_in_a_preview(bench, memory):
    """Its old value is not passed on: the account will decide."""
    bench.program("alicloud.ram.Group('g', group_name='g', comments='one')\n")
    bench.stack(**memory).up()
    bench.program("alicloud.ram.Group('g', group_name='g').comments.apply(lambda comments: 1 / 0)\n")

    assert bench.stack(**memory).preview().changes == {"same": 1, "update": 1}


def test_a_reference_reads_another_stacks_outputs(bench, memory):
    """By stack, by project and stack, or with an organization; secrets stay secret."""
    bench.program("pulumi.export('arn', 'acs:1')\npulumi.export('key', hidden('s3cret'))\n")
    bench.stack(**memory).up()
    bench.configure("other")
    bench.program(
        "for name in ['dev', 'trial/dev', 'organization/trial/dev']:\n"
        "    ref = pulumi.StackReference(name)\n"
        "    pulumi.export(name, ref.require_output('arn'))\n"
        "    pulumi.export(name + '-key', ref.require_output('key'))\n"
    )

    stack = bench.stack("other", **memory)
    assert stack.preview().changes == {"create": 1}
    stack.up()

    assert stack.outputs()["trial/dev"] == "acs:1"
    assert stack.outputs()["dev-key"] == "[secret]"
    assert stack.outputs(show_secrets=True)["organization/trial/dev-key"] == "s3cret"
    assert "s3cret" not in json.dumps(stack.export())
    assert stack.up().changes == {"same": 1}
    assert stack.destroy().changes == {"delete": 1, "discard": 3}
    assert bench.stack().outputs()["arn"] == "acs:1"


def test_a_reference_keeps_secret_what_is_secret_inside_an_output(bench, memory):
    """Of a mapping with a secret in it, only that is one, in the state as in Pulumi's."""
    bench.program("pulumi.export('keys', {'id': 'LTAI', 'secret': hidden('s3cret')})\n")
    bench.stack(**memory).up()
    bench.configure("other")
    bench.program("pulumi.export('id', pulumi.StackReference('dev').get_output('keys')['id'])\n")
    stack = bench.stack("other", **memory)
    stack.up()
    reference = next(
        each for each in stack.export()["deployment"]["resources"] if each["type"].endswith("StackReference")
    )

    assert reference["outputs"]["outputs"]["keys"]["id"] == "LTAI"
    assert "ciphertext" in reference["outputs"]["outputs"]["keys"]["secret"]
    assert stack.outputs() == {"id": "[secret]"}


def test_a_stack_reference_that_the_program_drops_is_discarded(bench, memory):
    """As with Pulumi: a plan and a run show it, nothing is called, and the state is without it."""
    bench.program("pulumi.export('account', '1')\n")
    bench.stack(**memory).up()
    bench.configure("prod")
    bench.program("pulumi.StackReference('dev')\n")
    bench.stack("prod", **memory).up()
    bench.program("")

    plan = bench.stack("prod", **memory).preview()

    assert plan.changes == {"discard": 1, "same": 1}
    assert [step["op"] for step in plan.to_json()["steps"]] == ["same", "discard"]
    assert bench.stack("prod", **memory).up().changes == plan.changes
    assert bench.stack("prod", **memory).preview().changes == {"same": 1}


@pytest.mark.parametrize("name", ["nowhere", "trial/nowhere", "a/b/c/d", "../dev", "trial/", "/"])
def test_a_reference_to_no_stack_is_an_error(bench, name):
    """A stack that has no state here, or a name that is none."""
    bench.program(f"pulumi.StackReference('{name}')\n")

    with pytest.raises(ProjectError, match="stack reference"):
        bench.stack().preview()


def test_a_reference_to_no_stack_leaves_no_noise(bench):
    """Its outputs, asked for and passed on, print no warning of Python's beside the one error."""
    bench.program(
        "for name in ['nowhere', 'neither']:\n"
        "    ref = pulumi.StackReference(name)\n"
        "    pulumi.export(name, ref.get_output('a'))\n"
        "    alicloud.ram.Group(name, group_name=ref.require_output('b'))\n"
    )

    script = (
        "import pathlib, sys; from crossaccount.engine import EngineError, Stack\n"
        "try: Stack.open(pathlib.Path(sys.argv[1]), 'dev').preview()\n"
        "except EngineError as error: print(error)"
    )

    ended = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script, str(bench.directory)],
        check=True,
        capture_output=True,
        text=True,
    )

    assert ended.stdout.endswith("`nowhere` of project `trial` has no state here; bring it up first\n")
    assert ended.stderr == ""


def test_a_lookup_by_id_reads_the_account(bench, target, local_cloud):
    """`Role.get` gives the live role; it is in the state as external, and never deleted."""
    bench.program(ROLE)
    bench.stack(target=target).up()
    bench.configure("other")
    bench.program("role = alicloud.ram.Role.get('found', 'reader')\npulumi.export('arn', role.arn)\n")
    stack = bench.stack("other", target=target)

    stack.up()
    events = []
    assert stack.outputs() == {"arn": "acs:ram::1234567890120000:role/reader"}
    found = next(each for each in stack.export()["deployment"]["resources"] if each["urn"].endswith("found"))
    assert found["external"] is True
    assert stack.destroy(events.append).changes == {"delete": 1, "discard": 1}
    assert not any(isinstance(event, StepDone) and event.name == "found" for event in events)
    assert bench.stack(target=target).refresh().changes.get("delete", 0) == 0


def test_a_lookup_of_nothing_is_an_error(bench, target):
    """The id is named."""
    bench.program("alicloud.ram.Role.get('found', 'nobody')\n")

    with pytest.raises(Exception, match="no such resource with id `nobody`"):
        bench.stack(target=target).preview()


def test_a_lookup_offline_is_unknown(bench):
    """Nothing of it is known, and the preview goes on."""
    bench.program("alicloud.ram.Role.get('found', 'reader').arn.apply(lambda arn: 1 / 0)\n")

    plan = bench.stack().preview()

    assert [step.op for step in plan.steps] == [Op.CREATE, Op.READ]


def test_a_providers_lists_and_mappings_are_written_as_the_provider_does(bench, memory):
    """JSON text in the configuration becomes sorted and compact; text that is none stays."""
    bench.configure(
        **{"alicloud:endpoints": '[{"sts": "127.0.0.1:1", "ram": "127.0.0.1:1"}]', "alicloud:x": "[a"}
    )
    bench.program("alicloud.ram.Group('g', group_name='g')\n")
    stack = bench.stack(**memory)
    stack.up()
    provider = next(each for each in stack.export()["deployment"]["resources"] if "providers" in each["type"])

    assert provider["inputs"]["endpoints"] == '[{"ram":"127.0.0.1:1","sts":"127.0.0.1:1"}]'
    assert provider["inputs"]["x"] == "[a"


GROUP = "alicloud.ram.Group('{}', group_name='{}', comments='{}', opts=Opts({}))\n"


def step_of(plan, name):
    return next(step for step in plan.to_json()["steps"] if step["urn"].endswith(f"::{name}"))


def test_what_is_deleted_first_waits_for_its_replacement_in_the_plan(bench, memory):
    """As the CLI shows it: no outputs are foreseen, and the old one is pending rather than to delete."""
    bench.program(GROUP.format("g", "old", "", ""))
    bench.stack(**memory).up()

    bench.program(GROUP.format("g", "new", "", "delete_before_replace=True"))
    first = step_of(bench.stack(**memory).preview(), "g")
    bench.program(GROUP.format("g", "new", "", ""))
    after = step_of(bench.stack(**memory).preview(), "g")

    assert (first["oldState"].get("delete"), first["oldState"].get("pendingReplacement")) == (None, True)
    assert (after["oldState"].get("delete"), after["oldState"].get("pendingReplacement")) == (True, None)
    assert ("outputs" in first["newState"], "outputs" in after["newState"]) == (False, True)


def test_what_an_alias_renames_is_shown_under_both_names(bench, memory):
    """The old state by its former URN, the new one with it among its aliases."""
    bench.program(GROUP.format("a", "g", "", ""))
    bench.stack(**memory).up()
    bench.program(GROUP.format("b", "g", "changed", "aliases=[pulumi.Alias(name='a')]"))

    step = step_of(bench.stack(**memory).preview(), "b")

    former = "urn:pulumi:dev::trial::alicloud:ram/group:Group::a"
    assert step["oldState"]["urn"] == former
    assert step["newState"]["aliases"] == [former]
    assert step["newState"]["urn"] == step["urn"]


def test_a_refresh_is_shown_before_it_is_taken(bench, memory, shelf):
    """As the CLI does, which shows both states as the old one, also of what turns out to be gone."""
    bench.program(GROUP.format("g", "g", "", ""))
    bench.stack(**memory).up()
    shelf.things["g"]["comments"] = "by hand"

    changed = bench.stack(**memory).preview(refresh=True).to_json()["steps"]
    shelf.things.clear()
    gone = bench.stack(**memory).preview(refresh=True).to_json()["steps"]

    for steps in (changed, gone):
        step = next(each for each in steps if each["op"] == "refresh" and each["urn"].endswith("::g"))
        assert step["newState"] == step["oldState"]
        assert step["newState"]["outputs"]["comments"] == ""


def test_what_is_only_looked_up_has_no_inputs(bench, memory):
    """In the plan and in the state, as with the CLI: nothing was asked for."""
    bench.program(GROUP.format("g", "g", "", ""))
    bench.stack(**memory).up()
    bench.configure("other")
    bench.program("alicloud.ram.Group.get('x', 'g')\n")

    step = step_of(bench.stack("other", **memory).preview(), "x")
    bench.stack("other", **memory).up()
    kept = bench.stack("other").export()["deployment"]["resources"][-1]

    assert (kept["external"], kept["id"], kept["outputs"]["groupName"]) == (True, "g", "g")
    assert "inputs" not in step["newState"]
    assert "inputs" not in kept
