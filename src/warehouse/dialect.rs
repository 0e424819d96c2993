//! How engines differ: the types, and a few functions.

use std::{fmt, str::FromStr};

use super::error::WarehouseError;

/// The dialect of SQL that an engine understands.
///
/// Its `FromStr` and `Display` forms are those of the command `tracks sql`.
///
/// ```
/// use tower_tracks::warehouse::Dialect;
///
/// let dialect: Dialect = "spark".parse()?;
/// assert_eq!(dialect, Dialect::Spark);
/// assert!(dialect.is_tested() && !Dialect::Snowflake.is_tested());
/// # Ok::<(), tower_tracks::warehouse::WarehouseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// PostgreSQL, DuckDB and DataFusion.
    Standard,
    /// Apache Spark.
    Spark,
    /// ClickHouse.
    ClickHouse,
    /// Google BigQuery. It is not tested.
    BigQuery,
    /// Snowflake. It is not tested.
    Snowflake,
}

impl Dialect {
    /// All dialects.
    pub const ALL: [Self; 5] = [
        Self::Standard,
        Self::Spark,
        Self::ClickHouse,
        Self::BigQuery,
        Self::Snowflake,
    ];

    /// Returns the name, such as `spark`.
    ///
    /// ```
    /// assert_eq!(tower_tracks::warehouse::Dialect::ClickHouse.name(), "clickhouse");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Spark => "spark",
            Self::ClickHouse => "clickhouse",
            Self::BigQuery => "bigquery",
            Self::Snowflake => "snowflake",
        }
    }

    /// Returns whether the tests of this crate compare an engine of this dialect with the stores. The
    /// engines of the other dialects run only as services.
    ///
    /// ```
    /// assert!(tower_tracks::warehouse::Dialect::Standard.is_tested());
    /// ```
    pub fn is_tested(self) -> bool {
        matches!(self, Self::Standard | Self::Spark | Self::ClickHouse)
    }

    /// Quotes the name of a column that is a word of the language.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Self::Spark | Self::BigQuery => format!("`{name}`"),
            Self::Standard | Self::ClickHouse | Self::Snowflake => format!("\"{name}\""),
        }
    }

    /// Returns a whole number of 38 digits.
    pub(super) fn decimal(self, value: &str) -> String {
        match self {
            // Its widest type: that of 38 digits has only 29 of them before the point.
            Self::BigQuery => format!("CAST({value} AS BIGNUMERIC)"),
            _ => format!("CAST({value} AS DECIMAL(38, 0))"),
        }
    }

    /// Returns a whole number of 64 bits.
    pub(super) fn int(self, value: &str) -> String {
        format!("CAST({value} AS BIGINT)")
    }

    /// Returns a text.
    pub(super) fn text(self, value: &str) -> String {
        match self {
            Self::BigQuery | Self::Spark => format!("CAST({value} AS STRING)"),
            _ => format!("CAST({value} AS VARCHAR)"),
        }
    }

    /// Returns the greatest whole number that is not above a quotient.
    pub(super) fn floored(self, value: &str, by: i64) -> String {
        // Engines divide whole numbers in three ways. A number that is a multiple has the same quotient in
        // all of them, and remainders have the sign of the number everywhere.
        let remainder = match self {
            Self::BigQuery => format!("MOD(MOD({value}, {by}) + {by}, {by})"),
            _ => format!("((({value}) % {by} + {by}) % {by})"),
        };
        self.int(&format!("(({value}) - {remainder}) / {by}"))
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dialect {
    type Err = WarehouseError;

    fn from_str(name: &str) -> Result<Self, WarehouseError> {
        let mut all = Self::ALL.into_iter();
        all.find(|dialect| dialect.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            WarehouseError::new(format!(
                "there is no dialect {name:?}; these are known: {known}"
            ))
        })
    }
}
