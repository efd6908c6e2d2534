//! Where a request came from.

use std::fmt;
use std::net::IpAddr;

/// The address of the client, as a request's extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(
    /// The address.
    pub IpAddr,
);

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
