"""An external id that the stack file holds encrypted stays encrypted in the state."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from crossaccount.engine import Stack, Target
from crossaccount.engine.secrets import PassphraseSecrets
from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from typing import Any

ROOT = Path(__file__).parent.parent.parent
OWNER, PARTNER = "1234567890120000", "1345678901230000"
EXTERNAL_ID, PASSPHRASE = "of-the-cooperation-2027", "of a test"


def _project(folder: Path) -> Path:
    """A copy of the project whose delegations are an encrypted value with an external id."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "components").symlink_to(ROOT / "components")
    document: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.account-a.yaml").read_text())
    delegations = document["config"]["crossaccount:delegations"]
    delegations["fc-partner-b"]["trust"]["externalIds"] = [EXTERNAL_ID]
    secrets = PassphraseSecrets.new(PASSPHRASE)
    document["config"]["crossaccount:delegations"] = {"secure": secrets.encrypt(json.dumps(delegations))}
    document["encryptionsalt"] = secrets.salt
    (folder / "Pulumi.account-a.yaml").write_text(yaml.safe_dump(document))
    return folder


def test_no_output_of_the_role_shows_it(tmp_path: Path) -> None:
    """Neither the trust policy nor its copy under the provider's old name is in the state in clear."""
    project = _project(tmp_path)
    with Cloud([OWNER, PARTNER]) as cloud:
        key = cloud.accounts[OWNER].root_key
        target = Target(cloud.endpoint, key.key_id, key.secret)
        stack = Stack.open(project, "account-a", target=target, passphrase=PASSPHRASE)
        stack.up()

        assert EXTERNAL_ID in cloud.accounts[OWNER].ram.roles["fc-partner-b"].trust_document
    written = [path.read_text() for path in (project / ".crossaccount").rglob("*") if path.is_file()]
    roles = [each for each in stack.export()["deployment"]["resources"] if each["type"].endswith(":Role")]

    assert roles[0]["additionalSecretOutputs"] == ["document"]
    assert [text for text in written if EXTERNAL_ID in text] == []
