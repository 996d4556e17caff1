"""The recorded program, through its phases: what the engine plans and writes agrees with Pulumi's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossaccount.engine import Op, Stack, StepDone, Target
from crossaccount.localcloud import Cloud

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
ACCOUNT = "1234567890120000"
REPLACED_OUTPUT_OF_A_ROLE = "version"  # a default of the provider's schema
EMPTY_TAGS = "tags"  # of a policy: the recorded stub listed no tags, where RAM answers an empty list
NOT_RECORDED = ("sourcePosition", "stackTrace")  # they named the recording machine


class Recorded:
    """The recorded project, brought through its phases on one local cloud."""

    def __init__(self, directory, cloud):
        self.directory = directory
        key = cloud.accounts[ACCOUNT].root_key
        self.target = Target(cloud.endpoint, key.key_id, key.secret)
        (directory / "Pulumi.yaml").write_text("name: recording\nruntime: python\n")
        (directory / "__main__.py").write_text((RECORDINGS / "program.txt").read_text())

    def stack(self, phase):
        config = f"config:\n  alicloud:region: cn-hangzhou\n  recording:phase: {phase}\n"
        (self.directory / "Pulumi.account-a.yaml").write_text(config)
        return Stack.open(self.directory, "account-a", target=self.target, passphrase="recorded")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Each phase's plan, summary and state, then the refresh and the destruction with its events."""
    with Cloud(accounts=[ACCOUNT]) as cloud:
        recorded = Recorded(tmp_path_factory.mktemp("recorded"), cloud)
        result = {"plans": {}, "summaries": {}, "states": {}}
        for phase in (1, 2, 3, 4):
            stack = recorded.stack(phase)
            result["plans"][phase] = stack.preview()
            result["summaries"][phase] = stack.up()
            result["states"][phase] = stack.export()
        result["same"] = recorded.stack(4).preview()
        result["refresh"] = recorded.stack(4).refresh()
        result["destroy_events"] = []
        result["destroy"] = recorded.stack(4).destroy(result["destroy_events"].append)
        result["end"] = recorded.stack(4).export()
        yield result


def recording(name):
    return json.loads((RECORDINGS / name).read_text())


def by_urn(steps):
    return {step["urn"]: step for step in steps}


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_a_preview_has_the_recorded_operations_and_reasons(runs, phase):
    """Operations, reasons, detailed differences and the change summary are those of `pulumi preview`."""
    ours, theirs = runs["plans"][phase].to_json(), recording(f"{phase}-preview.json")

    def facts(document):
        return {
            urn: {key: step.get(key) for key in ("op", "diffReasons", "replaceReasons", "detailedDiff")}
            for urn, step in by_urn(document["steps"]).items()
        }

    assert facts(ours) == facts(theirs)
    assert ours["changeSummary"] == theirs["changeSummary"]
    assert list(ours) == list(theirs)


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_a_preview_shows_the_recorded_new_states(runs, phase):
    """What a resource is going to be is shown field by field as `pulumi preview` shows it."""
    theirs = by_urn(recording(f"{phase}-preview.json")["steps"])

    for urn, step in by_urn(runs["plans"][phase].to_json()["steps"]).items():
        assert list(step) == list(theirs[urn])
        ours, new = step.get("newState"), theirs[urn].get("newState")
        if new is None:
            assert ours is None
            continue
        for state in (ours, new):
            for name in ("provider", *NOT_RECORDED):
                state.pop(name, None)
            state.get("outputs", {}).pop(REPLACED_OUTPUT_OF_A_ROLE, None)
            state["dependencies"] = sorted(state.get("dependencies", ()))
        assert ours == new


