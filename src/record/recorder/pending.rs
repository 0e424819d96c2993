//! Flushes and shutdowns, which a caller awaits or waits for.

use std::{error, fmt, pin::Pin, sync::Arc};

use super::tally::{Tallies, Tally};

/// The answer of a sink's thread to a flush: its tally, or the error of the sink as text.
pub(super) type Flushed = Result<Tally, String>;

/// A flush that was requested: await it, or call [`wait`](Self::wait).
///
/// [`Recorder::flush`](crate::record::Recorder::flush) returns it. Awaiting it needs no particular
/// runtime.
///
/// ```
/// use tower_tracks::{Key, Units, record::Recorder, store::Memory};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// recorder.reached(&Key::from("alice"), "signup").every_time()?;
/// let tallies = recorder.flush().await?;
/// assert_eq!(tallies.get("store").unwrap().waiting(), 0);
/// # Ok(())
/// # }
/// ```
#[must_use = "it is done once it was awaited, or waited for"]
pub struct Flush(pub(super) Vec<(Arc<str>, oneshot::Receiver<Flushed>)>);

/// A shutdown that was requested: await it, or call [`wait`](Self::wait).
///
/// [`Recorder::shutdown`](crate::record::Recorder::shutdown) returns it. The recorder ends even if
/// it is dropped, but then the end cannot be awaited.
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Units, record::Recorder, store::Memory};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// let closing = recorder.shutdown(Duration::from_secs(5));
/// // … other parts of the program end meanwhile …
/// println!("{}", closing.wait());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "it is done once it was awaited, or waited for"]
pub struct Closing {
    pub(super) answer: oneshot::Receiver<Tallies>,
    /// The tallies when the shutdown was requested, for the case that no thread could be started to
    /// wait.
    pub(super) last: Tallies,
}

/// The error of a flush that did not write everything.
///
/// Events that were not written stay queued and are tried again, unless the recorder was shut down. So it is
/// enough to repeat the flush later.
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Units, record::Recorder, store::Memory};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// recorder.shutdown(Duration::from_secs(5)).wait();
/// let error = recorder.flush().wait().unwrap_err();
/// assert_eq!(error.to_string(), "store: the recorder was shut down");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlushError {
    /// The name of the sink that failed. If several failed, it is the first one.
    pub sink: Arc<str>,
    /// The error of the sink, as text.
    pub reason: String,
}

impl Flush {
    /// Waits until all events that were reported before the flush are written.
    ///
    /// It blocks. In async code, await the flush instead.
    ///
    /// # Errors
    ///
    /// If a sink failed.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// let tallies = recorder.flush().wait()?;
    /// assert_eq!(tallies.iter().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait(self) -> Result<Tallies, FlushError> {
        let answers = self.0.into_iter();
        collect(answers.map(|(sink, answer)| (sink, answer.recv().ok())))
    }
}

impl IntoFuture for Flush {
    type Output = Result<Tallies, FlushError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut answers = Vec::new();
            for (sink, answer) in self.0 {
                answers.push((sink, answer.await.ok()));
            }
            collect(answers)
        })
    }
}

impl Closing {
    /// Waits until all events are written, or the timeout is over. It returns the final tallies, in which
    /// events that were not written count as dropped.
    ///
    /// It blocks. In async code, await the shutdown instead.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// let tallies = recorder.shutdown(Duration::from_secs(5)).wait();
    /// assert!(tallies.iter().all(|(_, tally)| tally.waiting() == 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait(self) -> Tallies {
        self.answer.recv().unwrap_or(self.last)
    }
}

impl IntoFuture for Closing {
    type Output = Tallies;
    type IntoFuture = Pin<Box<dyn Future<Output = Tallies> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.answer.await.unwrap_or(self.last) })
    }
}

/// Joins the answers of the sinks; the first error is returned. A thread that ended answers
/// nothing.
fn collect(
    answers: impl IntoIterator<Item = (Arc<str>, Option<Flushed>)>,
) -> Result<Tallies, FlushError> {
    let mut tallies = Tallies::default();
    for (sink, answer) in answers {
        let closed = || Err("the recorder was shut down".to_owned());
        match answer.unwrap_or_else(closed) {
            Ok(tally) => tallies.0.insert(sink, tally),
            Err(reason) => return Err(FlushError { sink, reason }),
        };
    }
    Ok(tallies)
}

impl fmt::Debug for Flush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sinks = self.0.iter().map(|(sink, _)| sink);
        f.debug_list().entries(sinks).finish()
    }
}

impl fmt::Debug for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closing").finish_non_exhaustive()
    }
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.sink, self.reason)
    }
}

debug_as_message!(FlushError);

impl error::Error for FlushError {}
