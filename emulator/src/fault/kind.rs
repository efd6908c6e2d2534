//! What can go wrong.

use serde::Serialize;

use super::entra::EntraRefusal;

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum Fault {
    /// The answer comes late, by `milliseconds`.
    Latency {
        /// How late.
        milliseconds: u64,
    },
    /// The answer is this status, 400 to 599.
    Status {
        /// The status.
        status: u16,
    },
    /// 429 with `Retry-After`.
    Throttle {
        /// Seconds until the client may try again.
        retry_after: u64,
    },
    /// 403: the firewall admits no client.
    Firewall,
    /// 401 `invalid_token`, as if the token had just expired.
    ExpiredToken,
    /// The connection breaks after this many bytes of the body; at 0 before any answer.
    Drop {
        /// Bytes.
        after: u64,
    },
    /// The JSON of the answer ends after this many bytes, its length being that of what is sent.
    TruncateJson {
        /// Bytes.
        after: u64,
    },
    /// The body comes slowly.
    SlowBody {
        /// Bytes a second.
        bytes_per_second: u64,
    },
    /// The Microsoft Entra authority refuses, or gets something wrong. Meets requests to the authority alone.
    Entra {
        /// What.
        refusal: EntraRefusal,
    },
}
