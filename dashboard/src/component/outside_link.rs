//! A link from registry content: followed only if it leads to a web page, which learns nothing about this one.

use leptos::prelude::*;

/// A link for `http` and `https`; plain text for anything else.
#[component]
pub(crate) fn OutsideLink(#[prop(into)] url: String) -> impl IntoView {
    if is_web(&url) {
        view! { <a href=url.clone() rel="noopener noreferrer" target="_blank">{url.clone()}</a> }.into_any()
    } else {
        view! { <span>{url}</span> }.into_any()
    }
}

/// Whether a text is an address of a web page, with nothing in it that ends an address.
pub(crate) fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && text.len() <= 2048
            && rest.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        assert!(is_web("https://example.com/a?b=c#d") && is_web("http://example.com"));
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https://a b",
            " https://a",
            "HTTPS://a",
            "//a",
            "ftp://a",
        ] {
            assert!(!is_web(text), "{text}");
        }
    }
}
