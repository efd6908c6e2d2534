//! How many requests are let in: in all, and of one client. A request is in until its answer's body has ended.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use tokio::time::Instant;

use crate::config::Limits;
use crate::problem::Problem;

/// Bursts may be this many times a second's rate.
const BURST: f64 = 10.0;
/// Clients remembered before those that are back to rest are forgotten.
const REMEMBERED: usize = 4096;

/// The count of those that are in.
#[derive(Clone)]
pub(crate) struct Admission {
    state: Arc<Mutex<State>>,
    requests: usize,
    per_client: usize,
    rate: f64,
}

#[derive(Default)]
struct State {
    total: usize,
    clients: HashMap<IpAddr, Client>,
}

struct Client {
    in_flight: usize,
    /// Requests it may still make at once, refilled at the rate.
    tokens: f64,
    refilled: Instant,
}

/// One request that is in; it goes out when dropped.
pub(crate) struct Admitted {
    admission: Admission,
    client: IpAddr,
}

impl Admission {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            state: Arc::default(),
            requests: limits.requests,
            per_client: limits.requests_per_client,
            rate: f64::from(limits.rate_per_client),
        }
    }

    /// The same counts under other limits.
    pub(crate) fn with_limits(&self, limits: &Limits) -> Self {
        Self { state: Arc::clone(&self.state), ..Self::new(limits) }
    }

    /// Lets a request in, or reports that it must wait.
    pub(crate) fn enter(&self, address: IpAddr) -> Result<Admitted, Problem> {
        let key = network(address);
        let now = Instant::now();
        let mut state = self.lock();
        if state.total >= self.requests {
            let message = "the gateway has as many requests in flight as it takes; try again";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "GATEWAY_BUSY", message));
        }
        if state.clients.len() > REMEMBERED {
            state
                .clients
                .retain(|_, client| client.in_flight > 0 || self.refill(client, now) < self.rate * BURST);
        }
        let fresh = Client { in_flight: 0, tokens: self.rate * BURST, refilled: now };
        let client = state.clients.entry(key).or_insert(fresh);
        let tokens = self.refill(client, now);
        if client.in_flight >= self.per_client || (self.rate > 0.0 && tokens < 1.0) {
            let message = "too many requests from this address; try again in a second";
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "GATEWAY_TOO_MANY_REQUESTS", message));
        }
        client.in_flight += 1;
        client.tokens -= 1.0;
        state.total += 1;
        Ok(Admitted { admission: self.clone(), client: key })
    }

    fn refill(&self, client: &mut Client, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(client.refilled).as_secs_f64();
        client.tokens = seconds.mul_add(self.rate, client.tokens).min(self.rate * BURST);
        client.refilled = now;
        client.tokens
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in between leaves the counts half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut state = self.admission.lock();
        state.total = state.total.saturating_sub(1);
        if let Some(client) = state.clients.get_mut(&self.client) {
            client.in_flight = client.in_flight.saturating_sub(1);
            if client.in_flight == 0 && self.admission.rate == 0.0 {
                state.clients.remove(&self.client);
            }
        }
    }
}

/// One host may use every address of its IPv6 network, so the network is counted.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const A: &str = "203.0.113.1";

    fn admission(requests: usize, per_client: usize, rate: u32) -> Admission {
        Admission::new(&Limits {
            requests,
            requests_per_client: per_client,
            rate_per_client: rate,
            ..Limits::default()
        })
    }

    fn enter(admission: &Admission, address: &str) -> Result<Admitted, Problem> {
        admission.enter(address.parse().unwrap())
    }

    #[tokio::test]
    async fn a_client_at_its_bound_waits_and_others_do_not() {
        let admission = admission(10, 1, 0);
        let first = enter(&admission, A).unwrap_or_else(|_| panic!("the first is let in"));
        assert_eq!(enter(&admission, A).err().unwrap().status(), 429);
        assert!(enter(&admission, "203.0.113.2").is_ok());
        drop(first);
        assert!(enter(&admission, A).is_ok());
        assert!(admission.lock().clients.is_empty());
    }

    #[tokio::test]
    async fn all_wait_when_the_gateway_is_full() {
        let admission = admission(1, 1, 0);
        let _first = enter(&admission, A);
        assert_eq!(enter(&admission, "203.0.113.2").err().unwrap().status(), 503);
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_let_in_and_refills_with_time() {
        let admission = admission(100, 100, 1);
        let burst = (0..11).filter(|_| enter(&admission, A).is_ok()).count();
        assert_eq!(burst, 10);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!((0..5).filter(|_| enter(&admission, A).is_ok()).count(), 2);
    }

    #[tokio::test]
    async fn an_ipv6_network_is_one_client() {
        let admission = admission(10, 1, 0);
        let _first = enter(&admission, "2001:db8::1");
        assert!(enter(&admission, "2001:db8::ffff").is_err());
        assert!(enter(&admission, "2001:db8:0:1::1").is_ok());
    }
}
