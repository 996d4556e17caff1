"""States, plans and accounts in a form in which the two engines' can be compared field by field.

What must be equal is left as it is; what cannot be is listed here, each with its reason.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crossaccount.engine.secrets import PassphraseSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.localcloud.cloud import Cloud

MAY_DIFFER = {
    "created": "when a run made the resource",
    "modified": "when a run changed it",
    "time": "the manifest: when the state was written",
    "secrets_providers": "the salt is random; the embedded engine makes one at the first secret",
    "magic": "the checksum of `version` below",
    "version": "the manifest: each engine's own version",
    "duration": "how long a plan took",
}
"""Fields of a state or plan that are left out, wherever they stand; `version` only in the manifest."""

SETS = {
    "dependencies": "the SDK gathers them in a set",
    "replaceReasons": "the provider gathers them in a map",
    "diffReasons": "likewise",
    "attachments": "of an account: independent resources are attached side by side",
}
"""Lists whose order differs between two runs of the same engine; they are compared sorted."""

FORESEEN = {"version": "the provider's schema has a default for it, which a plan of a replacement shows"}
"""Outputs in the plan of a replacement that only the real engine foresees."""

_SALTED = "passwordHash"

_SECRET = "4dabf18193072939515e22adb298388d"  # Pulumi's mark of a secret in a state
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OF_AN_ENGINE = (
    "using pulumi-resource-alicloud from $PATH",
    "resource plugin alicloud is expected to have version",
    "the embedded engine is for trials",
)
"""Warnings about the engine itself, and about where the provider was found."""


def comparable_state(document: Mapping[str, Any], cloud: Cloud, passphrase: str) -> Any:
    """A deployment: secrets decrypted, made-up ids named after what they are of, resources by URN."""
    deployment = document["deployment"]
    salt = deployment.get("secrets_providers", {}).get("state", {}).get("salt")
    decrypt = PassphraseSecrets(salt, passphrase).decrypt if salt else None
    shown = _without(_opened(dict(deployment), decrypt))
    shown["manifest"] = sorted(set(deployment["manifest"]) - {"version", "magic", "time"})
    shown["resources"] = sorted(shown.get("resources", []), key=_urn)
    return _named({**document, "deployment": shown}, cloud)


def comparable_plan(document: Mapping[str, Any], cloud: Cloud) -> Any:
    """A plan of `preview --json`: its steps by URN and operation."""
    plan = _without(dict(document))
    plan["steps"] = sorted(map(_foreseen, plan["steps"]), key=lambda step: (_urn(step), step["op"]))
    plan["diagnostics"] = [
        each for each in plan["diagnostics"] if not any(text in each["message"] for text in _OF_AN_ENGINE)
    ]
    return _named(plan, cloud)


def comparable_outputs(outputs: Mapping[str, Any], cloud: Cloud) -> Any:
    """A stack's outputs with made-up ids named."""
    return _named(outputs, cloud)


def comparable_accounts(cloud: Cloud) -> Any:
    """What every account holds, with made-up ids named."""
    return _named(_without(cloud.to_json()["accounts"]), cloud)


def _urn(record: Mapping[str, Any]) -> str:
    return str(record["urn"])


def _without(value: Any) -> Any:
    """Without what may differ; of a stack trace the program's own lines."""
    if isinstance(value, dict):
        kept = {
            key: _without(each) for key, each in value.items() if key not in MAY_DIFFER or key == "version"
        }
        for name in SETS.keys() & kept.keys():
            kept[name] = sorted(kept[name], key=json.dumps)
        if "stackTrace" in kept:
            kept["stackTrace"] = [frame for frame in kept["stackTrace"] if _is_of_program(frame)]
        if not _is_of_program(kept):
            kept.pop("sourcePosition", None)
        return {key: each for key, each in kept.items() if key != "stackTrace" or each}
    return [_without(each) for each in value] if isinstance(value, list) else value


def _foreseen(step: dict[str, Any]) -> dict[str, Any]:
    if step["op"] == "replace":
        outputs = step["newState"].get("outputs", {})
        step["newState"]["outputs"] = {key: each for key, each in outputs.items() if key not in FORESEEN}
    return step


def _is_of_program(record: Mapping[str, Any]) -> bool:
    """Whether a source position is in the project: the language host's and the SDK's own lines are not."""
    position = str(record.get("sourcePosition", ""))
    return position.startswith("project:///") and not position.startswith(
        ("project:///..", "project:///.venv")
    )


def _opened(value: Any, decrypt: Callable[[str], str] | None) -> Any:
    if isinstance(value, dict):
        if _SECRET in value and "ciphertext" in value:
            assert decrypt is not None, "a secret in a state without a salt"
            return {"secret": json.loads(decrypt(value["ciphertext"]))}
        return {key: _opened(each, decrypt) for key, each in value.items()}
    return [_opened(each, decrypt) for each in value] if isinstance(value, list) else value


def _named(value: Any, cloud: Cloud) -> Any:
    """Replace ids and secrets that the cloud made up, its port, and the engines' UUIDs."""
    text = json.dumps(value, sort_keys=True)
    for made_up, name in _made_up(cloud).items():
        text = text.replace(made_up, f"<{name}>")
    return json.loads(_UUID.sub("<uuid>", text.replace(cloud.endpoint, "<endpoint>")))


def _made_up(cloud: Cloud) -> dict[str, str]:
    names: dict[str, str] = {}
    for account in cloud.to_json()["accounts"]:
        ram = account["ram"]
        names |= {role["roleId"]: f"id of role {role['name']}" for role in ram["roles"]}
        names |= {group["groupId"]: f"id of group {group['name']}" for group in ram["groups"]}
        for user in ram["users"]:
            names[user["userId"]] = f"id of user {user['name']}"
            if user["loginProfile"]:
                names[user["loginProfile"][_SALTED]] = f"password of user {user['name']}"
            for number, key in enumerate(user["accessKeys"]):
                names[key["id"]] = f"key {number} of user {user['name']}"
                names[key["secret"]] = f"secret of key {number} of user {user['name']}"
    return names


def differences(embedded: Any, real: Any, path: str = "") -> list[str]:
    """What differs, one line each: the path, what the embedded engine has and what the real one."""
    if isinstance(embedded, dict) and isinstance(real, dict):
        return [
            line
            for key in sorted({*embedded, *real})
            for line in differences(embedded.get(key, "absent"), real.get(key, "absent"), f"{path}.{key}")
        ]
    if isinstance(embedded, (list, tuple)) and isinstance(real, (list, tuple)) and len(embedded) == len(real):
        pairs = enumerate(zip(embedded, real, strict=True))
        return [
            line for place, pair in pairs for line in differences(*pair, f"{path}[{_place(place, pair[1])}]")
        ]
    return [] if embedded == real else [f"{path}: {embedded!r} is {real!r} of the real engine"]


def _place(number: int, record: Any) -> str:
    return (
        str(record["urn"]).partition("::")[2] if isinstance(record, dict) and "urn" in record else str(number)
    )
