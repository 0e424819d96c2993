use std::{env, error, fmt};

use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, StatusCode, header, request::Parts};
use sha2::Sha256;

use super::{Access, base64, responses};

/// The challenge by which a browser prompts. By its character set, the browser sends UTF-8.
const CHALLENGE: HeaderValue =
    HeaderValue::from_static("Basic realm=\"results\", charset=\"UTF-8\"");

/// Access by one name and one password, with HTTP basic authentication (RFC 7617).
///
/// Use it for a start, until the application's own sign-in decides:
///
/// ```
/// use std::sync::Arc;
/// use tower_tracks::{dashboard::{BasicAuth, Dashboard}, store::Memory};
///
/// let owner = BasicAuth::new("owner", "a long password of random words")?;
/// let dashboard = Dashboard::new(Arc::new(Memory::default()), move |parts| owner.access(parts));
/// # Ok::<(), tower_tracks::dashboard::BasicAuthError>(())
/// ```
///
/// # Warning
///
/// Every request contains the password, so use it only over HTTPS. The number of attempts is not
/// limited, and users cannot sign out until they close the browser.
#[derive(Clone)]
pub struct BasicAuth {
    name: String,
    /// Keyed by the credentials, so that a comparison always takes the same time.
    keyed: Hmac<Sha256>,
    tag: Vec<u8>,
}

impl BasicAuth {
    /// Returns the access check for this name and password. Both are compared in constant time.
    ///
    /// # Errors
    ///
    /// If the name or the password is empty or has a control character, or the name has a colon.
    ///
    /// ```
    /// use tower_tracks::dashboard::{BasicAuth, BasicAuthError};
    ///
    /// let owner = BasicAuth::new("owner", "a long password of random words")?;
    /// assert_eq!(BasicAuth::new("a:b", "secret").unwrap_err(), BasicAuthError::Name);
    /// # Ok::<(), BasicAuthError>(())
    /// ```
    pub fn new(name: impl Into<String>, password: impl AsRef<str>) -> Result<Self, BasicAuthError> {
        let (name, password) = (name.into(), password.as_ref());
        check(&name, password)?;
        // Encoded once here and compared as they are sent, so that no input of a stranger has to be
        // decoded.
        let credentials = base64::encode(format!("{name}:{password}").as_bytes());
        // A key of any length is one.
        let keyed: Hmac<Sha256> = KeyInit::new_from_slice(credentials.as_bytes())
            .map_err(|_| BasicAuthError::Password)?;
        let tag = keyed.clone().chain_update(&credentials).finalize();
        let tag = tag.into_bytes().to_vec();
        Ok(Self { name, keyed, tag })
    }

    /// Returns the access check for this name and the password of an environment variable.
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new), and if the variable is not set.
    ///
    /// An empty variable counts as not set.
    ///
    /// ```
    /// use tower_tracks::dashboard::{BasicAuth, BasicAuthError};
    ///
    /// let error = BasicAuth::from_env("owner", "A_VARIABLE_THAT_IS_NOT_SET").unwrap_err();
    /// assert_eq!(error, BasicAuthError::Variable("A_VARIABLE_THAT_IS_NOT_SET".into()));
    /// ```
    pub fn from_env(name: impl Into<String>, variable: &str) -> Result<Self, BasicAuthError> {
        match env::var(variable) {
            Ok(password) if !password.is_empty() => Self::new(name, password),
            _ => Err(BasicAuthError::Variable(variable.to_owned())),
        }
    }

    /// Returns the access of a request: [`Access::Act`] with the right name and password, otherwise the
    /// response `401 Unauthorized`, by which the browser prompts for them.
    ///
    /// ```
    /// use http::Request;
    /// use tower_tracks::dashboard::{Access, BasicAuth};
    ///
    /// let owner = BasicAuth::new("owner", "coconut")?;
    /// let credentials = "Basic b3duZXI6Y29jb251dA==";
    /// let request = Request::get("/tracks/sets").header("authorization", credentials);
    /// let (parts, ()) = request.body(())?.into_parts();
    /// assert!(matches!(owner.access(&parts), Access::Act(name) if name == "owner"));
    ///
    /// let (parts, ()) = Request::get("/tracks/sets").body(())?.into_parts();
    /// assert!(matches!(owner.access(&parts), Access::Refused(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn access(&self, parts: &Parts) -> Access {
        let sent = parts.headers.get(header::AUTHORIZATION);
        match sent.and_then(credentials).is_some_and(|sent| self.is(sent)) {
            true => Access::Act(self.name.clone()),
            false => Access::Refused(challenge()),
        }
    }

    /// Returns whether these are the credentials. The tags are compared, in constant time, so that
    /// neither the length nor a prefix of the password is revealed.
    fn is(&self, sent: &[u8]) -> bool {
        let sent = self.keyed.clone().chain_update(sent);
        sent.verify_slice(&self.tag).is_ok()
    }
}

/// Checks a name and a password. RFC 7617 allows no colon in a name, and no control characters.
fn check(name: &str, password: &str) -> Result<(), BasicAuthError> {
    let is_writable = |text: &str| !text.is_empty() && !text.contains(char::is_control);
    match () {
        () if !is_writable(name) || name.contains(':') => Err(BasicAuthError::Name),
        () if !is_writable(password) => Err(BasicAuthError::Password),
        () => Ok(()),
    }
}

/// Returns what follows the scheme, whose case does not matter.
fn credentials(sent: &HeaderValue) -> Option<&[u8]> {
    // The six bytes are those of the scheme with one space. More spaces may follow (RFC 9110,
    // section 11.4), and are trimmed.
    let (scheme, credentials) = sent.as_bytes().split_at_checked(6)?;
    scheme
        .eq_ignore_ascii_case(b"basic ")
        .then(|| credentials.trim_ascii())
}

/// Returns the response by which the browser prompts for name and password.
fn challenge() -> Response {
    let page = responses::plain("You may not see this page without its name and password.");
    let asks = [(header::WWW_AUTHENTICATE, CHALLENGE)];
    (StatusCode::UNAUTHORIZED, asks, page).into_response()
}

impl fmt::Debug for BasicAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BasicAuth({:?}, <password>)", self.name)
    }
}

/// The error of an invalid name or password. The message contains neither.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BasicAuthError {
    /// The name is empty, or has a colon or a control character.
    Name,
    /// The password is empty, or has a control character.
    Password,
    /// The environment variable of this name has no password.
    Variable(String),
}

impl fmt::Display for BasicAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => {
                f.write_str("the name is empty, or has a colon or a control character; use another")
            }
            Self::Password => {
                f.write_str("the password is empty, or has a control character; use another")
            }
            Self::Variable(variable) => {
                write!(
                    f,
                    "{variable} is not set; set it to the password of the results"
                )
            }
        }
    }
}

debug_as_message!(BasicAuthError);

impl error::Error for BasicAuthError {}
