//! One manifest's row.

use acr_client_wasm::{Reference, RepositoryName};
use leptos::prelude::*;

use super::belonging::{Belonging, Relation};
use super::described::Described;
use super::tag_row::{SelectBox, platform_chip};
use crate::component::chip::{Chip, Tone};
use crate::component::copy_button::CopyButton;
use crate::component::icon::{Glyph, Icon};
use crate::component::kind_icon::kind_icon;
use crate::component::lock_chip::lock_chip;
use crate::component::tag_chips::tag_chips;
use crate::component::timestamp::Moment;
use crate::format;
use crate::list::rows::ManifestRow;
use crate::list::selection::Selection;
use crate::navigation::use_navigation;
use crate::repository_data::RepositoryData;
use crate::route::Route;
use crate::session::use_session;
use crate::text::attributes as attribute_text;
use crate::text::manifest as manifest_text;
use crate::text::repository as text;

/// How many tags a row names.
const NAMED: usize = 3;

/// The cells of a row.
#[component]
pub(crate) fn Cells(
    row: ManifestRow,
    selection: Selection,
    select: Callback<bool>,
    visible: [bool; 5],
    /// What it belongs to, where it has no tag and that is known.
    belonging: Signal<Option<Belonging>>,
) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let session = use_session();
    let navigation = use_navigation();
    let digest = row.digest.to_string();
    let href = digest.parse().ok().map(|digest| {
        data.with_name(|name| {
            navigation.href(&Route::manifest(session.registry(), name, Reference::Digest(digest)))
        })
    });
    let short = format::short_digest(&digest);
    let id = format!("manifest-{}", digest.replace(':', "-"));
    let labelled_by = id.clone();
    let [with_tags, with_type, with_size, with_time, with_locks] = visible;
    let sized = row.size.map(|size| (format::size(size), format::bytes(size)));
    let size = move || sized.clone().map(|(text, title)| view! { <span title=title>{text}</span> });
    let quarantine = quarantine_chip(&row);
    let described = Described::of_row(data, &row);
    let platform = StoredValue::new(row.platform.clone());
    let what = move || {
        let description = described.description.get()?;
        Some(platform.with_value(|platform| platform_chip(&description, platform)))
    };
    let icon = move || {
        let icon =
            described.description.get().map_or(Icon::Manifest, |description| kind_icon(description.kind));
        view! { <Glyph icon/> }
    };
    let belonging = move || {
        let kind = described.description.get().map_or("", |description| description.kind.name());
        let belonging = belonging.get()?;
        let said = data.with_name(|name| belonging_text(name, kind, &belonging));
        Some(view! { " · " <span class="muted" title=said.clone()>{said.clone()}</span> })
    };
    view! {
        <th scope="row" class="c-name" aria-labelledby=labelled_by>
            <span class="cell-main">
                <SelectBox key=digest.clone() name=short.clone() selection select/>
                <a class="row-link" id=id href=href title=digest.clone()>
                    {icon}
                    <code>{short}</code>
                </a>
                <span class="on-hover"><CopyButton value=digest name=manifest_text::COPY_DIGEST/></span>
            </span>
            <span class="cell-sub">{what} " " {size.clone()} " · " <Moment moment=row.updated/>{belonging}</span>
        </th>
        {with_tags.then(|| view! { <td class="c-tags c-wide">{tag_chips(&row.tags, NAMED)}{belonging}</td> })}
        {with_type.then(|| view! { <td class="c-platform c-wide">{what}</td> })}
        {with_size.then(|| view! { <td class="c-number c-wide">{size}</td> })}
        {with_time.then(|| view! { <td class="c-time c-wide"><Moment moment=row.updated/></td> })}
        {with_locks.then(|| view! { <td class="c-locks c-wide">{lock_chip(row.switches)} {quarantine}</td> })}
    }
}

/// What a manifest of this kind belongs to, in words: `app:1.2` for a tag of `team/app`, a digest as it is.
fn belonging_text(repository: &RepositoryName, kind: &str, belonging: &Belonging) -> String {
    let name = repository.as_str().rsplit('/').next().unwrap_or_default();
    let owner = if belonging.owner.contains(':') {
        belonging.owner.clone()
    } else {
        format!("{name}:{}", belonging.owner)
    };
    match belonging.relation {
        Relation::Child => text::child_of(&owner),
        Relation::Referrer => text::referrer_of(kind, &owner),
    }
}

/// The quarantine state, where there is one.
pub(super) fn quarantine_chip(row: &ManifestRow) -> Option<AnyView> {
    row.quarantine.clone().map(|state| {
        let title = format!("{}: {state}", attribute_text::QUARANTINE);
        let (tone, icon) =
            if &*state == "Passed" { (Tone::Plain, Icon::Check) } else { (Tone::Danger, Icon::Warning) };
        view! { <Chip text=state.to_string() tone icon title/> }.into_any()
    })
}
