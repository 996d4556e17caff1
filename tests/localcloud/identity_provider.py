"""Identity providers of the tests' own: one that signs JWTs, one that signs SAML responses."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from lxml import etree
from signxml import XMLSigner, methods

ISSUER = "https://ci.example.com"
CLIENT = "my-pipeline"
ENTITY = "https://idp.example.com/metadata"
ATTRIBUTES = "https://www.aliyun.com/SAML-Role/Attributes/"


@dataclass
class OidcIssuer:
    """Signs JWTs with a key of its own."""

    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    algorithm: str = "ES256"

    @property
    def jwks(self) -> dict:
        """Its public keys."""
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self, **changes: Any) -> str:
        """A token of Alice's for the client; a change to None leaves a claim out."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": "repo:a/b", "aud": CLIENT, "iat": now, "exp": now + 600, **changes}
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, kept, self.key, algorithms=[self.algorithm])


def rsa_issuer() -> OidcIssuer:
    """One with an RSA key, as most have."""
    return OidcIssuer(RSAKey.generate_key(2048, {"kid": "rsa"}), "RS256")


class SamlIdp:
    """Signs SAML responses with a certificate of its own."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
        now = datetime.now(timezone.utc)
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self._key, hashes.SHA256())
        )

    @property
    def metadata(self) -> str:
        """Its metadata document."""
        der = base64.b64encode(self._certificate.public_bytes(serialization.Encoding.DER)).decode()
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
            xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{ENTITY}">
          <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}
            </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
          </md:IDPSSODescriptor></md:EntityDescriptor>"""

    def signed(self, element: Any) -> Any:
        """The element with an enveloped signature over its ID."""
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificate = self._certificate.public_bytes(serialization.Encoding.PEM)
        signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
        return signer.sign(
            element,
            key=pem,
            cert=certificate.decode(),
            reference_uri="#" + element.get("ID"),
            id_attribute="ID",
        )

    def response(self, roles: list[str], *, sign: str = "assertion", **changes: str) -> bytes:
        """A response with one assertion, signed as a whole, in its assertion, or not at all ("nothing")."""
        assertion = etree.fromstring(assertion_text(roles, **changes))
        if sign == "assertion":
            assertion = self.signed(assertion)
        response = etree.fromstring(
            '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0"/>'
        )
        response.append(assertion)
        if sign == "response":
            response = self.signed(response)
        return etree.tostring(response)


def assertion_text(roles: list[str], **changes: str) -> str:
    """An assertion for these pairs of role and provider."""
    now = datetime.now(timezone.utc)
    said = {
        "issuer": ENTITY,
        "audience": "urn:alibaba:cloudcomputing",
        "recipient": "https://signin.aliyun.com/saml-role/sso",
        "not_before": (now - timedelta(minutes=1)).isoformat(),
        "ends": (now + timedelta(minutes=5)).isoformat(),
        "session": "alice@example.com",
        **changes,
    }
    offered = "".join(f"<saml:AttributeValue>{pair}</saml:AttributeValue>" for pair in roles)
    return f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0">
      <saml:Issuer>{said["issuer"]}</saml:Issuer>
      <saml:Subject>
        <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">alice</saml:NameID>
        <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
          <saml:SubjectConfirmationData NotOnOrAfter="{said["ends"]}" Recipient="{said["recipient"]}"/>
        </saml:SubjectConfirmation>
      </saml:Subject>
      <saml:Conditions NotBefore="{said["not_before"]}" NotOnOrAfter="{said["ends"]}">
        <saml:AudienceRestriction><saml:Audience>{said["audience"]}</saml:Audience></saml:AudienceRestriction>
      </saml:Conditions>
      <saml:AttributeStatement>
        <saml:Attribute Name="{ATTRIBUTES}Role">{offered}</saml:Attribute>
        <saml:Attribute Name="{ATTRIBUTES}RoleSessionName">
          <saml:AttributeValue>{said["session"]}</saml:AttributeValue></saml:Attribute>
      </saml:AttributeStatement>
    </saml:Assertion>"""
