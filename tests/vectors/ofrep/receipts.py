"""Receipts of exposures, as src/ofrep/receipts.rs describes them: python3 receipts.py > receipts.json"""

import base64
import hashlib
import hmac
import json

SECRET = b"0123456789abcdef"
DAY = 24 * 60 * 60


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def netstring(data):
    return str(len(data)).encode() + b":" + data + b","


def unit(kind, key):
    return hmac.new(SECRET, kind.encode() + b"\0" + key.encode(), hashlib.sha256).digest()[:16]


def set_id(salt, tracks):
    fields = ["v1", salt]
    for track, weight in tracks:
        fields += [track, str(weight)]
    fingerprint = hashlib.sha256(b"".join(netstring(field.encode()) for field in fields)).digest()
    return hashlib.sha256(fingerprint + b"visitor").digest()[:8]


def hmac_of(purpose, message):
    key = hmac.new(SECRET, purpose + b"\x01", hashlib.sha256).digest()
    return hmac.new(key, message, hashlib.sha256).digest()


def receipt(kind, key, expires, entries):
    rest = expires.to_bytes(4, "big")
    for identity, track, coin, segment in entries:
        rest += identity + track.to_bytes(2, "big")
        rest += bytes([2 if coin is None else coin, len(segment)]) + segment.encode()
    payload = unit(kind, key) + rest
    tag = hmac_of(b"tower-tracks exposure v1", netstring(payload))[:16]
    blocks = range(len(payload) // 32 + 1)
    mask = b"".join(
        hmac_of(b"tower-tracks exposure mask v1", netstring(tag) + netstring(block.to_bytes(4, "big")))
        for block in blocks
    )
    masked = bytes(one ^ other for one, other in zip(payload, mask))
    return f"v1.{text(masked)}.{text(tag)}"


def case(now, key, track, coin, segment="", holdout=None):
    """A receipt of the set `delay`, of the tracks control, short and long."""
    entries = [(set_id("delay", [("control", 1), ("short", 1), ("long", 1)]), track, coin, segment)]
    if holdout is not None:
        tracks = [("held-out", 50_000), ("taking-part", 950_000)]
        entries.append((set_id("q4", tracks), 1, holdout, ""))
    expires = (now // DAY + 2) * DAY
    return {
        "now": now,
        "key": key,
        "track": ["control", "short", "long"][track],
        "coin": coin,
        "segment": segment or None,
        "holdout": holdout is not None,
        "expires": expires,
        "receipt": receipt("visitor", key, expires, entries),
    }


print(json.dumps([
    case(1_800_000_000, "alice", 1, 0),
    case(1_800_000_000, "bob", 0, 1, "mobile"),
    case(1_799_999_999, "größe", 2, None, "s" * 64),
    case(0, "0", 2, 1, "desktop", 1),
], indent=1))
