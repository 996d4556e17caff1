"""SAML's two documents: a provider's metadata, and the response it signs. Nothing is fetched or expanded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

_SPACES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
}
_ATTRIBUTES = "https://www.aliyun.com/SAML-Role/Attributes/"
_NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
_EXPECTED = SignatureConfiguration(
    signature_methods=frozenset(method for method in SignatureMethod if "SHA1" not in method.name),
    digest_algorithms=frozenset(method for method in DigestAlgorithm if "SHA1" not in method.name),
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who an identity provider is and what it signs with.

    Attributes:
        entity_id: its name, which its assertions carry as Issuer.
        certificates: its signing certificates, in PEM.
    """

    entity_id: str
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a signed assertion says.

    Attributes:
        issuer: the provider's entity id.
        subject: the NameID.
        subject_type: the NameID's format, without SAML's prefix.
        recipient: whom it was made out to.
        audiences: for whom it may be used.
        not_before: moments before which it is not valid.
        not_on_or_after: moments from which on it is not valid any more.
        roles: pairs of role and provider ARN, each with a comma between.
        session_name: the RoleSessionName.
    """

    issuer: str
    subject: str
    subject_type: str
    recipient: str
    audiences: tuple[str, ...]
    not_before: tuple[str, ...]
    not_on_or_after: tuple[str, ...]
    roles: tuple[str, ...]
    session_name: str


def parse_xml(text: bytes) -> Any:  # noqa: ANN401  lxml has no types
    """A document without a DTD, so that there is no entity to expand.

    Raises:
        ValueError: no XML, or one with a DTD.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        raise ValueError("It is no XML.") from None
    if root.getroottree().docinfo.doctype:
        raise ValueError("It has a DTD.")
    return root


def read_metadata(text: str) -> Metadata:
    """What a provider's metadata document says.

    Raises:
        ValueError: no metadata of an identity provider, or one without a signing certificate.
    """
    root = parse_xml(text.encode())
    entity_id = root.get("entityID")
    found = root.xpath(
        "self::md:EntityDescriptor/md:IDPSSODescriptor/md:KeyDescriptor[not(@use) or @use='signing']"
        "//ds:X509Certificate/text()",
        namespaces=_SPACES,
    )
    if not entity_id or not found:
        raise ValueError("It is no metadata of an identity provider with a signing certificate.")
    return Metadata(entity_id, tuple(_pem("".join(each.split())) for each in found))


def _pem(text: str) -> str:
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def read_assertion(text: bytes, metadata: Metadata) -> Assertion:
    """What a response says, as far as the provider signed it: the response or the assertion in it.

    Raises:
        ValueError: it is not signed by the provider, or lacks what an assertion for a role has.
    """
    root = parse_xml(text)
    if etree.QName(root) != etree.QName(_SPACES["samlp"], "Response"):
        raise ValueError("It is no SAML response.")
    signed = _signed_part(root, metadata)
    found = signed.xpath("self::saml:Assertion | self::samlp:Response/saml:Assertion", namespaces=_SPACES)
    if len(found) != 1:
        raise ValueError("What is signed is not one assertion.")
    assertion = _told(found[0])
    if assertion.issuer != metadata.entity_id:
        raise ValueError("Its issuer is another than the provider.")
    return assertion


def _signed_part(root: Any, metadata: Metadata) -> Any:  # noqa: ANN401  lxml has no types
    for certificate in metadata.certificates:
        try:
            verified = XMLVerifier().verify(
                root, x509_cert=certificate, expect_config=_EXPECTED, id_attribute="ID"
            )
        except (SignXMLException, ValueError, etree.LxmlError):
            continue
        signed = verified[0].signed_xml if isinstance(verified, list) else verified.signed_xml
        if signed is not None:
            return signed
    raise ValueError("It is not signed by the provider.")


def _told(element: Any) -> Assertion:  # noqa: ANN401  lxml has no types
    def texts(path: str) -> tuple[str, ...]:
        return tuple(str(each).strip() for each in element.xpath(path, namespaces=_SPACES))

    def one(path: str, name: str) -> str:
        found = texts(path)
        if len(found) != 1 or not found[0]:
            raise ValueError(f"It has not exactly one {name}.")
        return found[0]

    confirmed = "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
    value = "saml:AttributeStatement/saml:Attribute[@Name='{}']/saml:AttributeValue/text()"
    return Assertion(
        issuer=one("saml:Issuer/text()", "issuer"),
        subject=one("saml:Subject/saml:NameID/text()", "NameID"),
        subject_type="".join(texts("saml:Subject/saml:NameID/@Format")).removeprefix(_NAME_FORMAT),
        recipient=one(f"{confirmed}/@Recipient", "recipient"),
        audiences=texts("saml:Conditions/saml:AudienceRestriction/saml:Audience/text()"),
        not_before=texts("saml:Conditions/@NotBefore"),
        not_on_or_after=(*texts("saml:Conditions/@NotOnOrAfter"), *texts(f"{confirmed}/@NotOnOrAfter")),
        roles=texts(value.format(_ATTRIBUTES + "Role")),
        session_name=one(value.format(_ATTRIBUTES + "RoleSessionName"), "RoleSessionName"),
    )
