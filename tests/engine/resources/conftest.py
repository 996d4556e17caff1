"""A local cloud with one account, the engine's API on it, and the recordings of the real provider."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossaccount.engine.ram_api import RamApi
from crossaccount.engine.target import Target
from crossaccount.localcloud import Cloud

RECORDINGS = Path(__file__).parents[2] / "data" / "recordings"
ACCOUNT = "1234567890120000"
PARTNER = "1345678901230000"
WRITTEN_BY_THE_ENGINE = {"id", "__meta"}


@pytest.fixture
def local_cloud():
    """A cloud of its own, with the recorded account and its partner."""
    with Cloud(accounts=[ACCOUNT, PARTNER]) as cloud:
        yield cloud


@pytest.fixture
def api(local_cloud):
    """The engine's API as the account's root, waiting for nothing."""
    with _api(local_cloud, ACCOUNT) as api:
        yield api


@pytest.fixture
def partner_api(local_cloud):
    """The same as the partner account's root."""
    with _api(local_cloud, PARTNER) as api:
        yield api


def _api(cloud, account):
    root = cloud.accounts[account].root_key
    return RamApi(Target(cloud.endpoint, root.key_id, root.secret), pause=lambda _: None)


@pytest.fixture
def recorded():
    """Look up a recorded resource by run number and name: its inputs and outputs, secrets given a value."""

    def resource(run, name):
        deployment = json.loads((RECORDINGS / f"{run}-state.json").read_text())["deployment"]
        found = next(each for each in deployment["resources"] if each["urn"].endswith(f"::{name}"))
        inputs = {key: _plain(value) for key, value in found["inputs"].items() if key != "__defaults"}
        outputs = {
            key: _plain(value) for key, value in found["outputs"].items() if key not in WRITTEN_BY_THE_ENGINE
        }
        return {
            "type": found["type"],
            "id": found["id"],
            "inputs": inputs,
            "outputs": outputs,
            "meta": found["outputs"]["__meta"],
            "secret_outputs": set(found.get("additionalSecretOutputs", ())),
        }

    return resource


def _plain(value):
    is_secret = isinstance(value, dict) and "ciphertext" in value
    return "Recorded-Passw0rd!" if is_secret else value
