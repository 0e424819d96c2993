-- From version 2 to 3: how many requests took how long, from which percentiles are read.
CREATE TABLE latency (
    track_id INTEGER NOT NULL REFERENCES track,
    unit_group INTEGER NOT NULL,
    bin INTEGER NOT NULL,
    writer_id INTEGER NOT NULL REFERENCES writer,
    requests BIGINT NOT NULL,
    PRIMARY KEY (track_id, unit_group, bin, writer_id)
);
