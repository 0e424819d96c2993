-- From nothing to version 1. What rows are known by everywhere is unique; the ids are this file's own.
-- Times are microseconds of UTC since 1970. Units are 16 bytes.
CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE writer (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    node TEXT NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;
CREATE TABLE phase (
    id INTEGER PRIMARY KEY,
    set_name TEXT NOT NULL,
    phase INTEGER NOT NULL,
    unit_kind TEXT NOT NULL,
    UNIQUE (set_name, phase)
) STRICT;
CREATE TABLE definition (
    phase_id INTEGER NOT NULL REFERENCES phase,
    fingerprint BLOB NOT NULL,
    json TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (phase_id, fingerprint)
) STRICT;
CREATE TABLE track (
    id INTEGER PRIMARY KEY,
    phase_id INTEGER NOT NULL REFERENCES phase,
    name TEXT NOT NULL,
    control INTEGER NOT NULL CHECK (control IN (0, 1)),
    UNIQUE (phase_id, name)
) STRICT;
CREATE TABLE goal (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
-- Without foreign keys: each would be looked up for every row that comes in.
CREATE TABLE exposure (
    phase_id INTEGER NOT NULL,
    unit BLOB NOT NULL,
    track_id INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    coin INTEGER CHECK (coin IN (0, 1)),
    writer_id INTEGER NOT NULL,
    PRIMARY KEY (phase_id, unit, track_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE conversion (
    goal_id INTEGER NOT NULL,
    unit BLOB NOT NULL,
    idem BLOB NOT NULL,
    at INTEGER NOT NULL,
    value INTEGER NOT NULL,
    writer_id INTEGER NOT NULL,
    PRIMARY KEY (goal_id, unit, idem)
) STRICT, WITHOUT ROWID;
CREATE TABLE alias (
    visitor BLOB NOT NULL,
    user BLOB NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (visitor, user)
) STRICT;
-- In the order in which the visitor of a conversion is looked for, which it answers alone.
CREATE INDEX alias_user ON alias (user, first_at DESC, visitor);
-- The sum of squares is a number of 128 bits, its highest byte first, so that the larger of two is
-- also the larger blob: an hour, squared, is beyond 64 bits.
CREATE TABLE request_sum (
    track_id INTEGER NOT NULL REFERENCES track,
    bucket INTEGER NOT NULL,
    writer_id INTEGER NOT NULL REFERENCES writer,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    aborted INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    duration_us_sq BLOB NOT NULL CHECK (length(duration_us_sq) = 16),
    PRIMARY KEY (track_id, bucket, writer_id)
) STRICT;
CREATE TABLE loss (
    writer_id INTEGER NOT NULL REFERENCES writer,
    track_id INTEGER REFERENCES track,
    goal_id INTEGER REFERENCES goal,
    sink TEXT NOT NULL,
    reason TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX loss_key
    ON loss (writer_id, coalesce(track_id, 0), coalesce(goal_id, 0), sink, reason);
CREATE TABLE readout (
    phase_id INTEGER NOT NULL REFERENCES phase,
    kind TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (phase_id, kind)
) STRICT;
CREATE TABLE aside (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    payload TEXT NOT NULL
) STRICT;
CREATE INDEX aside_at ON aside (at);
CREATE TABLE erased (
    unit BLOB PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE raw_unit (
    unit BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    key BLOB NOT NULL
) STRICT;
-- In the words of warehouse tools, which are at home in this view alone.
CREATE VIEW exposures AS
    SELECT
        lower(hex(exposure.unit)) AS unit,
        -- The remainder of a time before 1970 is negative, hence its sum and remainder again.
        strftime(
            '%Y-%m-%dT%H:%M:%S',
            (first_at - (first_at % 1000000 + 1000000) % 1000000) / 1000000,
            'unixepoch'
        ) || printf('.%06dZ', (first_at % 1000000 + 1000000) % 1000000) AS timestamp,
        CASE phase.phase WHEN 1 THEN phase.set_name ELSE phase.set_name || '@' || phase.phase END
            AS experiment,
        track.name AS variant
    FROM exposure
    JOIN track ON track.id = exposure.track_id
    JOIN phase ON phase.id = exposure.phase_id;