def test_a_preview_of_nothing_new_says_same(runs):
    """A second plan with nothing changed has only unchanged resources."""
    theirs = recording("5-same-preview.json")

    assert runs["same"].changes == theirs["changeSummary"]
    assert [step["op"] for step in runs["same"].to_json()["steps"]] == ["same"]


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_a_state_has_the_recorded_resources(runs, phase):
    """Each resource has the recorded fields in their order, inputs, output names and dependencies."""
    ours = runs["states"][phase]["deployment"]
    theirs = recording(f"{phase}-state.json")["deployment"]
    expected = by_urn(theirs["resources"])

    assert list(ours) == list(theirs)
    assert ours["manifest"]["magic"] == theirs["manifest"]["magic"]
    assert by_urn(ours["resources"]).keys() == expected.keys()
    for resource in ours["resources"]:
        recorded = expected[resource["urn"]]
        assert [key for key in resource if key not in NOT_RECORDED] == list(recorded)
        outputs = resource.get("outputs", {})
        if outputs.get(EMPTY_TAGS) == {}:
            del outputs[EMPTY_TAGS]
        assert list(outputs) == list(recorded.get("outputs", {})) or is_provider(resource)
        if not is_provider(resource):
            assert comparable(resource.get("inputs")) == comparable(recorded.get("inputs"))
        assert sorted(resource.get("dependencies", ())) == sorted(recorded.get("dependencies", ()))
        assert resource.get("propertyDependencies") == recorded.get("propertyDependencies")


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_a_state_lists_what_a_resource_requires_before_it(runs, phase):
    """Parents, providers and dependencies come first, as Pulumi demands of a state it imports."""
    seen = set()
    for resource in runs["states"][phase]["deployment"]["resources"]:
        required = [resource.get("parent"), *resource.get("dependencies", ())]
        required.append(resource.get("provider", "").rpartition("::")[0])
        assert {urn for urn in required if urn} <= seen
        seen.add(resource["urn"])


def test_a_change_in_place_keeps_the_creation_time(runs):
    """`created` stays and `modified` moves with an update; neither moves when nothing changed."""
    before, after = (
        {
            resource["urn"].rpartition("::")[2]: resource
            for resource in runs["states"][phase]["deployment"]["resources"]
        }
        for phase in (1, 2)
    )

    assert after["partner-role"]["created"] == before["partner-role"]["created"]
    assert after["partner-role"]["modified"] > before["partner-role"]["modified"]
    assert after["dev"]["modified"] == before["dev"]["modified"]


def test_runs_count_as_recorded(runs):
    """`up`, `refresh` and `destroy` count what Pulumi counts."""
    assert runs["summaries"][1].changes == {"create": 14}
    assert runs["summaries"][2].changes == {"same": 12, "update": 2}
    assert runs["summaries"][3].changes == {"replace": 3, "same": 11}
    assert runs["summaries"][4].changes == {"delete": 1, "same": 13}
    assert sum(runs["refresh"].changes.values()) == 13
    assert runs["destroy"].changes == {"delete": 13}


def test_everything_is_deleted_after_what_depends_on_it(runs):
    """Attachments go before the role, keys and memberships before the user, the stack last."""
    done = [
        event.name
        for event in runs["destroy_events"]
        if isinstance(event, StepDone) and event.op is Op.DELETE
    ]

    assert done.index("partner-system") < done.index("partner-role") < done.index("partner")
    for name in ("dev-key", "dev-login", "dev-assume", "operators-dev"):
        assert done.index(name) < done.index("dev")
    assert done.index("operators-dev") < done.index("operators")
    assert done[-1] == "recording-account-a"


def test_an_empty_state_is_the_recorded_one(runs):
    """After `destroy` the state holds no resource, and has the recorded shape."""
    theirs = recording("6-state.json")

    assert list(runs["end"]["deployment"]) == list(theirs["deployment"])
    assert runs["end"]["version"] == theirs["version"]


def is_provider(resource):
    return resource["type"].startswith("pulumi:providers:")


def comparable(inputs):
    """Inputs with every secret alike: each encryption is another text."""
    return inputs and {
        key: "secret" if isinstance(value, dict) and "ciphertext" in value else value
        for key, value in inputs.items()
    }
