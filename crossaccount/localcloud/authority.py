"""A throw-away certificate authority: what clients over HTTPS are shown, and what they must trust.

Made only for a cloud that is asked over HTTPS, or for its CA file. Its key is in no file; by its name
constraints it can vouch for loopback names and Alibaba Cloud's hosts only, so that trusting it by mistake
opens nothing else. A certificate is made for each host when a client first names it.
"""

from __future__ import annotations

import ipaddress
import shutil
import ssl
import tempfile
import weakref
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from crossaccount.localcloud.host import HostError, parse_host

if TYPE_CHECKING:
    from collections.abc import Iterable

LIFE = timedelta(days=30)
_EARLIER = timedelta(days=1)
_LOOPBACK = ("127.0.0.0/8", "::1/128")
_OWN_NAMES = ("localhost", "127.0.0.1", "::1")
_NAMES = ("localhost", "aliyuncs.com")


class Authority:
    """A certificate authority of one cloud.

    Attributes:
        ca_file: its certificate in PEM, for a client's `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE` or
            `NODE_EXTRA_CA_CERTS`.
        context: what a server shows: the certificate for the host that the client names.
    """

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="localcloud-ca-")
        self._folder = Path(folder)
        self._remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local Alibaba Cloud, throw-away")])
        self._certificate = self._own_certificate()
        self.ca_file = self._folder / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.context = self._shown(_OWN_NAMES)
        self.context.sni_callback = self._choose

    def close(self) -> None:
        """Removes the CA file."""
        self._remove()

    def _choose(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        if name is None or name in _OWN_NAMES:
            return None
        try:
            parse_host(name)
        except HostError:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        if name not in self._contexts:
            self._contexts[name] = self._shown((name,))
        connection.context = self._contexts[name]
        return None

    def _shown(self, names: Iterable[str]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        chain = self._folder / "leaf.pem"
        chain.touch(mode=0o600)
        chain.write_bytes(
            self._leaf_key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + self._leaf_certificate(names).public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(chain)
        chain.unlink()
        return context

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _EARLIER)
            .not_valid_after(now + LIFE)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )

    def _own_certificate(self) -> x509.Certificate:
        networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in _LOOPBACK]
        allowed = [*(x509.DNSName(name) for name in _NAMES), *networks]
        return (
            self._builder(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints(allowed, None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _leaf_certificate(self, names: Iterable[str]) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local Alibaba Cloud")])
        return (
            self._builder(subject, self._leaf_key.public_key())
            .add_extension(
                x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_usage(signs=False), critical=True)
            .sign(self._key, hashes.SHA256())
        )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
