//! A plan for others: as an `acr purge` command, as a script of `az acr`, as CSV and as JSON for an approval.

mod az;
mod csv;
mod json;
mod purge_command;
mod quote;

pub use az::az_script;
pub use csv::csv;
pub use json::json;
pub use purge_command::{PurgeCommand, purge_command, purge_line};
