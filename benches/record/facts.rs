use std::sync::Arc;

use tower_tracks::{
    Goal,
    store::{
        Batch, ConversionRow, DefinitionName, DefinitionRow, ExposureRow, PhaseName, Timestamp,
        TrackName, WriterRow,
    },
    unit::Unit,
};

const DAY: i64 = 86_400_000_000;
pub(super) const START: i64 = 20_458 * DAY;
const TRACKS: [&str; 3] = ["control", "short", "long"];

/// Returns the phase of a set of control and two tracks, `short` and `long`.
pub(super) fn phase(set: &str) -> PhaseName {
    PhaseName {
        set: Arc::from(set),
        phase: 1,
        kind: Arc::from("visitor"),
    }
}

pub(super) fn goal() -> Goal {
    Goal::new("purchase").unwrap()
}

pub(super) fn unit(number: u64) -> Unit {
    Unit::from_bytes(spread(number))
}

/// Bytes that come in no order, as those of pseudonyms do.
fn spread(number: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (half, add) in bytes.chunks_exact_mut(8).zip([1, 2]) {
        half.copy_from_slice(&mixed(number.wrapping_mul(2).wrapping_add(add)).to_be_bytes());
    }
    bytes
}

/// The finalizer of SplitMix64.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Returns the exposures of these units to a set, over two weeks, and a conversion each, an hour
/// later.
pub(super) fn batch(set: &str, units: std::ops::Range<u32>) -> Batch {
    let mut batch = Batch::default();
    let start = Timestamp::from_micros(START);
    let writer = batch.writer(&WriterRow::new([7; 16], start).node("bench"));
    let tracks = TRACKS.map(|name| {
        batch.track(&TrackName {
            phase: phase(set),
            track: Arc::from(name),
            control: name == "control",
        })
    });
    let definition = define(&mut batch, set);
    let goal = batch.goal(&goal());
    for number in units {
        let random = mixed(number.into());
        let unit = unit(number.into());
        let at = START + (random % (14 * DAY as u64)) as i64;
        let track = tracks[random as usize % tracks.len()];
        let exposure = ExposureRow::new(track, unit, Timestamp::from_micros(at), writer)
            .coin(random >> 63 == 1)
            .definition(definition);
        batch.exposures.push(exposure);
        let idem = spread(!u64::from(number));
        let later = Timestamp::from_micros(at + DAY / 24);
        let conversion = ConversionRow::new(goal, unit, idem, later, writer)
            .value((random % 100_000_000) as i64);
        batch.conversions.push(conversion);
    }
    batch
}

/// Adds the definition that all are exposed under.
fn define(batch: &mut Batch, set: &str) -> u32 {
    let fingerprint = [1; 32];
    let (index, first_at) = (batch.phase(&phase(set)), Timestamp::from_micros(START));
    let row = DefinitionRow::new(index, fingerprint, "{}".into(), first_at);
    batch.definitions.push(row);
    batch.definition(&DefinitionName {
        phase: phase(set),
        fingerprint,
    })
}
