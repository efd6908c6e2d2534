//! The manifest as it was pushed, laid out for reading, every digest a link.

use std::sync::Arc;

use acr_client_wasm::{Digest, Reference};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::copy_button::CopyButton;
use crate::component::icon::{Glyph, Icon};
use crate::component::long_text::long_text;
use crate::format;
use crate::json_layout::lay_out;
use crate::navigation::use_navigation;
use crate::palette::add_entry;
use crate::route::Route;
use crate::surface::download::download;
use crate::text::manifest as text;

/// The tab.
#[component]
pub(crate) fn Raw() -> impl IntoView {
    let data: ManifestData = expect_context();
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    view! { <JsonText bytes=Arc::from(&*content.bytes)/> }.into_any()
}

/// A JSON document, or whatever text it turns out to be.
#[component]
pub(crate) fn JsonText(bytes: Arc<[u8]>) -> impl IntoView {
    let data: ManifestData = expect_context();
    let whole = String::from_utf8_lossy(&bytes).into_owned();
    let draw = Callback::new(move |part: String| {
        let view = |part| match part {
            Part::Text(text) => text.to_owned().into_any(),
            Part::Digest(digest) => view! { <a href=target(data, digest)>{digest.to_owned()}</a> }.into_any(),
        };
        split_digests(&part).into_iter().map(view).collect_view().into_any()
    });
    let shown = long_text(lay_out(&whole), draw);
    let file = format!("{}.json", data.name().replace(['/', ':', '@'], "-"));
    let saved = whole.clone();
    let save = Callback::new(move |()| download(&file, "application/json", &saved));
    add_entry(text::DOWNLOAD.to_owned(), Signal::stored(true), move || save.run(()));
    view! {
        <div class="list-bar">
            <p class="hint">{format::size(bytes.len() as u64)}</p>
            <div class="list-tools">
                <CopyButton value=whole name=text::COPY_JSON label=text::COPY_JSON/>
                <button type="button" class="button" on:click=move |_| save.run(())>
                    <Glyph icon=Icon::Download/>
                    {text::DOWNLOAD}
                </button>
            </div>
        </div>
        {shown}
    }
}

/// Where a digest leads: a manifest of an index to its screen, a layer to its row, the config to its tab.
fn target(data: ManifestData, digest: &str) -> Option<String> {
    let navigation = use_navigation();
    let session = data.session();
    let here = data.route(session.registry());
    let content = untrack(|| data.content.ready())?;
    let manifest = &content.manifest;
    if manifest.config().is_some_and(|config| config.digest == digest) {
        return Some(navigation.href(&here.with("tab", "config")));
    }
    if manifest.layers().iter().any(|layer| layer.digest == digest) {
        return Some(navigation.href(&here.with("tab", "layers").with("layer", digest)));
    }
    let digest: Digest = digest.parse().ok()?;
    Some(navigation.href(&Route::manifest(session.registry(), &data.repository(), Reference::Digest(digest))))
}

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    Digest(&'a str),
}

/// Splits a text at its sha256 and sha512 digests.
fn split_digests(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((at, length)) = next_digest(rest) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let (digest, after) = tail.split_at_checked(length).unwrap_or((tail, ""));
        parts.push(Part::Text(before));
        parts.push(Part::Digest(digest));
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// Where the first digest begins, and its length.
fn next_digest(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("sha")?;
        let tail = text.get(at..)?;
        let (head, length) = if tail.starts_with("sha512:") { (7, 128) } else { (7, 64) };
        let known = tail.starts_with("sha256:") || tail.starts_with("sha512:");
        let hex = tail.bytes().skip(head).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if known && hex == length {
            return Some((at, head + length));
        }
        from = at + 3;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_found_whole() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let text = format!("{{\"a\":\"{digest}\",\"b\":\"sha256:12\"}}");
        let parts = split_digests(&text);
        assert_eq!(parts[1], Part::Digest(&digest));
        assert_eq!(parts.iter().filter(|part| matches!(part, Part::Digest(_))).count(), 1);
    }
}
