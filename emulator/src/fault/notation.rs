//! How a rule is written in JSON, and what is refused: numbers that no answer can have, and fields that the fault does
//! not have. Every refusal names the field.

use serde::Deserialize;
use serde_json::Value;

use super::entra::EntraRefusal;
use super::kind::Fault;

/// A rule as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notation {
    fault: String,
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) probability: Option<f64>,
    pub(super) times: Option<u64>,
    milliseconds: Option<Value>,
    status: Option<Value>,
    retry_after: Option<Value>,
    after: Option<Value>,
    bytes_per_second: Option<Value>,
    refusal: Option<Value>,
}

impl Notation {
    /// Refuses a field that the fault does not have.
    pub(super) fn check_unused(&self) -> Result<(), String> {
        let left = [
            ("milliseconds", &self.milliseconds),
            ("status", &self.status),
            ("retry_after", &self.retry_after),
            ("after", &self.after),
            ("bytes_per_second", &self.bytes_per_second),
            ("refusal", &self.refusal),
        ];
        match left.iter().find(|(_, value)| value.is_some()) {
            Some((field, _)) => Err(format!("the fault {} has no {field}", self.fault)),
            None => Ok(()),
        }
    }

    pub(super) fn take_fault(&mut self) -> Result<Fault, String> {
        Ok(match self.fault.as_str() {
            "latency" => Fault::Latency {
                milliseconds: number("milliseconds", self.milliseconds.take(), 0, u64::MAX)?,
            },
            "status" => {
                let status = number("status", self.status.take(), 400, 599)?;
                Fault::Status { status: u16::try_from(status).map_err(|error| error.to_string())? }
            }
            "throttle" => {
                Fault::Throttle { retry_after: number("retry_after", self.retry_after.take(), 0, u64::MAX)? }
            }
            "firewall" => Fault::Firewall,
            "expired-token" => Fault::ExpiredToken,
            "drop" => Fault::Drop { after: number("after", self.after.take(), 0, u64::MAX)? },
            "truncate-json" => {
                Fault::TruncateJson { after: number("after", self.after.take(), 0, u64::MAX)? }
            }
            "slow-body" => Fault::SlowBody {
                bytes_per_second: number("bytes_per_second", self.bytes_per_second.take(), 1, u64::MAX)?,
            },
            "entra" => {
                let refusal = self.refusal.take().ok_or("refusal is missing")?;
                let refusal = serde_json::from_value::<EntraRefusal>(refusal);
                Fault::Entra { refusal: refusal.map_err(|error| format!("refusal: {error}"))? }
            }
            unknown => {
                return Err(format!(
                    "there is no fault {unknown:?}: latency, status, throttle, firewall, expired-token, drop, \
                     truncate-json, slow-body or entra"
                ));
            }
        })
    }
}

fn number(field: &str, value: Option<Value>, least: u64, most: u64) -> Result<u64, String> {
    let value = value.ok_or_else(|| format!("{field} is missing"))?;
    value.as_u64().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
        let most = if most == u64::MAX { " up".to_owned() } else { format!(" to {most}") };
        format!("{field} must be an integer from {least}{most}, not {value}")
    })
}
