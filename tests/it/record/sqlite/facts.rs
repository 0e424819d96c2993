use tower_tracks::{
    store::{Batch, ExposureRow, PhaseName, Timestamp, TrackName, WriterRow},
    unit::Unit,
};

pub(super) fn phase() -> PhaseName {
    PhaseName {
        set: "delay".into(),
        phase: 2,
        kind: "visitor".into(),
    }
}

pub(super) fn unit(number: u32) -> Unit {
    Unit::from_bytes(u128::from(number).to_be_bytes())
}

/// Returns a batch of exposures of these units, a second apart.
pub(super) fn exposures(units: impl IntoIterator<Item = u32>) -> Batch {
    let mut batch = Batch::default();
    let writer = batch.writer(&WriterRow {
        uuid: [7; 16],
        node: "a".into(),
        started_at: Timestamp::default(),
    });
    let track = batch.track(&TrackName {
        phase: phase(),
        track: "long".into(),
        control: false,
    });
    let exposure = |number| ExposureRow {
        track,
        unit: unit(number),
        first_at: Timestamp::from_micros(i64::from(number) * 1_000_000),
        coin: Some(number % 2 == 0),
        definition: None,
        segment: None,
        writer,
    };
    batch.exposures = units.into_iter().map(exposure).collect();
    batch
}
