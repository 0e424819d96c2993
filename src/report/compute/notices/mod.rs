//! Notices: remarks about validity, recording, changes and the plan. One file for each subject.

mod all;
mod changes;
mod decision;
mod definitions;
mod goal;
mod notice;
mod plan;
mod recording;
mod warning;
