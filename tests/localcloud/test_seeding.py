"""A seed fills a cloud through the real operations, or changes nothing and names every fault by its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from crossaccount.localcloud import Cloud
from crossaccount.localcloud.seeding import SeedError
from tests.localcloud import raw
from tests.localcloud.delegation import Key
from tests.localcloud.identity_provider import OidcIssuer, SamlIdp

A, B = "1234567890120000", "1345678901230000"
SEED = f"""
accounts:
  - id: {A}
    alias: company-a
    rootKey: {{id: LTAI5tRootOfCompanyA0001, secret: root-of-company-a}}
    policies:
      - name: fc-list
        description: list functions
        document:
          Version: "1"
          Statement: [{{Effect: Allow, Action: "fc:ListFunctions", Resource: "*"}}]
    roles:
      - name: FC-Reader
        description: for company B
        maxSessionDuration: 7200
        trust:
          Version: "1"
          Statement:
            - {{Effect: Allow, Action: "sts:AssumeRole", Principal: {{RAM: ["acs:ram::{B}:role/runner"]}}}}
        policies: [AliyunFCReadOnlyAccess, fc-list]
        tags: {{team: fc}}
    functions:
      - {{functionName: hello, region: cn-beijing, runtime: python3.10, handler: index.handler}}
  - id: "{B}"
    groups:
      - {{name: developers, comments: all of them, policies: [AliyunSTSAssumeRoleAccess]}}
    users:
      - name: alice
        displayName: Alice
        groups: [developers]
        policies: [AliyunFCReadOnlyAccess]
        accessKeys: [{{id: LTAI5tAliceOfCompanyB001, secret: alice-of-company-b}}, {{}}]
    roles:
      - name: runner
        trust: '{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole",
          "Principal":{{"RAM":["acs:ram::{B}:user/alice"]}}}}]}}'
