-- From nothing to version 1. A statement ends with an empty line.
--
-- Each table has the engine of its line `engine`: `merging` keeps the smallest or largest values of
-- the columns with a function, `first` the row that came first, and `last` the row that came last. On a cluster,
-- `by` says which shard has a row.

-- table meta by cityHash64(key)
-- engine first
key String,
value String,
seen UInt64 DEFAULT @now
-- order key

-- table writer by id
-- engine first
id Int64,
uuid FixedString(16),
node String,
started_at Int64,
seen UInt64 DEFAULT @now
-- order id

-- table phase by id
-- engine first
id Int64,
set_name String,
phase Int64,
unit_kind String,
seen UInt64 DEFAULT @now
-- order id

-- table track by id
-- engine first
id Int64,
phase_id Int64,
name String,
control UInt8,
seen UInt64 DEFAULT @now
-- order id

-- table goal by id
-- engine first
id Int64,
name String,
seen UInt64 DEFAULT @now
-- order id

-- table segment by id
-- engine first
id Int64,
name String,
seen UInt64 DEFAULT @now
-- order id

-- The definition of which no more than its fingerprint is known has is_named 1.
-- table definition by id
-- engine merging
id Int64,
phase_id Int64,
fingerprint FixedString(32),
known SimpleAggregateFunction(min, Tuple(is_named UInt8, first_at Int64, json String))
-- order phase_id, fingerprint, id

-- table plan by phase_id
-- engine last
phase_id Int64,
first_at Int64,
json String,
hash UInt64 DEFAULT cityHash64(json),
seen UInt64 DEFAULT @now
-- order phase_id, first_at, hash

-- `print` is the beginning of the fingerprint of the definition, in the order of fingerprints, or the largest
-- number for none; `segment` is one byte for none, which no text begins with.
-- table exposure by cityHash64(unit)
-- engine merging
phase_id Int64,
unit FixedString(16),
track_id Int64,
first SimpleAggregateFunction(min, Tuple(at Int64, coin UInt8, print UInt64, segment String, writer_id Int64))
-- partition bitAnd(phase_id, 7)
-- order phase_id, unit, track_id

-- table conversion by cityHash64(unit)
-- engine merging
goal_id Int64,
unit FixedString(16),
idem FixedString(16),
first SimpleAggregateFunction(min, Tuple(at Int64, value Int64, writer_id Int64))
-- partition bitAnd(goal_id, 7)
-- order goal_id, unit, idem

-- table alias by cityHash64(user)
-- engine merging
user FixedString(16),
visitor FixedString(16),
first_at SimpleAggregateFunction(min, Int64)
-- order user, visitor

-- table request_sum by track_id
-- engine merging
track_id Int64,
bucket UInt16,
writer_id Int64,
requests SimpleAggregateFunction(max, UInt64),
errors SimpleAggregateFunction(max, UInt64),
aborted SimpleAggregateFunction(max, UInt64),
duration_us SimpleAggregateFunction(max, UInt64),
duration_us_sq SimpleAggregateFunction(max, UInt128)
-- order track_id, bucket, writer_id

-- table latency by track_id
-- engine merging
track_id Int64,
unit_group UInt8,
bin UInt8,
writer_id Int64,
requests SimpleAggregateFunction(max, UInt64)
-- order track_id, unit_group, bin, writer_id

-- table loss by writer_id
-- engine merging
writer_id Int64,
track_id Int64,
goal_id Int64,
sink String,
reason String,
n SimpleAggregateFunction(max, UInt64)
-- order writer_id, track_id, goal_id, sink, reason

-- table readout by phase_id
-- engine last
phase_id Int64,
kind String,
as_of Int64,
json String,
seen UInt64 DEFAULT @now
-- order phase_id, kind

-- table aside by at
-- engine last
at Int64,
reason String,
payload String,
hash UInt64 DEFAULT cityHash64(reason, payload),
seen UInt64 DEFAULT @now
-- order at, hash

-- table erased by cityHash64(unit)
-- engine merging
unit FixedString(16),
at SimpleAggregateFunction(max, Int64),
seen SimpleAggregateFunction(max, UInt64) DEFAULT @now
-- order unit

-- table raw_unit by cityHash64(unit)
-- engine last
unit FixedString(16),
kind String,
key String,
seen UInt64 DEFAULT @now
-- order unit
