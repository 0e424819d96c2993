use tower_tracks::ParamTrackSet;

fn main() {
    let name = |delay: &u64| delay.to_string();
    let delay = || ParamTrackSet::new("delay", [500, 2000], name);
    let _ = delay().run_async(|total: &mut u64, ms: u64| *total += ms);
}
