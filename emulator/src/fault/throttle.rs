//! Throttling by calls per minute and class of call, by the limits that the service publishes or others.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::protocol::time::Time;

const WINDOW_SECONDS: u64 = 60;

/// The limits on calls per minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Throttle {
    /// None.
    #[default]
    Off,
    /// Those of the Basic and Standard tiers.
    Standard,
    /// Those of the Premium tier.
    Premium,
    /// The same for every class of call.
    Limit(u64),
}

/// The classes that limits are published for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    Read,
    Write,
    Delete,
    ListReferrers,
    OAuth,
}

impl Class {
    fn of(method: &str, path: &str) -> Self {
        match method {
            _ if path.starts_with("/oauth2/") => Self::OAuth,
            "DELETE" => Self::Delete,
            "GET" | "HEAD" if path.contains("/referrers/") => Self::ListReferrers,
            "GET" | "HEAD" => Self::Read,
            _ => Self::Write,
        }
    }
}

impl Throttle {
    /// Calls per minute for one identity, which is all an emulator sees.
    fn limit(&self, class: Class) -> Option<u64> {
        match (self, class) {
            (Self::Off, _) => None,
            (Self::Limit(limit), _) => Some(*limit),
            (Self::Standard, Class::Read) => Some(5_000),
            (Self::Standard, Class::Write) => Some(1_000),
            (Self::Standard, Class::Delete) => Some(500),
            (Self::Standard, Class::ListReferrers) => Some(250),
            (Self::Standard, Class::OAuth) => Some(10_000),
            (Self::Premium, Class::Read) => Some(10_000),
            (Self::Premium, Class::Write) => Some(2_000),
            (Self::Premium, Class::Delete) => Some(2_000),
            (Self::Premium, Class::ListReferrers) => Some(1_000),
            (Self::Premium, Class::OAuth) => Some(20_000),
        }
    }
}

/// Counts calls in windows of one minute.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    window: u64,
    calls: HashMap<Class, u64>,
}

impl Meter {
    /// Counts a call; the seconds until the next window when it is one too many.
    pub(crate) fn call(&mut self, throttle: &Throttle, method: &str, path: &str, now: Time) -> Option<u64> {
        let class = Class::of(method, path);
        let limit = throttle.limit(class)?;
        let window = now.unix_seconds() / WINDOW_SECONDS;
        if window != self.window {
            self.window = window;
            self.calls.clear();
        }
        let calls = self.calls.entry(class).or_default();
        *calls += 1;
        (*calls > limit).then(|| WINDOW_SECONDS - now.unix_seconds() % WINDOW_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_too_many_waits_for_the_next_minute() {
        let mut meter = Meter::default();
        let now = Time::from_unix_seconds(60 * 100 + 50);
        let throttle = Throttle::Limit(2);
        let mut call = |method, now| meter.call(&throttle, method, "/v2/", now);
        assert_eq!((call("GET", now), call("GET", now)), (None, None));
        assert_eq!(call("GET", now), Some(10));
        assert_eq!(call("DELETE", now), None);
        assert_eq!(call("GET", Time::from_unix_seconds(60 * 101)), None);
    }
}
