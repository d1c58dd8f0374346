"""UIDs: stable for the same visit of the same participant, telling a reader neither.

The UUID's bytes are computed with ``hashlib`` directly: a UID is made for every event, and
``uuid.uuid5`` would cost more than all else that identifies it.
"""

import hashlib
import hmac

# The project's own namespace: RFC 9562 version 5 of "trial-session-planner" in the DNS namespace.
_DNS_NAMESPACE = bytes.fromhex("6ba7b8109dad11d180b400c04fd430c8")
_VARIANT_BITS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def _uuid(digest: str, version: str) -> str:
    """The first 128 bits of a digest in hexadecimal as a UUID of that version (RFC 9562 5.5)."""
    return (
        f"{digest[:8]}-{digest[8:12]}-{version}{digest[13:16]}"
        f"-{_VARIANT_BITS[digest[16]]}{digest[17:20]}-{digest[20:32]}"
    )


def _joined(*parts: str) -> bytes:
    """The parts as bytes that only these parts give: none of them can pass for two."""
    return b"".join(
        b"%d:%b" % (len(data), data)
        for data in (part.encode("utf-8", "surrogatepass") for part in parts)
    )


def _sha1(data: bytes) -> "hashlib._Hash":
    return hashlib.sha1(data, usedforsecurity=False)


def _namespace(within: bytes, name: bytes) -> bytes:
    """The 16 bytes of the UUIDv5 of a name."""
    return bytes.fromhex(_uuid(_sha1(within + name).hexdigest(), "5").replace("-", ""))


_PROJECT = _namespace(_DNS_NAMESPACE, b"trial-session-planner")


class Identities:
    """The UIDs of one study.

    A UID is the UUID of (study, participant's code, visit, cycle, kind of event). Without a key it
    is a UUIDv5 in the study's namespace: whoever knows the study and the scheme can compute the
    UIDs of guessed codes and recognise them. With a `key` it is HMAC-SHA256 of the same in the form
    of a UUIDv8 (RFC 7986 5.3 asks for UIDs that reveal nothing), and only the key's holder can.
    The arm is no part of it, so a blinded participant's UIDs tell nothing of it.
    """

    __slots__ = ("_key", "_namespace")

    def __init__(self, study: str, key: bytes | None = None) -> None:
        """Identify the events of `study`, with the secret `key` (any length but 0) if given."""
        if key is not None and not key:
            raise ValueError("an empty key keeps no secret")
        self._namespace = _namespace(_PROJECT, _joined(study))
        self._key = key

    def uid_of(self, participant: str, visit: str, cycle: int | None, kind: str) -> str:
        """The UID of one event: 36 characters, lower case.

        Args:
            participant: the code as it is written.
            visit: the occurrence's id, such as `dosing-2`.
            cycle: its number from 1; ``None`` outside of cycles.
            kind: what the event is of its visit, such as the visit itself or its allowed dates.
        """
        return self.of_all(participant, [event_name(visit, cycle, kind)])[0]

    def of_all(self, participant: str, names: list[bytes]) -> list[str]:
        """The UIDs of one participant's events, whose `event_name` is given."""
        start = self._namespace + _joined(participant)
        key = self._key
        if key is not None:
            return [_uuid(hmac.digest(key, start + name, "sha256").hex(), "8") for name in names]
        return [_uuid(_sha1(start + name).hexdigest(), "5") for name in names]


def is_keyed(uid: str) -> bool:
    """Whether a UID of this module was made with a key: it says so by its UUID's version."""
    return uid[14:15] == "8"


def event_name(visit: str, cycle: int | None, kind: str) -> bytes:
    """What identifies an event among those of its participant."""
    return _joined(visit, "" if cycle is None else str(cycle), kind)
