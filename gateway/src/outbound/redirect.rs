//! Where a blob's redirect may lead. Pure: a Location in, a URL that may be asked or the reason why not out.

use http::{HeaderMap, StatusCode, Uri, header};

use crate::config::StorageHost;

/// Why a redirect is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RedirectError {
    /// There is no Location, more than one, or one that is no absolute URL.
    #[error("its Location is missing or malformed")]
    Malformed,
    /// It leads to a host that is not among the registry's storage hosts.
    #[error("it leads to a host that is not among the registry's storage hosts")]
    Host,
}

/// Whether a status asks to look elsewhere.
pub(crate) fn is_redirect(status: StatusCode) -> bool {
    // 300, 305 and 306 as well: with a Location some clients follow them.
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

/// The storage URL of a redirect's Location.
pub(crate) fn storage_uri(headers: &HeaderMap, allowed: &[StorageHost]) -> Result<Uri, RedirectError> {
    let mut locations = headers.get_all(header::LOCATION).iter();
    let (Some(location), None) = (locations.next(), locations.next()) else {
        return Err(RedirectError::Malformed);
    };
    let text = location.to_str().map_err(|_| RedirectError::Malformed)?;
    // What parsers disagree about is refused before one of them is asked.
    if text.contains(['\\', '\t', ' ']) {
        return Err(RedirectError::Malformed);
    }
    let uri: Uri = text.parse().map_err(|_| RedirectError::Malformed)?;
    if uri.scheme().is_none() || uri.authority().is_none() {
        return Err(RedirectError::Malformed);
    }
    if allowed.iter().any(|host| host.matches(&uri)) { Ok(uri) } else { Err(RedirectError::Host) }
}
