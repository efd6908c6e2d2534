//! The faults of an emulator: limits and rules.

use serde::{Deserialize, Serialize};

use super::rule::FaultRule;
use super::throttle::Throttle;

/// The faults of an emulator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultPlan {
    /// Seed of the random numbers for faults with a probability.
    pub seed: u64,
    /// The limits on calls per minute.
    pub throttle: Throttle,
    /// The faults; the first that fits a request is its fault, and latencies add to it.
    pub rules: Vec<FaultRule>,
}
