//! What units are called: by the kind of their key, as a reader knows them.

use crate::figures::plural;

/// The noun of a kind of unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dashboard) struct People {
    pub(in crate::dashboard) singular: &'static str,
    /// The plural with a capital letter, for the head of a column.
    pub(in crate::dashboard) title: &'static str,
}

/// Returns the noun of a kind. A kind is a name that the application chose, so only usual ones have a noun.
pub(in crate::dashboard) fn people(kind: &str) -> People {
    let (singular, title) = match kind {
        "visitor" => ("visitor", "Visitors"),
        "user" => ("user", "Users"),
        "account" => ("account", "Accounts"),
        "customer" => ("customer", "Customers"),
        "session" => ("session", "Sessions"),
        "device" => ("device", "Devices"),
        _ => ("unit", "Units"),
    };
    People { singular, title }
}

/// Returns a number of units in words, such as `12 visitors`.
pub(in crate::dashboard) fn counted(units: u64, kind: &str) -> String {
    plural(units, people(kind).singular)
}
