//! A login server as it was pasted: alone, as an address, or in a command or a reference that names it.

use super::reference::{PastedReference, host};
use super::text;
use super::token::PastedToken;

/// The host that a text names, in lower case and without the default port 443.
///
/// ```
/// use acr_artifact::paste::login_server;
///
/// for pasted in ["Contoso.azurecr.io", "https://contoso.azurecr.io:443/", "docker login contoso.azurecr.io", "contoso.azurecr.io/team/app:1.2"] {
///     assert_eq!(login_server(pasted).as_deref(), Some("contoso.azurecr.io"), "{pasted}");
/// }
/// assert_eq!(login_server("two words"), None);
/// ```
#[must_use]
pub fn login_server(pasted: &str) -> Option<String> {
    let clean = text::trimmed(pasted);
    if let Some(host) = host(clean) {
        return Some(host);
    }
    if clean.starts_with('{') {
        return PastedToken::parse(clean).ok()?.login_server;
    }
    let reference = PastedReference::parse(clean).ok();
    reference.and_then(|reference| reference.registry).or_else(|| {
        let words = text::words(clean);
        words.iter().filter_map(|word| host(word)).find(|host| host.contains('.'))
    })
}
