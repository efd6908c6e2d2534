//! One fault and the requests it meets.

use serde::{Deserialize, Serialize};

use super::kind::Fault;
use super::notation::Notation;

/// What the paths of the Microsoft Entra authority contain, and those of the registry do not.
const AUTHORITY_PATH: &str = "/oauth2/v2.0/";

/// One fault and the requests it meets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Notation")]
pub struct FaultRule {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// The method it meets; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Text that the path must contain; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How likely it is for a request that fits, from 0 to 1.
    pub probability: f64,
    /// How many requests it meets before it is spent; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

impl FaultRule {
    /// A fault that meets every request.
    #[must_use]
    pub fn always(fault: Fault) -> Self {
        Self { fault, method: None, path: None, probability: 1.0, times: None }
    }

    pub(super) fn fits(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|wanted| path.contains(wanted))
            && (!matches!(self.fault, Fault::Entra { .. }) || path.contains(AUTHORITY_PATH))
    }
}

impl TryFrom<Notation> for FaultRule {
    type Error = String;

    fn try_from(mut notation: Notation) -> Result<Self, String> {
        let fault = notation.take_fault()?;
        notation.check_unused()?;
        let probability = notation.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err(format!("probability must be from 0 to 1, not {probability}"));
        }
        Ok(Self { fault, method: notation.method, path: notation.path, probability, times: notation.times })
    }
}
