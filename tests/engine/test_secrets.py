"""The passphrase secrets provider, against states that the real Pulumi engine encrypted."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.engine import secrets
from crossaccount.engine.secrets import PassphraseSecrets, SecretsError, passphrase_from_environment

RECORDING = Path(__file__).parent.parent / "data" / "recordings" / "1-state.json"
RECORDED_PASSPHRASE = "x"
RECORDED_SALT = json.loads(RECORDING.read_text())["deployment"]["secrets_providers"]["state"]["salt"]


@pytest.fixture(scope="module")
def deployment():
    return json.loads(RECORDING.read_text())["deployment"]


@pytest.fixture(scope="module")
def recorded(deployment):
    return PassphraseSecrets(deployment["secrets_providers"]["state"]["salt"], RECORDED_PASSPHRASE)


def output(deployment, name, key):
    """Return the ciphertext of one recorded resource's output."""
    found = next(r for r in deployment["resources"] if r["urn"].endswith(f"::{name}"))
    return found["outputs"][key]["ciphertext"]


def test_decrypts_what_the_real_engine_encrypted(deployment, recorded):
    """Secrets of a recorded state decrypt to the values the recorded program gave."""
    assert recorded.decrypt(output(deployment, "dev-login", "password")) == '"Recorded-Passw0rd!"'
    exported = recorded.decrypt(output(deployment, "recording-account-a", "accessKeySecret"))
    assert exported == recorded.decrypt(output(deployment, "dev-key", "secret"))


def test_encrypts_so_that_an_independent_decryption_reads_it(deployment, recorded):
    """What is encrypted is AES-256-GCM under the key of the passphrase, of the UTF-8 text."""
    salt = base64.b64decode(deployment["secrets_providers"]["state"]["salt"].split(":")[1])
    key = hashlib.pbkdf2_hmac("sha256", RECORDED_PASSPHRASE.encode(), salt, 1_000_000, 32)
    version, nonce, sealed = recorded.encrypt("é, plain").split(":")
    assert version == "v1"
    opened = AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(sealed), None)
    assert opened.decode() == "é, plain"


def test_a_new_salt_serves_a_second_reader():
    """A salt made for a new stack opens with the same passphrase and carries eight random bytes."""
    first = PassphraseSecrets.new("correct horse")
    second = PassphraseSecrets(first.salt, "correct horse")
    assert second.decrypt(first.encrypt("plain")) == "plain"
    assert len(base64.b64decode(first.salt.split(":")[1])) == 8


def test_the_same_text_never_encrypts_alike(recorded):
    """Each encryption takes a nonce of its own."""
    assert recorded.encrypt("same") != recorded.encrypt("same")


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_every_text_survives_a_round_trip(value):
    """Whatever text goes in comes out."""
    stack = PassphraseSecrets(RECORDED_SALT, RECORDED_PASSPHRASE)
    assert stack.decrypt(stack.encrypt(value)) == value


def test_a_wrong_passphrase_is_one_clear_error(deployment):
    """A wrong passphrase says so, names the variable, and shows neither passphrase nor plaintext."""
    wrong = PassphraseSecrets(RECORDED_SALT, "hunter2")
    with pytest.raises(SecretsError, match="wrong passphrase: set `PULUMI_CONFIG_PASSPHRASE`") as caught:
        wrong.decrypt(output(deployment, "dev-key", "secret"))
    assert "hunter2" not in str(caught.value)


def test_a_wrong_passphrase_cannot_encrypt_either():
    """Nothing is written under a key that the stack's other secrets do not have."""
    with pytest.raises(SecretsError, match="wrong passphrase"):
        PassphraseSecrets(RECORDED_SALT, "hunter2").encrypt("value")


def test_a_changed_secret_is_refused(recorded):
    """One changed bit of a ciphertext is an error, never another value."""
    version, nonce, sealed = recorded.encrypt("value").split(":")
    data = bytearray(base64.b64decode(sealed))
    data[0] ^= 1
    with pytest.raises(SecretsError, match="was changed, or belongs to another stack"):
        recorded.decrypt(f"{version}:{nonce}:{base64.b64encode(bytes(data)).decode()}")


@pytest.mark.parametrize(
    "text", ["", "v1", "v2:AAAA:AAAA", "v1:AAAA:AAAA", "v1:???:AAAA", "v1:AAAAAAAAAAAAAAAA"]
)
def test_a_malformed_secret_is_refused(recorded, text):
    """A ciphertext of another form is refused by form."""
    with pytest.raises(SecretsError, match="of this stack"):
        recorded.decrypt(text)


