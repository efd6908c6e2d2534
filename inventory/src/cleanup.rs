//! Cleanup: from a rule to a plan that breaks nothing, to commands and files for others, and to a run that can be resumed.

mod age;
mod budget;
mod circle;
mod decide;
mod dependents;
mod draft;
mod error;
mod export;
mod filter;
mod freed;
mod item;
mod open;
mod order;
mod plan;
mod planner;
mod purge;
mod rule;
mod run;
mod tags;

pub use age::Age;
pub use error::RuleError;
pub use export::{PurgeCommand, az_script, csv, json, purge_command, purge_line};
pub use filter::Filter;
pub use item::{Action, Item, Reason, Target};
pub use plan::Plan;
pub use planner::{Planner, Progress, plan};
pub use purge::{Purged, simulate as simulate_purge};
pub use rule::{Rule, RuleText};
pub use run::{Observed, Report, Run, Step, StepState, Verdict};
