"""CRC-64 of a code package as Function Compute gives it.

Polynomial ECMA-182, reflected, all bits set at the start and turned at the end, as a decimal string.
"""

from __future__ import annotations

_POLYNOMIAL = 0xC96C5795D7870F42
_MASK = 0xFFFFFFFFFFFFFFFF


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(_entry(byte) for byte in range(256))


def crc64(data: bytes) -> str:
    """The checksum of a code package, e.g. `11051210869376104954` for the bytes `123456789`."""
    table, value = _TABLE, _MASK
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return str(value ^ _MASK)
