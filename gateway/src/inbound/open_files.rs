//! How many files and sockets the process may have open. A shell's soft limit is often 1024, which a gateway's connections pass soon.

use crate::config::Limits;

/// Raises the soft limit to the hard one, as only the process itself can, and returns it; nothing where there is none to raise.
#[cfg(unix)]
#[must_use]
pub fn raise_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    // Where even this is not permitted, what there is has to do, and is said.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    getrlimit(Resource::Nofile).current
}

/// What [`raise_limit`] would raise the limit to.
#[must_use]
pub fn hard_limit() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    #[cfg(not(unix))]
    None
}

/// Raises nothing: this system has no such limit.
#[cfg(not(unix))]
#[must_use]
pub fn raise_limit() -> Option<u64> {
    None
}

/// What to say when a gateway within its own limits could run out of files: one for each connection, and one to a registry for each
/// request in flight.
#[must_use]
pub fn shortage(limits: &Limits, limit: Option<u64>) -> Option<String> {
    let (connections, requests) = (limits.connections, limits.requests);
    let wanted = connections.saturating_add(requests) as u64;
    let limit = limit.filter(|limit| *limit < wanted)?;
    Some(format!(
        "the process may open {limit} files, and limits.connections and limits.requests can take {wanted}; raise the one \
         (ulimit -Hn, LimitNOFILE) or lower the others"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_below_what_the_gateways_own_limits_permit_is_said() {
        let limits = Limits { connections: 10, requests: 5, ..Limits::default() };
        assert!(shortage(&limits, Some(14)).is_some_and(|text| text.contains("can take 15")));
        assert_eq!(shortage(&limits, Some(15)), None);
        assert_eq!(shortage(&limits, None), None);
    }
}
