//! The errors of one enum, which are reported together.

use std::fmt::Display;

use quote::ToTokens;
use syn::{Error, Result};

#[derive(Default)]
pub(super) struct Errors(Option<Error>);

impl Errors {
    pub(super) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            none => *none = Some(error),
        }
    }

    /// Adds an error that stands at these tokens.
    pub(super) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    pub(super) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