@pytest.mark.parametrize("salt", ["", "v1:EAgdHULrsVA=", "v2:EAgdHULrsVA=:v1:a:b", "v1:?:v1:a:b"])
def test_a_malformed_salt_is_refused(salt):
    """A salt of another form or version is refused when it is read."""
    with pytest.raises(SecretsError, match="salt"):
        PassphraseSecrets(salt, "any")


def test_the_key_is_derived_lazily_and_once(monkeypatch):
    """Making the object costs nothing; two objects of one stack share the derivation."""
    derived = []
    real = secrets.hashlib.pbkdf2_hmac

    def counting(*arguments):
        derived.append(arguments[2])
        return real(*arguments)

    salt = PassphraseSecrets.new("counted").salt
    secrets._derived.cache_clear()
    monkeypatch.setattr(secrets.hashlib, "pbkdf2_hmac", counting)
    first, second = PassphraseSecrets(salt, "counted"), PassphraseSecrets(salt, "counted")
    assert derived == []
    second.decrypt(first.encrypt("value"))
    assert len(derived) == 1


def test_the_repr_shows_no_secret(recorded):
    """Neither passphrase nor key is in the repr."""
    assert repr(recorded) == f"PassphraseSecrets(salt={RECORDED_SALT!r})"


def test_the_passphrase_comes_from_the_variable_even_when_empty():
    """An empty variable is an empty passphrase, and wins over the file."""
    environ = {"PULUMI_CONFIG_PASSPHRASE": "", "PULUMI_CONFIG_PASSPHRASE_FILE": "absent"}
    assert passphrase_from_environment(environ) == ""


def test_the_passphrase_comes_from_the_file_without_its_line_end(tmp_path):
    """The file's surrounding white space is no part of the passphrase."""
    path = tmp_path / "passphrase"
    path.write_text("from file\n")
    assert passphrase_from_environment({"PULUMI_CONFIG_PASSPHRASE_FILE": str(path)}) == "from file"


def test_no_passphrase_says_what_to_set():
    """Without either variable the error names both."""
    with pytest.raises(SecretsError, match=r"PULUMI_CONFIG_PASSPHRASE.*PULUMI_CONFIG_PASSPHRASE_FILE"):
        passphrase_from_environment({})


def test_an_unreadable_passphrase_file_is_named(tmp_path):
    """A file that is not there is named with the reason."""
    with pytest.raises(SecretsError, match="No such file"):
        passphrase_from_environment({"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "absent")})


SECRET_PROGRAMS = {
    "a secret to come": (
        "u = alicloud.ram.User('u', name='dev')\nalicloud.ram.AccessKey('k', user_name=u.name)\n"
    ),
    "a secret input": (
        "u = alicloud.ram.User('u', name='dev')\n"
        "alicloud.ram.LoginProfile('l', user_name=u.name, password=hidden('Hidden-Passw0rd1'))\n"
    ),
    "a secret output": "alicloud.ram.User('u', name='dev')\npulumi.export('x', hidden('s'))\n",
    "an output made secret": (
        "alicloud.ram.Group('g', group_name='g', opts=Opts(additional_secret_outputs=['comments']))\n"
    ),
}


@pytest.mark.parametrize("body", SECRET_PROGRAMS.values(), ids=SECRET_PROGRAMS)
def test_the_passphrase_is_demanded_before_anything_changes(bench, target, local_cloud, monkeypatch, body):
    """Wherever the plan has a secret, or will have one: nothing is made that could not be written down."""
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)
    bench.program(body)
    stack = bench.stack(target=target, passphrase=None)

    assert stack.preview().changes
    with pytest.raises(SecretsError, match="PULUMI_CONFIG_PASSPHRASE"):
        stack.up()

    assert local_cloud.accounts["1234567890120000"].ram.is_empty()
    assert not bench.state_path.exists()
    assert not bench.journal_path.exists()


def test_a_salt_demands_the_right_passphrase_though_nothing_is_secret(bench, memory, shelf):
    """A stack that has a passphrase keeps it: a wrong one changes nothing, in `up` as with Pulumi."""
    salt = PassphraseSecrets.new("right").salt
    bench.program("alicloud.ram.Group('g', group_name='g')\n")
    bench.write("Pulumi.dev.yaml", f"encryptionsalt: {salt}\n")

    with pytest.raises(SecretsError, match="wrong passphrase"):
        bench.stack(**{**memory, "passphrase": "wrong"}).up()

    assert shelf.calls == []
