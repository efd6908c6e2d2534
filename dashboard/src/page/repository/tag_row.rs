//! One tag's row. Platform and size come from the list of manifests, by digest: no request of its own.

use acr_artifact::{Description, Kind};
use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::described::Described;
use crate::component::chip::{Chip, Tone};
use crate::component::digest::DigestText;
use crate::component::icon::{Glyph, Icon};
use crate::component::kind_icon::kind_icon;
use crate::component::lock_chip::lock_chip;
use crate::component::timestamp::Moment;
use crate::format;
use crate::list::digest_index::DigestIndex;
use crate::list::rows::{TagRow, is_image};
use crate::list::selection::Selection;
use crate::navigation::use_navigation;
use crate::repository_data::RepositoryData;
use crate::route::Route;
use crate::session::use_session;
use crate::text::list as list_text;
use crate::text::repository as text;

/// The cells of a row.
#[component]
pub(crate) fn Cells(
    row: TagRow,
    index: DigestIndex,
    selection: Selection,
    /// Selects or unselects this row; with `true`, the range up to it.
    select: Callback<bool>,
    /// Which of the columns after the name are shown.
    visible: [bool; 5],
) -> impl IntoView {
    let digest = StoredValue::new(row.digest.to_string());
    let data: RepositoryData = expect_context();
    let known = Memo::new(move |_| {
        digest.with_value(|digest| index.with(digest, |one| (one.platform.clone(), one.size)))
    });
    let described = Described::follow(data, &row.digest, move || {
        digest.with_value(|digest| index.with(digest, |one| (one.description.clone(), one.needs_document())))
    });
    let size = move || known.get().and_then(|(_, size)| size);
    let platform = move || {
        let platform = known.get().map(|(platform, _)| platform).unwrap_or_default();
        described.description.get().map(|description| platform_chip(&description, &platform))
    };
    let [with_digest, with_platform, with_size, with_time, with_locks] = visible;
    let name = row.name.to_string();
    let labelled_by = format!("tag-{name}");
    let navigation = use_navigation();
    let by_digest =
        digest.with_value(|digest| {
            let digest = digest.parse().ok()?;
            let registry = use_session().registry().to_owned();
            Some(data.with_name(|name| {
                navigation.href(&Route::manifest(&registry, name, Reference::Digest(digest)))
            }))
        });
    let sized =
        move || size().map(|size| view! { <span title=format::bytes(size)>{format::size(size)}</span> });
    view! {
        <th scope="row" class="c-name" aria-labelledby=labelled_by>
            <span class="cell-main">
                <SelectBox key=name.clone() name=name.clone() selection select/>
                <TagLink name described/>
            </span>
            <span class="cell-sub">{platform} " " {sized} " · " <Moment moment=row.updated/></span>
        </th>
        {with_digest
            .then(|| {
                view! {
                    <td class="c-digest c-wide">
                        <DigestText digest=digest.get_value() href=by_digest.unwrap_or_default()/>
                    </td>
                }
            })}
        {with_platform.then(|| view! { <td class="c-platform c-wide">{platform}</td> })}
        {with_size.then(|| view! { <td class="c-number c-wide">{sized}</td> })}
        {with_time.then(|| view! { <td class="c-time c-wide"><Moment moment=row.updated/></td> })}
        {with_locks.then(|| view! { <td class="c-locks c-wide">{lock_chip(row.switches)}</td> })}
    }
}

/// The checkbox of a row.
#[component]
pub(crate) fn SelectBox(
    /// What the selection holds of the row.
    #[prop(into)]
    key: String,
    /// What a person knows the row by.
    #[prop(into)]
    name: String,
    selection: Selection,
    select: Callback<bool>,
) -> impl IntoView {
    let label = list_text::select(&name);
    view! {
        <input
            type="checkbox"
            class="select"
            aria-label=label
            prop:checked=move || selection.has(&key)
            on:click=move |event| select.run(event.shift_key())
        />
    }
}

/// The link to a tag, and its pull command.
#[component]
fn TagLink(name: String, described: Described) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let session = use_session();
    let navigation = use_navigation();
    let reference = name.parse().ok().map(Reference::Tag);
    let href = reference.clone().map(|reference| {
        data.with_name(|repository| {
            navigation.href(&Route::manifest(session.registry(), repository, reference))
        })
    });
    let (id, title) = (format!("tag-{name}"), name.clone());
    view! {
        <a class="row-link" id=id href=href title=title>
            <Glyph icon=Icon::Tag/>
            <span class="ellipsis">{name}</span>
        </a>
        <span class="on-hover">{reference.map(|reference| described.copy_pull(reference))}</span>
    }
}

/// What it is, or of an image the platform it runs on.
pub(crate) fn platform_chip(description: &Description, platform: &str) -> AnyView {
    match description.kind {
        // Its document is on the way.
        Kind::Image if platform.is_empty() && description.is_provisional => ().into_any(),
        Kind::Image if !platform.is_empty() => view! { <Chip text=platform.to_owned()/> }.into_any(),
        Kind::Index if is_image(description) => {
            view! { <Chip text=text::MULTI_PLATFORM tone=Tone::Accent icon=Icon::Index/> }.into_any()
        }
        kind => {
            let title = description.title();
            view! { <Chip text=title.clone() title icon=kind_icon(kind)/> }.into_any()
        }
    }
}
