//! The decision for each request. Deterministic: the same seed and the same order of requests meet the same faults.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::kind::Fault;
use super::plan::FaultPlan;
use super::rule::FaultRule;
use super::throttle::Meter;
use crate::protocol::time::Time;

/// The state of the faults: the plan, its dice, what is spent, and the meters.
#[derive(Debug)]
pub(crate) struct Faults {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    plan: FaultPlan,
    dice: u64,
    meter: Meter,
}

/// What happens to one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decision {
    pub(crate) delay_ms: u64,
    pub(crate) fault: Option<Fault>,
}

impl Faults {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        let dice = plan.seed;
        Self { state: Mutex::new(State { plan, dice, meter: Meter::default() }) }
    }

    /// The plan as it stands, with what is left of `times`.
    pub(crate) fn plan(&self) -> FaultPlan {
        self.lock().plan.clone()
    }

    /// Replaces the plan and resets the dice and the meters.
    pub(crate) fn replace(&self, plan: FaultPlan) {
        let mut state = self.lock();
        *state = State { dice: plan.seed, plan, meter: Meter::default() };
    }

    /// Adds a rule after the others.
    pub(crate) fn add(&self, rule: FaultRule) {
        self.lock().plan.rules.push(rule);
    }

    /// Decides what happens to a request.
    pub(crate) fn decide(&self, method: &str, path: &str, now: Time) -> Decision {
        let mut state = self.lock();
        let State { plan, dice, meter } = &mut *state;
        let mut decision = Decision::default();
        if let Some(retry_after) = meter.call(&plan.throttle, method, path, now) {
            decision.fault = Some(Fault::Throttle { retry_after });
        }
        for rule in &mut plan.rules {
            let is_latency = matches!(rule.fault, Fault::Latency { .. });
            let open = is_latency || decision.fault.is_none();
            if !open || !rule.fits(method, path) || roll(dice) >= rule.probability {
                continue;
            }
            if let Some(left) = &mut rule.times {
                if *left == 0 {
                    continue;
                }
                *left -= 1;
            }
            match &rule.fault {
                Fault::Latency { milliseconds } => {
                    decision.delay_ms = decision.delay_ms.saturating_add(*milliseconds)
                }
                fault => decision.fault = Some(fault.clone()),
            }
        }
        decision
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SplitMix64 as a number from 0 up to 1.
#[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
fn roll(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide_all(plan: &FaultPlan) -> Vec<bool> {
        let faults = Faults::new(plan.clone());
        (0..64).map(|_| faults.decide("GET", "/v2/", Time::default()).fault.is_some()).collect()
    }

    #[test]
    fn the_same_seed_meets_the_same_faults() {
        let rule = FaultRule { probability: 0.5, ..FaultRule::always(Fault::Status { status: 503 }) };
        let plan = FaultPlan { seed: 7, rules: vec![rule], ..FaultPlan::default() };
        let first = decide_all(&plan);
        assert_eq!(first, decide_all(&plan));
        assert!(first.contains(&true) && first.contains(&false));
        assert_ne!(first, decide_all(&FaultPlan { seed: 8, ..plan }));
    }

    #[test]
    fn a_rule_is_spent_after_its_times_and_meets_only_what_it_fits() {
        let rule = FaultRule {
            method: Some("GET".into()),
            path: Some("/blobs/".into()),
            times: Some(1),
            ..FaultRule::always(Fault::Drop { after: 3 })
        };
        let faults = Faults::new(FaultPlan { rules: vec![rule], ..FaultPlan::default() });
        let fault = |method, path| faults.decide(method, path, Time::default()).fault;
        assert_eq!(fault("PUT", "/v2/a/blobs/x"), None);
        assert_eq!(fault("GET", "/v2/a/tags/list"), None);
        assert_eq!(fault("GET", "/v2/a/blobs/x"), Some(Fault::Drop { after: 3 }));
        assert_eq!(fault("GET", "/v2/a/blobs/x"), None);
    }

    #[test]
    fn what_can_be_no_fault_is_refused_by_the_name_of_its_field() {
        for (rule, field) in [
            (r#"{"fault":"status","status":999}"#, "status"),
            (r#"{"fault":"status","status":204}"#, "status"),
            (r#"{"fault":"status","status":0}"#, "status"),
            (r#"{"fault":"status","status":100}"#, "status"),
            (r#"{"fault":"firewall","probability":7}"#, "probability"),
            (r#"{"fault":"firewall","probability":-0.1}"#, "probability"),
            (r#"{"fault":"firewall","probabilty":0.5}"#, "probabilty"),
            (r#"{"fault":"drop","after":1,"status":503}"#, "status"),
            (r#"{"fault":"slow-body","bytes_per_second":0}"#, "bytes_per_second"),
            (r#"{"fault":"fire"}"#, "fire"),
            (r#"{"method":"GET"}"#, "fault"),
        ] {
            let said = serde_json::from_str::<FaultRule>(rule).unwrap_err().to_string();
            assert!(said.contains(field), "{rule}: {said}");
            let plan = format!("{{\"rules\":[{rule}]}}");
            assert!(serde_json::from_str::<FaultPlan>(&plan).is_err(), "{rule}");
        }
        let rule = FaultRule { probability: 0.5, ..FaultRule::always(Fault::Status { status: 429 }) };
        let json = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<FaultRule>(&json).unwrap(), rule);
    }

    #[test]
    fn a_plan_is_read_from_json() {
        let json = r#"{"seed":1,"rules":[{"fault":"slow-body","bytes_per_second":10,"path":"/v2/"},{"fault":"firewall"}]}"#;
        let plan: FaultPlan = serde_json::from_str(json).unwrap();
        assert_eq!(plan.rules[0].fault, Fault::SlowBody { bytes_per_second: 10 });
        assert_eq!(plan.rules[1].fault, Fault::Firewall);
    }
}
