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
    let writer = batch.writer(&WriterRow::new([7; 16], Timestamp::default()).node("a"));
    let track = batch.track(&TrackName {
        phase: phase(),
        track: "long".into(),
        control: false,
    });
    let exposure = |number| {
        let first_at = Timestamp::from_micros(i64::from(number) * 1_000_000);
        ExposureRow::new(track, unit(number), first_at, writer).coin(number % 2 == 0)
    };
    batch.exposures = units.into_iter().map(exposure).collect();
    batch
}
