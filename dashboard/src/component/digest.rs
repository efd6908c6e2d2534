//! A digest: twelve digits shown, all of it on hover and on the clipboard.

use leptos::prelude::*;

use super::copy_button::CopyButton;
use crate::format;
use crate::text::manifest as text;

/// A digest with its copy button; a link where it has an `href`.
#[component]
pub(crate) fn DigestText(
    #[prop(into)] digest: String,
    #[prop(optional, into)] href: String,
    /// Leaves the copy button out.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let short = format::short_digest(&digest);
    view! {
        <span class="digest">
            {if href.is_empty() {
                view! { <code title=digest.clone()>{short}</code> }.into_any()
            } else {
                view! { <a href=href title=digest.clone()><code>{short}</code></a> }.into_any()
            }}
            {(!bare).then(|| view! { <CopyButton value=digest name=text::COPY_DIGEST/> })}
        </span>
    }
}
