//! Name resolution that never leads inside: addresses that only this machine, this link or a cloud's metadata service can have are
//! dropped, for each connection.

use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::dns::Name;

use crate::config::{Config, IdentityConfig, Registry};

/// Resolves names, and drops every address that no registry or storage account has.
///
/// So a name that is allowed today and points to loopback or a cloud's metadata service tomorrow still leads nowhere. Private
/// ranges stay: private endpoints live there. `localhost` resolves to loopback only when a registry, a storage host, the collector or the
/// issuer of a managed identity's tokens is called so.
#[derive(Clone)]
pub(crate) struct GuardedResolver {
    local: Arc<BTreeSet<String>>,
}

impl GuardedResolver {
    pub(super) fn new(config: &Config) -> Self {
        let registries = config.registries.iter().map(|r| r.authority().host().to_ascii_lowercase());
        let storage =
            config.registries.iter().flat_map(|r| &r.storage_hosts).filter_map(|h| h.literal_host());
        let local = registries.chain(storage).filter(|h| h == "localhost" || h.ends_with(".localhost"));
        // The collector is the operator's own, wherever it is.
        let collector = config.otlp_endpoint.as_ref().and_then(|uri| uri.host()).map(str::to_ascii_lowercase);
        Self { local: Arc::new(local.chain(collector).chain(token_issuer(config)).collect()) }
    }
}

/// The host that issues the tokens of managed identities, when there is one and the platform names it. On Azure Container Apps that is
/// `localhost`.
fn token_issuer(config: &Config) -> Option<String> {
    let managed = |registry: &Registry| matches!(registry.identity, Some(IdentityConfig::Managed { .. }));
    let endpoint =
        config.registries.iter().any(managed).then(|| std::env::var("IDENTITY_ENDPOINT").ok())??;
    endpoint.parse::<Uri>().ok()?.host().map(str::to_ascii_lowercase)
}

impl tower::Service<Name> for GuardedResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let local = self.local.contains(&name.as_str().to_ascii_lowercase());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            if local { Ok(found.collect::<Vec<_>>().into_iter()) } else { outside(found) }
        })
    }
}

/// Of the addresses a name has now, those that do not lead inside; an error when none is left.
fn outside(found: impl Iterator<Item = SocketAddr>) -> io::Result<std::vec::IntoIter<SocketAddr>> {
    let usable: Vec<SocketAddr> = found.filter(|address| !leads_inside(address.ip())).collect();
    if usable.is_empty() {
        let message = "the name resolves to no usable address";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    Ok(usable.into_iter())
}

/// Whether an address can only be this machine or this link, or is not an address of a host.
fn leads_inside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_broadcast() || v4.octets()[0] == 0
                // The metadata and wire server of Azure, and the metadata services of Alibaba and Oracle.
                || v4.octets() == [168, 63, 129, 16]
                || v4.octets() == [100, 100, 100, 200]
                || v4.octets().starts_with(&[192, 0, 0])
        }
        IpAddr::V6(v6) => {
            let embedded =
                v6.to_ipv4().or_else(|| translated(v6)).is_some_and(|v4| leads_inside(IpAddr::V4(v4)));
            let [first, second, third, ..] = v6.segments();
            v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unicast_link_local() || embedded
                // Site-local, given up by RFC 3879.
                || (first & 0xffc0) == 0xfec0
                // 6to4, and translation whose rule only the site knows: an IPv4 address may be anywhere inside.
                || first == 0x2002
                || (first, second, third) == (0x64, 0xff9b, 1)
                // What AWS serves to its machines: metadata, credentials of pods, names, time; and the metadata service of Google.
                || (first, second) == (0xfd00, 0x0ec2)
                || v6.segments() == [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254]
        }
    }
}

/// The IPv4 address inside one that NAT64 made (`64:ff9b::/96`, RFC 6052), which is how IPv6-only networks reach Azure, or that stateless
/// translation did (`::ffff:0:0:0/96`, RFC 2765).
fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => {
            Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_inside_are_dropped() {
        for text in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd20:ce::254",
            "64:ff9b::100.100.100.200",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd00:ec2::253",
            "::ffff:0:127.0.0.1",
            "::ffff:0:169.254.169.254",
            "64:ff9b::127.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "64:ff9b:1:ffff::10.0.0.1",
            "2002:7f00:1::1",
            "2002:1438:101::1",
            "fec0::1",
            "feff::1",
        ] {
            assert!(leads_inside(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_name_that_changes_its_addresses_never_leads_inside() {
        let resolved = |texts: &[&str]| {
            outside(texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 443)))
                .map(|left| left.map(|address| address.ip().to_string()).collect::<Vec<_>>())
                .map_err(|error| error.kind())
        };
        let denied = Err(io::ErrorKind::PermissionDenied);
        // What one name may answer from one moment to the next.
        assert_eq!(resolved(&["20.60.1.1"]).unwrap(), ["20.60.1.1"]);
        assert_eq!(resolved(&["127.0.0.1"]), denied);
        assert_eq!(resolved(&["169.254.169.254", "20.60.1.1", "::1"]).unwrap(), ["20.60.1.1"]);
        assert_eq!(resolved(&["::ffff:169.254.169.254", "0.0.0.0"]), denied);
        assert_eq!(resolved(&[]), denied);
    }

    #[test]
    fn public_and_private_addresses_are_kept() {
        for text in [
            "20.60.1.1",
            "10.0.0.5",
            "172.16.0.1",
            "192.168.1.1",
            "2603:1030::1",
            "fd12::1",
            "fd00:ec3::1",
            "::ffff:0:10.0.0.5",
            "::ffff:10.0.0.5",
            "64:ff9b::20.60.1.1",
        ] {
            assert!(!leads_inside(text.parse().unwrap()), "{text}");
        }
    }
}
