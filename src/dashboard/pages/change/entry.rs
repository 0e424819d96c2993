//! An act that a user asks for, with the set as it is now.

use std::sync::Arc;

use axum::response::Response;

use crate::{
    control::{Act, Controls, Snapshot},
    dashboard::{
        pages::{Frame, Place, encoded, not_found},
        responses::forbidden,
        visit::{Level, Visit},
    },
};

use super::{
    asked::{Asked, Wrong},
    kind::Kind,
};

/// An act that a user asks for.
pub(super) struct Entry<'a> {
    pub(super) visit: &'a Visit,
    pub(super) asked: Asked,
    pub(super) kind: Kind,
    pub(super) controls: &'a Controls,
    pub(super) snapshot: Snapshot,
    /// The name of the user, who becomes the author.
    pub(super) author: Arc<str>,
}

impl<'a> Entry<'a> {
    /// Returns the entry, or a page that says what does not exist.
    pub(super) fn new(visit: &'a Visit, asked: Asked) -> Result<Self, Box<Response>> {
        let absent = |what: &str| {
            let frame = Frame::new(Place::Elsewhere, visit);
            Box::new(not_found(frame, what))
        };
        // The route already requires the level; a change needs the name.
        let refused = || Box::new(forbidden(Level::Act.refusal()));
        let author = visit.who.name.clone().ok_or_else(refused)?;
        let controls = visit.board.controls.as_ref();
        let controls = controls.ok_or_else(|| absent("The dashboard was given no controls."))?;
        let kind = Kind::named(&asked.act);
        let kind = kind.ok_or_else(|| absent(&format!("There is no act “{}”.", asked.act)))?;
        let control = controls.set(&asked.set);
        let unknown = |_| {
            absent(&format!(
                "No layer with controls has a set “{}”.",
                asked.set
            ))
        };
        let snapshot = control.map_err(unknown)?.snapshot();
        Ok(Self {
            visit,
            asked,
            kind,
            controls,
            snapshot,
            author,
        })
    }

    /// Returns the act; `None` if its values have not been entered yet.
    pub(super) fn act(&self) -> Result<Option<Act>, Wrong> {
        self.asked.act(self.kind, self.snapshot.set.share())
    }

    pub(super) fn frame(&self) -> Frame {
        Frame::new(Place::Elsewhere, self.visit)
    }

    /// Returns the title of its pages and the words of its button.
    pub(super) fn title(&self) -> String {
        let (set, number) = (self.snapshot.set.name(), &self.asked.change);
        match self.kind {
            Kind::Pause | Kind::Resume => format!("{} {set}", self.kind.label()),
            Kind::Approve => format!("Approve change {number} of {set}"),
            _ => format!("{} of {set}", self.kind.label()),
        }
    }

    /// Returns the address of the set's page, at what is in force.
    pub(super) fn back(&self) -> String {
        let set = &self.snapshot.set;
        format!(
            "set?name={}&phase={}#in-force",
            encoded(set.name()),
            set.phase()
        )
    }
}
