//! The settings that bound sizes, counts and times.

use std::time::Duration;

use super::definition;
use crate::config::Config;

type Setting = definition::Setting<Config>;

/// A bound in bytes.
macro_rules! bytes {
    ($field:ident, $doc:literal) => {
        Setting::integer(concat!("limits.", stringify!($field)), "BYTES", $doc, |c: &mut Config, v| {
            if v == 0 {
                return Err("0 would let no request through; use 1 or more".to_owned());
            }
            c.limits.$field = v;
            Ok(())
        })
        .default(|c| c.limits.$field.to_string())
    };
}

/// A bound on a count, of at least one.
macro_rules! count {
    ($field:ident, $doc:literal) => {
        Setting::integer(concat!("limits.", stringify!($field)), "COUNT", $doc, |c: &mut Config, v| {
            c.limits.$field = at_least_one(v)?;
            Ok(())
        })
        .default(|c| c.limits.$field.to_string())
    };
}

pub(super) fn limits() -> Vec<Setting> {
    vec![
        Setting::integer(
            "limits.header_bytes",
            "BYTES",
            "Head of a request, from 8192 to 1048576.",
            |c, v| {
                let bytes = usize::try_from(v).ok().filter(|bytes| (8192..=1 << 20).contains(bytes));
                c.limits.header_bytes = bytes.ok_or("use a number from 8192 to 1048576")?;
                Ok(())
            },
        )
        .default(|c| c.limits.header_bytes.to_string()),
        Setting::integer("limits.headers", "COUNT", "Header fields of a request, up to 1000.", |c, v| {
            let count = at_least_one(v)?;
            c.limits.headers =
                Some(count).filter(|count| *count <= 1000).ok_or("use a number from 1 to 1000")?;
            Ok(())
        })
        .default(|c| c.limits.headers.to_string()),
        count!(target_bytes, "Path and query of a request, in bytes."),
        bytes!(form_bytes, "Body of a call that carries JSON or a form."),
        bytes!(manifest_bytes, "Body of a manifest that is pushed."),
        bytes!(upload_bytes, "Body of one upload request."),
        bytes!(response_bytes, "Answer of a registry to anything but a blob."),
        count!(connections, "Open connections."),
        Setting::integer(
            "limits.connections_per_client",
            "COUNT",
            "Open connections of one client address. Addresses of trusted_proxies are not bound.",
            |c: &mut Config, v| {
                c.limits.connections_per_client = Some(at_least_one(v)?);
                Ok(())
            },
        )
        .default_words("three quarters of limits.connections")
        .example("15000"),
        count!(requests, "Requests in flight."),
        count!(requests_per_client, "Requests in flight of one client address."),
        Setting::integer(
            "limits.rate_per_client",
            "COUNT",
            "Requests a second of one client address, in bursts of ten times as many; 0 sets no \
             bound.",
            |c, v| {
                c.limits.rate_per_client =
                    u32::try_from(v).map_err(|_| format!("{v} is too large; use a smaller number"))?;
                Ok(())
            },
        )
        .default(|c| c.limits.rate_per_client.to_string()),
    ]
}

/// A bound on time, from a second to a day.
macro_rules! seconds {
    ($field:ident, $doc:literal) => {
        Setting::integer(concat!("timeouts.", stringify!($field)), "SECONDS", $doc, |c: &mut Config, v| {
            c.timeouts.$field = seconds(v)?;
            Ok(())
        })
        .default(|c| c.timeouts.$field.as_secs().to_string())
    };
}

pub(super) fn timeouts() -> Vec<Setting> {
    vec![
        seconds!(client_head, "For a client to send the head of a request."),
        seconds!(client_idle, "For a client to send or to read the next 16 KiB, or what is left."),
        seconds!(connect, "To connect to a registry."),
        seconds!(upstream_head, "For a registry to begin its answer."),
        seconds!(upstream_idle, "For a registry to send the next 16 KiB, or what is left."),
        Setting::integer(
            "timeouts.drain",
            "SECONDS",
            "For new requests still to be taken after a signal to stop, while /readyz answers \
             503: give balancers some seconds to look elsewhere. 0 stops at once.",
            |c, v| {
                c.timeouts.drain = if v == 0 { Duration::ZERO } else { seconds(v)? };
                Ok(())
            },
        )
        .default(|c| c.timeouts.drain.as_secs().to_string()),
        seconds!(shutdown, "For requests in flight to end when stopping."),
    ]
}

fn at_least_one(count: u64) -> Result<usize, String> {
    /// More than a machine has files, and than a request has fields.
    const MOST: u64 = 10_000_000;
    match usize::try_from(count) {
        Ok(0) => Err("0 would let no request through; use 1 or more".to_owned()),
        Ok(small) if count <= MOST => Ok(small),
        _ => Err(format!("{count} is too large; use a number up to {MOST}")),
    }
}

fn seconds(seconds: u64) -> Result<Duration, String> {
    match seconds {
        1..=86_400 => Ok(Duration::from_secs(seconds)),
        _ => Err("use a number of seconds from 1 to 86400".to_owned()),
    }
}
