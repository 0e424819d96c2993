//! The rejections of the extractors. All of them are errors of the program, so the status is 500.

use std::{error, fmt};

use axum_core::response::{IntoResponse, Response};
use http::StatusCode;

/// Rejection of every extractor here: no [`TracksLayer`](crate::TracksLayer) is around the
/// handler.
///
/// The message is the body of the response. It names the fix, and has no data of the request.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::{Request, StatusCode};
/// use tower::ServiceExt;
/// use tower_tracks::Assignment;
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let app = Router::new().route("/", get(async |delay: Assignment| delay.to_string()));
/// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
/// assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct MissingTracksLayer;

impl fmt::Display for MissingTracksLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the request was not assigned: put a `TracksLayer` around the route, \
             `.layer(TracksLayer::new(sets))`",
        )
    }
}

/// Rejection of [`Assigned`](crate::Assigned): no layer around the handler holds the set.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct MissingSet {
    set: &'static str,
}

impl MissingSet {
    pub(super) fn new(set: &'static str) -> Self {
        Self { set }
    }

    /// Returns the name of the set.
    ///
    /// ```
    /// use tower_tracks::extract::AssignedRejection;
    ///
    /// fn name(rejection: AssignedRejection) -> Option<&'static str> {
    ///     match rejection {
    ///         AssignedRejection::MissingSet(missing) => Some(missing.set()),
    ///         _ => None,
    ///     }
    /// }
    /// ```
    pub fn set(&self) -> &'static str {
        self.set
    }
}

impl fmt::Display for MissingSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no `TracksLayer` around the route holds the set {:?}: add its `track_set()` to the \
             group, or its built set by `.and(…)?`",
            self.set
        )
    }
}

/// Rejection of [`Assigned`](crate::Assigned).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum AssignedRejection {
    /// No layer is around the handler.
    MissingTracksLayer(MissingTracksLayer),
    /// No layer around the handler holds the set.
    MissingSet(MissingSet),
}

impl fmt::Display for AssignedRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingTracksLayer(rejection) => rejection.fmt(f),
            Self::MissingSet(rejection) => rejection.fmt(f),
        }
    }
}

impl From<MissingTracksLayer> for AssignedRejection {
    fn from(rejection: MissingTracksLayer) -> Self {
        Self::MissingTracksLayer(rejection)
    }
}

impl From<MissingSet> for AssignedRejection {
    fn from(rejection: MissingSet) -> Self {
        Self::MissingSet(rejection)
    }
}

/// Writes what every rejection has: they are all mistakes of the program.
// A macro of our own, because those of axum for rejections are private.
macro_rules! server_error {
    ($($rejection:ty),*) => {$(
        impl $rejection {
            /// Returns the status of the response: `500 Internal Server Error`.
            ///
            /// ```
            /// use http::StatusCode;
            /// use tower_tracks::extract::AssignedRejection;
            ///
            /// /// Returns a page of the shop's own for an error of the program.
            /// fn page(rejection: AssignedRejection) -> (StatusCode, &'static str) {
            ///     (rejection.status(), "Something is broken. We know about it.")
            /// }
            /// ```
            pub fn status(&self) -> StatusCode {
                StatusCode::INTERNAL_SERVER_ERROR
            }

            /// Returns the text of the response, which is also its `Display` form.
            ///
            /// ```
            /// use tower_tracks::extract::AssignedRejection;
            ///
            /// fn log(rejection: &AssignedRejection) {
            ///     eprintln!("{}: {}", rejection.status(), rejection.body_text());
            /// }
            /// ```
            pub fn body_text(&self) -> String {
                self.to_string()
            }
        }

        impl IntoResponse for $rejection {
            fn into_response(self) -> Response {
                (self.status(), self.body_text()).into_response()
            }
        }

        impl error::Error for $rejection {}
    )*};
}

debug_as_message!(MissingTracksLayer, MissingSet, AssignedRejection);
server_error!(MissingTracksLayer, MissingSet, AssignedRejection);
