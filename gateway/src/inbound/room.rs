//! How many connections are open: in all, and of one client address; and a reserve for health checks when there is no more room.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::admission::network;
use super::caller::is_trusted;
use crate::config::Config;

/// Connections taken beyond the limits, for health checks only.
const RESERVE: usize = 64;
/// Of those, as many as one client address can have.
const RESERVE_PER_CLIENT: usize = 16;

/// Marks the requests of a connection that only has room for health checks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoRoom;

/// The count of open connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Room {
    slots: Arc<Semaphore>,
    reserve: Arc<Semaphore>,
    clients: Arc<Mutex<HashMap<IpAddr, Client>>>,
}

#[derive(Default)]
struct Client {
    connections: usize,
    reserved: usize,
}

/// A connection that has room until this is dropped.
pub(crate) struct Place {
    room: Room,
    client: IpAddr,
    reserved: bool,
    _slot: OwnedSemaphorePermit,
}

impl Place {
    /// Whether the connection only has room for health checks.
    pub(crate) fn is_reserved(&self) -> bool {
        self.reserved
    }
}

impl Room {
    pub(crate) fn new(connections: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(connections)),
            reserve: Arc::new(Semaphore::new(RESERVE)),
            clients: Arc::default(),
        }
    }

    /// Room for a connection; none when even the reserve is taken. `config` has the bound on one address, which does not hold for
    /// trusted proxies, since those stand for many.
    pub(crate) fn place(&self, peer: SocketAddr, config: &Config) -> Option<Place> {
        let client = network(peer.ip());
        let bound = if is_trusted(&config.trusted_proxies, peer.ip()) {
            usize::MAX
        } else {
            config.limits.connections_per_client()
        };
        let mut clients = self.lock();
        let counts = clients.entry(client).or_default();
        let slot = (counts.connections < bound).then(|| Arc::clone(&self.slots).try_acquire_owned().ok());
        let place = match slot.flatten() {
            Some(slot) => {
                counts.connections += 1;
                Some((slot, false))
            }
            None if counts.reserved < RESERVE_PER_CLIENT => {
                let slot = Arc::clone(&self.reserve).try_acquire_owned().ok();
                counts.reserved += usize::from(slot.is_some());
                slot.map(|slot| (slot, true))
            }
            None => None,
        };
        if counts.connections + counts.reserved == 0 {
            clients.remove(&client);
        }
        drop(clients);
        place.map(|(slot, reserved)| Place { room: self.clone(), client, reserved, _slot: slot })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Client>> {
        // Nothing in between leaves the counts half-changed.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = self.room.lock();
        if let Some(counts) = clients.get_mut(&self.client) {
            let count = if self.reserved { &mut counts.reserved } else { &mut counts.connections };
            *count = count.saturating_sub(1);
            if counts.connections + counts.reserved == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(connections: usize) -> Config {
        let mut config = Config::new(vec!["contoso.azurecr.io".parse().unwrap()]).unwrap();
        config.limits.connections = connections;
        config
    }

    fn peer(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_does_not_take_all_the_room() {
        let (room, config) = (Room::new(8), config(8));
        let taken: Vec<_> = (0..8)
            .filter_map(|_| room.place(peer("203.0.113.1:1"), &config))
            .map(|p| (p.is_reserved(), p))
            .collect();
        assert_eq!(taken.iter().filter(|(reserved, _)| *reserved).count(), 2);
        assert!(!room.place(peer("203.0.113.2:1"), &config).unwrap().is_reserved());
        drop(taken);
        assert!(room.lock().is_empty());
    }

    #[test]
    fn health_checks_have_a_reserve_when_there_is_no_room() {
        let (room, config) = (Room::new(1), config(1));
        let _taken = room.place(peer("203.0.113.1:1"), &config).unwrap();
        let reserved: Vec<_> = std::iter::from_fn(|| room.place(peer("203.0.113.2:1"), &config)).collect();
        assert_eq!(reserved.len(), RESERVE_PER_CLIENT);
        assert!(reserved.iter().all(Place::is_reserved));
        assert!(room.place(peer("203.0.113.3:1"), &config).is_some());
    }

    #[test]
    fn a_trusted_proxy_stands_for_many() {
        let (room, mut config) = (Room::new(4), config(4));
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let taken: Vec<_> = (0..4).filter_map(|_| room.place(peer("10.0.0.1:1"), &config)).collect();
        assert!(taken.len() == 4 && !taken.iter().any(Place::is_reserved));
    }
}
