-- From version 1 to 2: each exposure has its definition and segment, and plans are a log.
-- Rows of before have neither; a definition without `json` is one that only exposures name.
CREATE TABLE definition_2 (
    id INTEGER PRIMARY KEY,
    phase_id INTEGER NOT NULL REFERENCES phase,
    fingerprint BLOB NOT NULL,
    json TEXT,
    first_at INTEGER,
    UNIQUE (phase_id, fingerprint),
    CHECK ((json IS NULL) = (first_at IS NULL))
) STRICT;

INSERT INTO definition_2 (phase_id, fingerprint, json, first_at)
    SELECT phase_id, fingerprint, json, first_at FROM definition
    ORDER BY phase_id, first_at, fingerprint;

DROP TABLE definition;

ALTER TABLE definition_2 RENAME TO definition;

CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

ALTER TABLE exposure ADD COLUMN definition_id INTEGER;

ALTER TABLE exposure ADD COLUMN segment_id INTEGER;

CREATE TABLE plan (
    phase_id INTEGER NOT NULL REFERENCES phase,
    first_at INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (phase_id, first_at, json)
) STRICT, WITHOUT ROWID;

INSERT INTO plan (phase_id, first_at, json)
    SELECT phase_id, as_of, json FROM readout WHERE kind = 'plan';

DELETE FROM readout WHERE kind = 'plan';
