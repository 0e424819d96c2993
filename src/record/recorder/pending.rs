use std::{error, fmt, pin::Pin, sync::Arc};

use super::tally::{Tallies, Tally};

/// What the thread of a sink answers to a flush.
pub(super) type Flushed = Result<Tally, String>;

/// A flush under way: await it, or [`wait`](Self::wait).
#[must_use = "it is done once it was awaited, or waited for"]
pub struct Flush(pub(super) Vec<(Arc<str>, oneshot::Receiver<Flushed>)>);

/// A shutdown under way: await it, or [`wait`](Self::wait).
#[must_use = "it is done once it was awaited, or waited for"]
pub struct Closing {
    pub(super) answer: oneshot::Receiver<Tallies>,
    /// The tallies when it began.
    pub(super) last: Tallies,
}

/// Why a flush did not write everything.
///
/// What was not written still waits and is tried again, unless the recorder was shut down.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlushError {
    /// The sink.
    pub sink: Arc<str>,
    /// What went wrong.
    pub reason: String,
}

impl Flush {
    /// Waits until all events from before the flush are written.
    ///
    /// It blocks. In async code, await the flush instead.
    ///
    /// # Errors
    ///
    /// When a sink failed.
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
    /// Waits until everything is written that can be, or the time is over.
    ///
    /// It blocks, and so is not for async code, which awaits.
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
