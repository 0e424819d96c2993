"""Compares what the clients of OFREP got with the answer of the crate, and what the shop recorded with both.

    check.py truth <JSON >TRUTH            the tracks that `tracks assign --json` prints, one in a line
    check.py asked TRUTH >ASKED            what to ask: two flags of each key, by turns with and without a track
    check.py answers TRUTH ASKED CLIENT=FILE…
                                           the client got the track of the crate for all that was asked
    check.py paused FLAG CLIENT=FILE…      every client got its default
    check.py same CLIENT=FILE…             the answers are those of before, in FILE.before
    check.py recorded DATABASE TRUTH ASKED the exposures are those of all tracks that were asked for
"""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time

DEFAULTS = {"delay": "-1", "pricing": "-99", "banner": '"unset"'}
DELAYS = {"short": "500", "long": "2000"}
SECRET = os.environ["SHOP_SECRET"].encode()

# What an answer without a value is: an error of the client, or its default with the reason of the answer. In both
# cases the application gets the default.
MISSING = {"web": "", "node": "GENERAL", "python": "", "rust": "PARSE_ERROR"}
# This client gives the same reason for all answers.
WITHOUT_REASONS = {"rust"}


def fail(message):
    sys.exit(f"clients: {message}")


def lines(path):
    with open(path) as file:
        return [line.rstrip("\n").split("\t") for line in file]


def truth(path):
    return {(key, flag): track for key, flag, track in lines(path)}


def print_truth():
    for one in json.load(sys.stdin)["keys"]:
        chosen = [group["choice"].partition("/") for group in one["groups"]]
        tracks = {name: track for name, _, track in chosen}
        for flag in DEFAULTS:
            print(one["key"], flag, tracks.get(flag, ""), sep="\t")


def asked(path):
    return {(key, flag) for key, *flags in lines(path) for flag in flags}


def print_asked(path):
    tracks = truth(path)
    for number, key in enumerate(dict.fromkeys(key for key, _ in tracks)):
        chosen, other = ("delay", "pricing") if tracks[key, "delay"] else ("pricing", "delay")
        print(key, chosen, "banner" if number % 2 else other, sep="\t")


def value_of(flag, track):
    """Returns what an application gets, and whether the answer has a value."""
    if track == "" or (flag == "delay" and track == "control"):
        return DEFAULTS[flag], False
    if flag == "delay":
        return DELAYS[track], True
    if flag == "pricing":
        return track.removeprefix("price_adjusted_by_"), True
    return json.dumps(track), True


def files(arguments):
    return [argument.split("=", 1) for argument in arguments]


def expect(client, line, flag, track, reason):
    key, _, value, variant, said, error = line[:6]
    expected, has_value = value_of(flag, track)
    wrong = f"{client}, key {key}, flag {flag}: {line[2:6]}, but the track is {track!r} with the value {expected}"
    if value != expected:
        fail(wrong)
    if error != ("" if has_value else MISSING[client]):
        fail(f"{wrong}, and the error is not {MISSING[client]!r}")
    if error == "" and variant != track:
        fail(wrong)
    if error == "" and client not in WITHOUT_REASONS and said != reason:
        fail(f"{wrong} for the reason {reason}")


def check_answers(path, asked_path, clients):
    tracks = truth(path)
    pairs = sorted(asked(asked_path))
    for client, file in files(clients):
        answers = lines(file)
        if sorted((line[0], line[1]) for line in answers) != pairs:
            fail(f"{client} has not answered once what was asked")
        for line in answers:
            expect(client, line, line[1], tracks[line[0], line[1]], "SPLIT")
        print(f"{client}: {len(answers)} answers are those of the crate")


def check_paused(flag, clients):
    for client, file in files(clients):
        answers = [line for line in lines(file) if line[1] == flag]
        if not answers:
            fail(f"{client} has no answers")
        for line in answers:
            expect(client, line, flag, "", "DISABLED")
        print(f"{client}: {len(answers)} defaults of a paused set")


def check_same(clients):
    for client, file in files(clients):
        before = {(line[0], line[1]): line for line in lines(f"{file}.before")}
        answers = lines(file)
        for line in answers:
            if before[line[0], line[1]] != line:
                fail(f"{client}: {before[line[0], line[1]]} is now {line}")
        print(f"{client}: {len(answers)} answers as before")


def unit(key):
    return hmac.new(SECRET, b"visitor\0" + key.encode(), hashlib.sha256).digest()[:16]


def recorded(database):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT exposure.unit, phase.set_name, track.name FROM exposure"
        " JOIN track ON track.id = exposure.track_id JOIN phase ON phase.id = exposure.phase_id"
    ).fetchall()
    lost = connection.execute("SELECT coalesce(sum(n), 0) FROM loss").fetchone()[0]
    connection.close()
    if lost:
        fail(f"{lost} events were lost")
    return set(rows)


def check_recorded(database, path, asked_path):
    tracks = truth(path)
    pairs = asked(asked_path)
    expected = {(unit(key), flag, tracks[key, flag]): key for key, flag in pairs if tracks[key, flag]}
    # The recorder writes within a second or two.
    end = time.monotonic() + 20
    while (found := recorded(database)) != set(expected) and time.monotonic() < end:
        time.sleep(0.2)
    for row in expected:
        if row not in found:
            fail(f"the exposure of {expected[row]} to {row[1]}/{row[2]} was not recorded")
    for row in found - set(expected):
        fail(f"an exposure of the unit {row[0].hex()} to {row[1]}/{row[2]} was recorded, but nobody read it")
    print(f"{len(found)} exposures, as many as were read")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    match command:
        case "truth":
            print_truth()
        case "asked":
            print_asked(*arguments)
        case "answers":
            check_answers(arguments[0], arguments[1], arguments[2:])
        case "paused":
            check_paused(arguments[0], arguments[1:])
        case "same":
            check_same(arguments)
        case "recorded":
            check_recorded(*arguments)
        case _:
            fail(f"no command {command}")
