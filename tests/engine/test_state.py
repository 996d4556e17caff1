"""The state: Pulumi's deployment JSON, read and written without loss, refused when it is not ours."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.engine import StateError, deployment_json
from crossaccount.engine.sealing import Sealing
from crossaccount.engine.state import Resource, State, in_order
from crossaccount.engine.state_file import StateFile
from crossaccount.engine.values import sealed, secret, unsealed

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
NAMES = ("recording", "account-a")


def keep_ciphertext(properties):
    return unsealed(properties, lambda text: text)


def restore_ciphertext(properties):
    return sealed(properties, lambda value: value)


def resource(name, *requires, **fields):
    return Resource(urn=f"urn:pulumi:dev::trial::t::{name}", type="t", dependencies=tuple(
        f"urn:pulumi:dev::trial::t::{each}" for each in requires
    ), **fields)  # fmt: skip


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 6])
def test_a_recorded_state_is_written_back_as_it_was(phase):
    """Reading what Pulumi wrote and writing it again changes nothing but the time."""
    recorded = json.loads(next(RECORDINGS.glob(f"{phase}-state.json")).read_text())

    state = deployment_json.from_json(recorded, *NAMES, keep_ciphertext, "it")
    salt = recorded["deployment"]["secrets_providers"]["state"]["salt"]
    written = deployment_json.to_json(state, restore_ciphertext, lambda: salt)

    written["deployment"]["manifest"]["time"] = recorded["deployment"]["manifest"]["time"]
    assert json.dumps(written, sort_keys=True) == json.dumps(recorded, sort_keys=True)
    assert [list(each) for each in written["deployment"].get("resources", ())] == [
        list(each) for each in recorded["deployment"].get("resources", ())
    ]


@pytest.fixture
def file(tmp_path):
    """The state file of the recorded stack, holding phase 1, its secrets left out."""
    made = StateFile(tmp_path, *NAMES, passphrase="recorded")
    recorded = json.loads((RECORDINGS / "1-state.json").read_text())
    for each in recorded["deployment"]["resources"]:
        for side in ("inputs", "outputs"):
            open_ones = {
                name: value
                for name, value in each.get(side, {}).items()
                if "ciphertext" not in json.dumps(value)
            }
            each[side] = open_ones
    made.path.parent.mkdir()
    made.path.write_text(json.dumps(recorded))
    return made


def damage(document, *path, value):
    damaged = copy.deepcopy(document)
    place = damaged
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return damaged


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("version",), 2, "has version `2`"),
        (("version",), 4, "has version `4`"),
        (("deployment",), None, "is not a Pulumi deployment"),
        (("deployment", "manifest", "magic"), "0" * 64, "magic does not match"),
        (("deployment", "secrets_providers", "type"), "cloud", "kept by `cloud`"),
        (
            ("deployment", "resources", 0, "urn"),
            "urn:pulumi:b::recording::x::y",
            "is not of `recording`, stack `account-a`",
        ),
        (("deployment", "resources", 0, "urn"), "urn:pulumi:account-a::other::x::y", "is not of `recording`"),
        (("deployment", "resources", 0, "urn"), "nonsense", "without a URN"),
        (("deployment", "resources", 0), "text", "without a URN"),
        (("deployment", "resources"), {"a": 1}, "`resources` is not a list"),
        (("deployment", "pending_operations"), [{}], "pending operation is malformed"),
        (("deployment", "secrets_providers"), [1], "`secrets_providers` is malformed"),
        (
            ("deployment", "resources", 1, "deletedWith"),
            "urn",
            "`deletedWith`, which this engine does not handle",
        ),
        (("deployment", "resources", 1, "inputs"), "text", "is malformed"),
        (("features",), ["later"], "has `later`, which is newer"),
        (("deployment", "snippets"), [{}], "has `snippets`, which is newer"),
        (
            ("deployment", "pending_operations"),
            [{"type": "later", "resource": {"urn": "urn:pulumi:a::b::c::d", "type": "c", "custom": True}}],
            "the pending operation `later` is newer",
        ),
    ],
)
def test_a_state_that_is_not_ours_is_refused(file, path, value, message):
    """Another version, project or stack, and what is not understood, is one clear line; the file is kept."""
    text = json.dumps(damage(json.loads(file.path.read_text()), *path, value=value))
    file.path.write_text(text)

    with pytest.raises(StateError) as error:
        file.load()

    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert file.path.read_text() == text


def swap(resources):
    resources[0], resources[1] = resources[1], resources[0]


@pytest.mark.parametrize(
    ("damage_it", "message"),
    [
        (
            swap,
            "has the parent `urn:pulumi:account-a::recording::pulumi:pulumi:Stack::recording-account-a`",
        ),
        (lambda resources: resources.append(resources[-1]), "is there twice"),
        (lambda resources: resources.pop(0), "which is not before it"),
        (lambda resources: resources[1].update(id="x"), "is a component and has an id"),
        (
            lambda resources: resources[-1].update(provider="urn:pulumi:a::b::c::d::e"),
            "the provider `urn:pulumi",
        ),
        (
            lambda resources: resources[-1].update(dependencies=["urn:pulumi:a::b::c::d"]),
            "the dependency `urn:",
        ),
        (lambda resources: resources[-1].update(type=""), "has no type"),
    ],
)
def test_a_state_that_is_not_whole_is_refused(file, damage_it, message):
    """What refers to something that is not there, or not before it; the file is kept."""
    document = json.loads(file.path.read_text())
    damage_it(document["deployment"]["resources"])
    text = json.dumps(document)
    file.path.write_text(text)

    with pytest.raises(StateError, match="is not whole") as error:
        file.load()

    assert message in str(error.value)
    assert file.path.read_text() == text


@pytest.mark.parametrize("kept", [0, 1, 100, 1000])
def test_a_truncated_state_is_refused(file, kept):
    """Wherever it was cut, the error says what to do, and the file is kept."""
    file.path.write_bytes(file.path.read_bytes()[:kept])

    with pytest.raises(StateError, match="truncated"):
        file.load()

    assert len(file.path.read_bytes()) == kept


def test_unread_fields_are_written_back(file):
    """Source positions and aliases that another engine wrote survive."""
    document = json.loads(file.path.read_text())
    document["deployment"]["resources"][1]["aliases"] = ["urn:pulumi:account-a::recording::x::old"]
    file.path.write_text(json.dumps(document))

    written = file.document(file.load())

    assert written["deployment"]["resources"][1]["aliases"] == ["urn:pulumi:account-a::recording::x::old"]


def test_an_absent_state_is_empty(tmp_path):
    """A stack that was never up has nothing, and reading it makes no file."""
    state = StateFile(tmp_path, "trial", "dev").load()

    assert state.ordered() == []
    assert list(tmp_path.iterdir()) == []


def test_a_state_is_its_owners_only(tmp_path):
    """The file is readable by nobody else, and no temporary one is left."""
    file = StateFile(tmp_path, "trial", "dev")
    state = State("trial", "dev")
    state.put(resource("a"))

    file.fold(state)

    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.path.parent.iterdir()] == ["dev.json"]


def test_a_state_that_cannot_be_written_is_told(tmp_path):
    """A disk error is one clear line."""
    file = StateFile(tmp_path, "trial", "dev")
    file.path.mkdir(parents=True)

    with pytest.raises(StateError, match="cannot write state"):
        file.fold(State("trial", "dev"))


def test_the_salt_is_made_with_the_first_secret():
    """A stack without secrets needs no passphrase and no salt."""
    sealing = Sealing(None, "pass")

    assert sealing.seal({"a": 1}) == {"a": 1}
    assert sealing.salt is None
    sealed_once = sealing.seal({"a": sealed_secret("s")})
    assert sealing.salt is not None
    assert Sealing(sealing.salt, "pass").unseal(sealed_once) == {"a": sealed_secret("s")}
    assert "pass" not in repr(sealing)


def sealed_secret(value):
    return secret(value)


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_any_order_is_put_right(size, chance):
    """Whatever order resources come in, each follows what it requires, and none is lost."""
    resources = [
        resource(str(number), *(str(chance.randrange(number)) for _ in range(min(number, 2))))
        for number in range(size)
    ]
    chance.shuffle(resources)

    ordered = in_order(resources)

    assert sorted(each.urn for each in ordered) == sorted(each.urn for each in resources)
    seen = set()
    for each in ordered:
        assert set(each.requires) <= seen
        seen.add(each.urn)


def test_a_right_order_is_kept():
    """Nothing moves without need."""
    resources = [resource("b"), resource("a"), resource("c", "b")]

    assert in_order(resources) == resources


def test_a_long_chain_is_no_problem():
    """A thousand resources, each requiring the one before, in random order."""
    chain = [resource(str(number), *([str(number - 1)] if number else [])) for number in range(1500)]
    mixed = random.Random(1).sample(chain, len(chain))

    assert in_order(mixed) == chain
