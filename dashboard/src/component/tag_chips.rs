//! Tags as chips.

use leptos::prelude::*;

use super::chip::Chip;
use super::icon::Icon;
use crate::text::repository as text;

/// The first `limit` tags as chips, and how many more there are, all of them on hover; "Untagged" where there are none.
pub(crate) fn tag_chips(tags: &[String], limit: usize) -> AnyView {
    if tags.is_empty() {
        return view! { <span class="muted">{text::UNTAGGED}</span> }.into_any();
    }
    let more = tags.len().saturating_sub(limit);
    view! {
        {tags.iter().take(limit).map(|tag| view! { <Chip text=tag.clone() icon=Icon::Tag/> }).collect_view()}
        {(more > 0).then(|| view! { <span class="muted" title=tags.join(", ")>{text::more_tags(more)}</span> })}
    }
    .into_any()
}
