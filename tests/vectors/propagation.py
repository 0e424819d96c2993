"""Writes propagation.json: headers of the contract, sealed by another implementation.

    python3 tests/vectors/propagation.py >tests/vectors/propagation.json

Only the standard library. XChaCha20-Poly1305 is that of draft-irtf-cfrg-xchacha-03 and RFC 8439.
"""

import base64
import hashlib
import hmac
import json
import struct

LABEL = b"tower-tracks propagation v1"
VERSION = "v1."
MASK = 0xFFFFFFFF


def rotated(word, by):
    return (word << by | word >> (32 - by)) & MASK


def rounds(state):
    """The twenty rounds of ChaCha20."""
    words = list(state)

    def quarter(a, b, c, d):
        for x, y, z, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            words[x] = (words[x] + words[y]) & MASK
            words[z] = rotated(words[z] ^ words[x], by)

    for _ in range(10):
        for index in range(4):
            quarter(index, 4 + index, 8 + index, 12 + index)
        for index in range(4):
            quarter(index, 4 + (index + 1) % 4, 8 + (index + 2) % 4, 12 + (index + 3) % 4)
    return words


def state(key, rest):
    return list(struct.unpack("<4I8I4I", b"expand 32-byte k" + key + rest))


def block(key, counter, nonce):
    begin = state(key, struct.pack("<I", counter) + nonce)
    words = ((a + b) & MASK for a, b in zip(rounds(begin), begin))
    return struct.pack("<16I", *words)


def hchacha20(key, nonce):
    words = rounds(state(key, nonce))
    return struct.pack("<8I", *words[:4], *words[12:])


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        part = message[at : at + 16] + b"\1"
        total = (total + int.from_bytes(part, "little")) * r % (2**130 - 5)
    total += int.from_bytes(key[16:], "little")
    return (total % 2**128).to_bytes(16, "little")


def padded(data):
    return data + bytes(-len(data) % 16)


def encrypt(key, nonce, message, aad):
    key, nonce = hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    blocks = (block(key, 1 + at // 64, nonce) for at in range(0, len(message), 64))
    sealed = bytes(a ^ b for a, b in zip(message, b"".join(blocks)))
    lengths = struct.pack("<QQ", len(aad), len(sealed))
    tag = poly1305(block(key, 0, nonce)[:32], padded(aad) + padded(sealed) + lengths)
    return sealed + tag


def check():
    """Section A.3.1 of the draft."""
    key, nonce = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58))
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        b"future, sunscreen would be it."
    )
    sealed = encrypt(key, nonce, text, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"))
    assert sealed[:8].hex() == "bd6d179d3e83d43b", sealed.hex()
    assert sealed[-16:].hex() == "c0875924c1c7987947deafd8780acf49", sealed.hex()


def header(secret, nonce, content):
    key = hmac.new(secret.encode(), LABEL + b"\1", hashlib.sha256).digest()
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    sealed = nonce + encrypt(key, nonce, text, VERSION.encode())
    return VERSION + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def fingerprint(salt, tracks):
    netstrings = "".join(f"{len(text.encode())}:{text}," for text in ("v1", salt, *tracks))
    return hashlib.sha256(netstrings.encode()).hexdigest()[:16]


DELAY = fingerprint("delay", ["control", "1", "short", "1", "long", "1"])
NOW = 1_700_000_000


def content(**changes):
    delay = {"n": "delay", "p": 1, "t": "long", "r": "bucketed", "c": True, "f": DELAY, "d": False}
    keys = {"visitor": "alice"}
    return {"e": NOW + 60, "t": "counted", "k": keys, "s": [delay | changes.pop("set", {})]} | changes


def without(content, name):
    del content["s"][0][name]
    return content


CASES = [
    ("a track that is counted here", content(), "delay/long", True),
    ("a track that was counted", content(set={"d": True}), "delay/long", False),
    ("another phase", content(set={"p": 2}), "delay/long", False),
    ("another definition", content(set={"f": "0" * 16}), "delay/long", False),
    ("no coin", without(content(), "c"), "delay/long", True),
    ("outside the share", without(content(set={"r": "outside-share"}), "t"), "delay (outside-share)", False),
    ("held out", without(content(set={"r": "held-out", "h": ["q4"]}), "t"), "delay (held-out)", False),
    ("a forced track", content(set={"r": "forced", "d": True}), "delay/long", False),
    ("a track that is not here", content(set={"t": "longest"}), "(ineligible)", False),
    ("an ephemeral visitor", content(t="ephemeral"), "delay/long", False),
    ("a bot", content(t="bot", k={}, s=[]), "(bot)", False),
    ("a key that is not ASCII", content(k={"visitor": "älice"}), "delay/long", True),
    ("another member", content(z=[1]), "delay/long", True),
    ("made 5 seconds from now", content(e=NOW + 65), "delay/long", True),
    ("made 6 seconds from now", content(e=NOW + 66), None, False),
    ("its last second", content(e=NOW + 1), "delay/long", True),
    ("expired", content(e=NOW), None, False),
    ("an unknown reason", content(set={"r": "guessed"}), None, False),
    ("a reason without a track", without(content(), "t"), None, False),
]


def cases():
    for number, (name, content, choice, counted) in enumerate(CASES):
        nonce = hashlib.sha256(name.encode()).digest()[:24]
        sealed = header("0123456789abcdef", nonce, content)
        yield {"case": name, "content": content, "header": sealed, "choice": choice, "counted": counted}


check()
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases())
print(f'{{"secret": "0123456789abcdef", "now": {NOW}, "cases": [\n{lines}\n]}}')
