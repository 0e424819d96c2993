//! One setting in a helper attribute: `control`, `weight = 3`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Error, Ident, Lit, LitInt, LitStr, Meta, Result, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

/// A setting that is split at its key; what follows is read when the key is known.
pub(super) struct Entry {
    key: Ident,
    value: TokenStream,
}

impl Entry {
    /// Returns the settings of an attribute; `known` is what could be written there.
    pub(super) fn read_all(attr: &Attribute, known: &str) -> Vec<Result<Self>> {
        match &attr.meta {
            Meta::List(list) => split(list.tokens.clone())
                .into_iter()
                .map(|tokens| Self::read(tokens, known))
                .collect(),
            meta => {
                let path = meta.path().to_token_stream();
                let message = format!("write settings in parentheses, `#[{path}(…)]`: {known}");
                vec![Err(Error::new_spanned(meta, message))]
            }
        }
    }

    fn read(tokens: TokenStream, known: &str) -> Result<Self> {
        let parser = |input: ParseStream<'_>| {
            // Any word, so that a keyword is an unknown setting and no syntax error.
            let key = input.call(Ident::parse_any)?;
            let value = input.parse()?;
            Ok(Self { key, value })
        };
        let error = |_| Error::new_spanned(&tokens, format!("not a setting: write {known}"));
        parser.parse2(tokens.clone()).map_err(error)
    }

    pub(super) fn key(&self) -> String {
        self.key.to_string()
    }

    /// Reads a setting that is only a word.
    pub(super) fn flag(self, slot: &mut Option<Ident>) -> Result<()> {
        if !self.value.is_empty() {
            let message = format!("`{0}` takes no value: write `{0}`", self.key);
            return Err(self.error(&message));
        }
        let key = self.key.clone();
        self.fill(slot, key)
    }

    /// Reads a setting whose value is a string.
    pub(super) fn string(self, slot: &mut Option<LitStr>, example: &str) -> Result<()> {
        match self.literal() {
            Some(Lit::Str(value)) if value.suffix().is_empty() => self.fill(slot, value),
            _ => {
                let message = format!("`{0}` is a string: write `{0} = \"{example}\"`", self.key);
                Err(self.error(&message))
            }
        }
    }

    /// Reads a setting whose value is a whole number.
    pub(super) fn number(self, slot: &mut Option<LitInt>, example: u32) -> Result<()> {
        match self.literal() {
            // A suffix, as in `3_u8`, would be ignored when the number is parsed.
            Some(Lit::Int(value)) if value.suffix().is_empty() => self.fill(slot, value),
            _ => {
                let message = format!(
                    "`{0}` is a whole number, as a literal: write `{0} = {example}`",
                    self.key
                );
                Err(self.error(&message))
            }
        }
    }

    pub(super) fn unknown(self, known: &str) -> Error {
        let message = format!("unknown setting `{}`: write {known}", self.key);
        Error::new(self.key.span(), message)
    }

    fn literal(&self) -> Option<Lit> {
        let parser = |input: ParseStream<'_>| {
            input.parse::<Token![=]>()?;
            input.parse()
        };
        parser.parse2(self.value.clone()).ok()
    }

    fn fill<T>(self, slot: &mut Option<T>, value: T) -> Result<()> {
        if slot.is_some() {
            let message = format!("`{}` is given twice: remove one of them", self.key);
            return Err(self.error(&message));
        }
        *slot = Some(value);
        Ok(())
    }

    fn error(&self, message: &str) -> Error {
        let Self { key, value } = self;
        Error::new_spanned(quote!(#key #value), message)
    }
}

/// Splits at the commas, so that an error in one setting does not hide those in the others.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
    tokens
        .split(is_comma)
        .filter(|entry| !entry.is_empty())
        .map(|entry| entry.iter().cloned().collect())
        .collect()
}
