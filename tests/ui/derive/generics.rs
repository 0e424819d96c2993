use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
enum Lifetime<'a> {
    #[track(control)]
    Control,
    Cheap(&'a str),
}

#[derive(Clone, TrackSet)]
enum Typed<T>
where
    T: Default,
{
    #[track(control)]
    Control(T),
}

#[derive(Clone, TrackSet)]
enum Constant<const N: usize> {
    #[track(control)]
    Control,
}

fn needs<E: TrackSet>() {}

fn main() {
    needs::<Lifetime<'static>>();
    needs::<Typed<u8>>();
    needs::<Constant<1>>();
}
