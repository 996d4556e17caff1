"""Pulumi.yaml and the stack files: read as Pulumi reads them; every error names file and key."""

from __future__ import annotations

import json

import pytest
from pulumi.runtime import config as sdk_config

from crossaccount.engine import EngineError, ProjectError, UnsupportedError, stack_config
from crossaccount.engine.project import Project
from crossaccount.engine.secrets import PassphraseSecrets, SecretsError


def load(directory, stack="dev", passphrase=None):
    return stack_config.load(Project.load(directory), stack, passphrase)


def test_a_key_without_namespace_belongs_to_the_project(bench):
    """`account` is `trial:account` to the program; namespaced keys and the old three-part form stay."""
    bench.write(
        "Pulumi.dev.yaml", "config:\n  account: 1234\n  alicloud:region: cn-hangzhou\n  old:config:key: x\n"
    )

    assert load(bench.directory).values == {
        "trial:account": "1234",
        "alicloud:region": "cn-hangzhou",
        "old:key": "x",
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-31", "2026-12-31"),
        ("0123", "0123"),
        ("22:22", "22:22"),
        ("yes", "yes"),
        ("no", "no"),
        ("True", "true"),
        ("1234567890120000", "1234567890120000"),
        ("1.50", "1.5"),
        ("''", ""),
        ("~", ""),
        ("1_000", "1_000"),
    ],
)
def test_a_value_is_the_text_that_was_meant(bench, written, read):
    """Dates, times, leading zeros and `no` are not what YAML 1.1 makes of them."""
    bench.write("Pulumi.dev.yaml", f"config:\n  key: {written}\n")

    assert load(bench.directory).values["trial:key"] == read


def test_an_object_is_json_text(bench):
    """The program reads it with `require_object`."""
    bench.write(
        "Pulumi.dev.yaml", "config:\n  partners:\n    - name: b\n      until: 2026-12-31\n      days: 3\n"
    )

    text = load(bench.directory).values["trial:partners"]

    assert json.loads(text) == [{"name": "b", "until": "2026-12-31", "days": 3}]


def test_secure_values_are_decrypted_and_secret(bench):
    """Also deep in an object, whose key is secret as a whole; masked values show the rest of the object."""
    secrets = PassphraseSecrets.new("pass")
    bench.write(
        "Pulumi.dev.yaml",
        f"encryptionsalt: {secrets.salt}\nconfig:\n  token:\n    secure: {secrets.encrypt('s3cret')}\n"
        f"  nested:\n    - a: {{secure: {secrets.encrypt('deep')}}}\n  open: 1\n",
    )

    config = load(bench.directory, passphrase="pass")

    assert config.values["trial:token"] == "s3cret"
    assert json.loads(config.values["trial:nested"]) == [{"a": "deep"}]
    assert config.secret_keys == {"trial:token", "trial:nested"}
    assert config.masked() == {
        "trial:nested": '[{"a":"[secret]"}]',
        "trial:open": "1",
        "trial:token": "[secret]",
    }
    assert "s3cret" not in repr(config)
    with pytest.raises(SecretsError, match="wrong passphrase"):
        load(bench.directory, passphrase="other")


def test_a_secure_value_needs_the_stacks_salt(bench):
    """Without `encryptionsalt` the error names file and key."""
    bench.write("Pulumi.dev.yaml", "config:\n  token:\n    secure: v1:x:y\n")

    with pytest.raises(ProjectError, match=r"`Pulumi\.dev\.yaml`: key `token`.*encryptionsalt"):
        load(bench.directory)


def test_the_projects_defaults_apply_under_the_stacks(bench):
    """A declaration's default or value holds unless the stack file gives the key."""
    bench.write(
        "Pulumi.yaml",
        "name: trial\nruntime: {name: python}\nconfig:\n  a: {type: string, default: from-project}\n"
        "  b: {type: string, default: hidden, secret: true}\n  c: {type: string}\n"
        "  alicloud:region: {value: cn-beijing}\n",
    )
    bench.write("Pulumi.dev.yaml", "config:\n  a: from-stack\n")

    config = load(bench.directory)

    assert config.values == {"trial:a": "from-stack", "trial:b": "hidden", "alicloud:region": "cn-beijing"}
    assert config.secret_keys == {"trial:b"}


def test_the_program_reads_what_the_stack_says(bench):
    """Config values, objects and secrets reach `pulumi.Config`, and nothing stays behind after the run."""
    bench.configure(phase=3, partners=[{"name": "b"}])
    bench.program(
        "config = pulumi.Config()\npulumi.export('phase', config.require_int('phase'))\n"
        "pulumi.export('name', config.require_object('partners')[0]['name'])\n"
        "pulumi.export('names', [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])\n"
    )
    before = dict(sdk_config.CONFIG.get())

    plan = bench.stack().preview()

    assert plan.changes == {"create": 1}
    assert sdk_config.CONFIG.get() == before


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("Pulumi.yaml", "runtime: python\n", "`Pulumi.yaml`: key `name`"),
        ("Pulumi.yaml", "name: a b\nruntime: python\n", "key `name` is `a b`"),
        ("Pulumi.yaml", "name: trial\nruntime: nodejs\n", "key `runtime` is `nodejs`"),
        ("Pulumi.yaml", "name: trial\nruntime: python\nmain: [a]\n", "key `main` is not a text"),
        ("Pulumi.yaml", "name: trial\nruntime: python\nconfig: 3\n", "key `config` is not a mapping"),
        ("Pulumi.yaml", "- a\n", "`Pulumi.yaml` is not a mapping"),
        ("Pulumi.dev.yaml", "config:\n  a: 1\n  a: 2\n", "`Pulumi.dev.yaml`, line 3: key `a` is given twice"),
        ("Pulumi.dev.yaml", "config:\n  a: [1\n", "`Pulumi.dev.yaml`, line"),
        ("Pulumi.dev.yaml", "config: text\n", "key `config` is not a mapping"),
        ("Pulumi.dev.yaml", "config:\n  a:b:c: 1\n", "key `a:b:c` is not of the form"),
        ("Pulumi.dev.yaml", "config:\n  ? [a]\n  : 1\n", "a key is not a text"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(bench, file, text, message):
    """The message says which file, which key or line, and what is wrong."""
    bench.write(file, text)

    with pytest.raises(ProjectError) as error:
        load(bench.directory)

    assert message in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "environment: [prod]\n",
        "secretsprovider: awskms://key\n",
        "config:\n  pulumi:autonaming: {mode: verbatim}\n",
    ],
)
def test_what_the_engine_does_not_know_of_a_stack_file_is_refused(bench, text):
    """An environment, another secrets provider and automatic naming are named, not ignored."""
    bench.write("Pulumi.dev.yaml", text)

    with pytest.raises(
        UnsupportedError, match=text.split(":", maxsplit=1)[0].replace("config", "autonaming")
    ):
        load(bench.directory)


def test_an_unknown_stack_names_those_that_are_there(bench):
    """So does a project directory without a project."""
    with pytest.raises(ProjectError, match=r"no stack `prod`.*`dev`"):
        load(bench.directory, "prod")
    with pytest.raises(ProjectError, match=r"no `Pulumi\.yaml` in"):
        Project.load(bench.directory / "elsewhere")


@pytest.mark.parametrize("name", ["..", ".", "a/b", "", "../../etc/x", "a" * 101])
def test_a_stack_name_never_leaves_the_directory(bench, name):
    """A name that is none is refused before a path is made of it."""
    with pytest.raises(EngineError, match="stack name"):
        load(bench.directory, name)
