/// Who asks for tracks.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::{Caller, Ofrep}};
///
/// /// A program that a layer around the router has verified, or failed to verify.
/// #[derive(Clone)]
/// struct Program {
///     is_verified: bool,
/// }
///
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let ofrep = Ofrep::new(&TracksLayer::new(pricing)).caller(|parts| {
///     match parts.extensions.get::<Program>() {
///         None => Caller::Browser,
///         Some(program) if program.is_verified => Caller::Service,
///         Some(_) => Caller::Nobody,
///     }
/// });
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The browser or app of a visitor. The key is in the request, where the layer looks for it, such as in a cookie.
    Browser,
    /// A program of yours, which names the key of the visitor, and is believed.
    Service,
    /// Nobody who may ask. The answer has the status 401.
    ///
    /// Return it for a wrong password: as a browser, a service would get the track of a new visitor each time.
    Nobody,
}
