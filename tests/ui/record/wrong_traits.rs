use tower_tracks::{
    SimpleTrackSet, TracksLayer, Units,
    record::Recorder,
    store::Memory,
};

struct Log;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    let _ = TracksLayer::new(delay).observe(Log);
    let units = Units::pseudonym("sixteen random bytes, or more")?;
    let _ = Recorder::builder(units.clone()).sink(Memory::default());
    let _ = Recorder::builder(units).store(Log);
    Ok(())
}