"""


@pytest.fixture
def seeded():
    """A served cloud that was filled from the seed."""
    cloud = Cloud()
    cloud.seed(SEED)
    with cloud:
        yield cloud


def test_a_seed_makes_everything_it_says(seeded):
    """Accounts, keys, policies, groups, users, roles that trust each other across accounts, functions."""
    owner, partner = seeded.accounts[A], seeded.accounts[B]
    role = owner.ram.role("fc-reader")

    assert (owner.alias, owner.root_key.key_id) == ("company-a", "LTAI5tRootOfCompanyA0001")
    assert (role.name, role.max_session_duration, role.tags) == ("FC-Reader", 7200, {"team": "fc"})
    assert list(role.attachments) == [("System", "AliyunFCReadOnlyAccess"), ("Custom", "fc-list")]
    assert list(owner.fc.region("cn-beijing").functions) == ["hello"]
    alice = partner.ram.users["alice"]
    assert [group.name for group in alice.groups] == ["developers"]
    assert len(alice.access_keys) == 2
    assert partner.ram.role("runner") is not None


def test_the_documented_seed_is_one():
    """The seed in `docs/local-cloud.md` can be planted, with metadata in place of the dots."""
    text = (Path(__file__).parent.parent.parent / "docs" / "local-cloud.md").read_text()
    [documented] = [part.split("```")[0] for part in text.split("```yaml\n")[1:]]
    seed = yaml.safe_load(documented)
    seed["accounts"][0]["samlProviders"][0]["metadata"] = SamlIdp().metadata
    cloud = Cloud()

    cloud.seed(seed)

    assert set(cloud.accounts) == {A, B}
    assert list(cloud.accounts[A].ram.roles) == ["fc-reader"]


def test_the_keys_of_a_seed_work(seeded):
    """A key with a given secret signs accepted calls, with the permissions that the seed gives."""
    alice = Key("LTAI5tAliceOfCompanyB001", "alice-of-company-b")
    root = Key("LTAI5tRootOfCompanyA0001", "root-of-company-a")

    identity = raw.acs3(alice, "GetCallerIdentity").sent_to(seeded.endpoint).json
    assert identity["Arn"] == f"acs:ram::{B}:user/alice"
    assert raw.acs3(alice, "ListRoles").sent_to(seeded.endpoint).code == "NoPermission"
    assert raw.acs3(root, "ListRoles").sent_to(seeded.endpoint).status == 200


def test_a_seed_fills_accounts_that_are_there(cloud, account_a):
    """An account of the cloud is filled, not replaced; who holds it sees it."""
    cloud.seed({"accounts": [{"id": A, "alias": "renamed", "users": [{"name": "u"}]}]})

    assert (account_a.alias, list(account_a.ram.users)) == ("renamed", ["u"])


def test_identity_providers_come_from_a_seed(cloud, account_a):
    """OIDC providers with their keys, SAML providers with their metadata."""
    oidc = {
        "name": "ci",
        "issuerUrl": "https://ci.example.com",
        "clientIds": ["c"],
        "jwks": OidcIssuer().jwks,
    }
    saml = {"name": "idp", "metadata": SamlIdp().metadata}
    cloud.seed({"accounts": [{"id": A, "oidcProviders": [oidc], "samlProviders": [saml]}]})

    assert account_a.providers.oidc["ci"].client_ids == ["c"]
    assert "IDPSSODescriptor" in account_a.providers.saml["idp"].metadata


TRUST = {"Version": "1", "Statement": []}
NOBODY = {
    "Version": "1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"RAM": [f"acs:ram::{A}:user/nobody"]},
        }
    ],
}


@pytest.mark.parametrize(
    ("account", "problems"),
    [
        ({"id": "12"}, ["accounts[0].id"]),
        ({"roles": []}, ["accounts[0].id: field required"]),
        ({"id": A, "role": []}, ["accounts[0].role"]),
        ({"id": A, "users": [{"name": "a b"}, {"name": "c" * 65}]}, ["users[0]", "users[1]"]),
        ({"id": A, "users": [{"name": "u", "groups": ["none"]}]}, ["users[0]: EntityNotExist.Group"]),
        ({"id": A, "users": [{"name": "u", "policies": ["none"]}]}, ["policies[0]: EntityNotExist.Policy"]),
        ({"id": A, "users": [{"name": "u"}, {"name": "u"}]}, ["users[1]: EntityAlreadyExists.User"]),
        ({"id": A, "users": [{"name": "u", "accessKeys": [{}, {}, {}]}]}, ["users[0].accessKeys"]),
        ({"id": A, "users": [{"name": "u", "accessKeys": [{"id": "short"}]}]}, ["accessKeys[0].id"]),
        ({"id": A, "roles": [{"name": "r", "trust": TRUST}]}, ["roles[0]: MalformedPolicyDocument"]),
        ({"id": A, "roles": [{"name": "r", "trust": NOBODY}]}, ["roles[0]"]),
        ({"id": A, "functions": [{"functionName": "f"}]}, ["functions[0]"]),
        ({"id": A, "oidcProviders": [{"name": "p", "issuerUrl": "ftp://x", "clientIds": []}]}, ["IssuerUrl"]),
        ({"id": A, "samlProviders": [{"name": "p", "metadata": "<a/>"}]}, ["SAMLMetadataDocument"]),
    ],
)
def test_a_seed_that_does_not_fit_changes_nothing(account, problems):
    """Every fault is named by its place, and the cloud is as it was."""
    cloud = Cloud([B])
    before = json.dumps(cloud.to_json())

    with pytest.raises(SeedError) as caught:
        cloud.seed({"accounts": [account]})

    assert len(caught.value.problems) == len(problems)
    for named, told in zip(problems, caught.value.problems, strict=True):
        assert named in told
    assert json.dumps(cloud.to_json()) == before


def test_a_key_that_is_taken_is_refused(seeded):
    """No two users, and no user and root, share an access key id."""
    key = {"id": "LTAI5tAliceOfCompanyB001", "secret": "another-secret"}
    with pytest.raises(SeedError, match="exists already"):
        seeded.seed({"accounts": [{"id": B, "users": [{"name": "bob", "accessKeys": [key]}]}]})


@pytest.mark.parametrize("text", ["accounts: [", "- 1", "", "accounts: 5", "!!python/object:os.system {}"])
def test_what_is_no_seed_is_refused(text):
    """No YAML, no mapping, nothing, or more than plain YAML."""
    with pytest.raises(SeedError):
        Cloud().seed(text)


def test_a_seeded_cloud_goes_into_a_snapshot(seeded):
    """What a seed made is restored like everything else."""
    restored = Cloud.from_json(json.loads(json.dumps(seeded.to_json())))

    assert restored.to_json() == seeded.to_json()
    assert yaml.safe_load(SEED)["accounts"][0]["id"] == int(A)
