"""Every resource type against what the real provider wrote into its state for the same inputs."""

from __future__ import annotations

import pytest

from crossaccount.engine.resources import RESOURCE_TYPES

# Names in the recorded program, each after what it needs.
NAMES = (
    "alias",
    "operators",
    "partner-role",
    "partner-policy",
    "dev",
    "operators-assume",
    "partner-system",
    "partner-custom",
    "dev-key",
    "dev-assume",
    "dev-login",
    "operators-dev",
)
# Outputs that differ from one cloud to another.
OF_ONE_CLOUD = {"createTime", "roleId", "secret"}
IDS_OF_ONE_CLOUD = {"dev", "dev-key"}
# The recorded stub listed no tags of a policy, where RAM answers an empty list, which the provider keeps.
NOT_RECORDED = {"partner-policy": {"tags": {}}}


@pytest.fixture
def created(api, recorded):
    """Create everything that the recorded program declares, in its order."""
    made = {}
    for name in NAMES:
        resource = recorded(1, name)
        made[name] = RESOURCE_TYPES[resource["type"]].create(api, resource["inputs"])
    return made


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_those_of_the_recorded_state(created, recorded, name):
    """Id and outputs after a creation are what the real provider's state holds, and no more."""
    resource = recorded(1, name)
    resource_id, outputs = created[name]
    if name not in IDS_OF_ONE_CLOUD:
        assert resource_id == resource["id"]
    expected = resource["outputs"] | NOT_RECORDED.get(name, {})
    assert outputs.keys() == expected.keys()
    fixed = outputs.keys() - OF_ONE_CLOUD
    assert {key: outputs[key] for key in fixed} == {key: expected[key] for key in fixed}


@pytest.mark.parametrize("name", NAMES)
def test_a_created_resource_reads_back_without_a_difference(api, created, recorded, name):
    """Read right after a creation gives the same outputs, and inputs that differ from none declared."""
    resource = recorded(1, name)
    kind = RESOURCE_TYPES[resource["type"]]
    resource_id, outputs = created[name]
    inputs, live = kind.read(api, resource_id, outputs)
    attached = {"attachmentCount": live["attachmentCount"]} if "attachmentCount" in live else {}
    assert live == outputs | attached
    for key, value in resource["inputs"].items():
        assert kind.diff_ignores(key, value, inputs.get(key)), key
    assert inputs.keys() <= kind.inputs


@pytest.mark.parametrize("name", [name for name in NAMES if name != "dev-key"])
def test_a_resource_is_found_by_its_id_alone(api, created, recorded, name):
    """A lookup without known outputs finds the same resource; RAM finds keys by their user only."""
    kind = RESOURCE_TYPES[recorded(1, name)["type"]]
    resource_id, outputs = created[name]
    _, live = kind.read(api, resource_id, {})
    for key in live.keys() - {"attachmentCount"}:
        assert live[key] == outputs[key]


def test_everything_is_deleted_in_the_reverse_order_and_then_gone(api, created, recorded):
    """Deleting all, twice over, leaves nothing to read but the alias, which no deletion changes."""
    for _ in range(2):
        for name in reversed(NAMES):
            kind = RESOURCE_TYPES[recorded(1, name)["type"]]
            resource_id, outputs = created[name]
            kind.delete(api, resource_id, outputs)
            gone = kind.read(api, resource_id, outputs)
            assert gone is None if name != "alias" else gone[1] == outputs


@pytest.mark.parametrize("name", ["partner-role", "partner-policy"])
def test_an_update_gives_the_recorded_outputs(api, partner_api, created, recorded, name):
    """The recorded second run's inputs lead to its outputs."""
    partner_api.call("CreateUser", user_name="dev")
    before, after = recorded(1, name), recorded(2, name)
    kind = RESOURCE_TYPES[after["type"]]
    resource_id, outputs = created[name]
    updated = kind.update(api, resource_id, outputs, before["inputs"], after["inputs"])
    varying = OF_ONE_CLOUD | {"attachmentCount"}
    expected = after["outputs"] | NOT_RECORDED.get(name, {})
    assert {key: value for key, value in updated.items() if key not in varying} == {
        key: value for key, value in expected.items() if key not in varying
    }


@pytest.mark.parametrize("run", [1, 2, 3, 4])
def test_the_recorded_inputs_and_timeouts_are_understood(recorded, run):
    """Every recorded input is one the type knows and finds no fault with; `__meta` is the provider's."""
    names = [name for name in NAMES if not (run == 4 and name == "partner-custom")]
    for resource in (recorded(run, name) for name in names):
        kind = RESOURCE_TYPES[resource["type"]]
        assert resource["inputs"].keys() <= kind.inputs
        assert kind.check(resource["inputs"]) == ()
        assert kind.timeouts_meta == resource["meta"]
        assert kind.secret_outputs >= resource["secret_outputs"]
