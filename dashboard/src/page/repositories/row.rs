//! One repository's row. Its counts come when `look_ups.rs` has them.

use leptos::prelude::*;

use super::columns::Visible;
use crate::component::icon::{Glyph, Icon};
use crate::component::lock_chip::lock_chip;
use crate::component::timestamp::Moment;
use crate::format;
use crate::navigation::use_navigation;
use crate::protection::Switches;
use crate::route::Route;
use crate::session::use_session;
use crate::text::repository as text;

/// What a row shows of a repository: tags, manifests, last updated, switches.
type Known = (u64, u64, Option<i64>, Switches);

/// The cells of a row.
#[component]
pub(crate) fn Cells(
    name: String,
    /// How deep in the tree; 0 in the flat list.
    #[prop(optional)]
    depth: usize,
    /// Which of the columns after the name are shown.
    visible: Visible,
) -> impl IntoView {
    let session = use_session();
    let seen = session.seen;
    let key = name.clone();
    let attributes = Memo::new(move |_| {
        seen.with(|seen| {
            seen.get(&key).map(|one| {
                let switches = Switches::from(&one.changeable_attributes);
                (one.tag_count, one.manifest_count, one.last_update_time.unix_millis(), switches)
            })
        })
    });
    let count = |number: u64| format::count(usize::try_from(number).unwrap_or(usize::MAX));
    let number = move |pick: fn(&Known) -> u64| {
        move || match attributes.with(|known| known.as_ref().map(pick)) {
            Some(number) => count(number).into_any(),
            None => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
        }
    };
    let [with_tags, with_manifests, with_time, with_locks] = visible;
    let time = move || attributes.get().map(|known| view! { <Moment moment=known.2/> });
    let locks = move || attributes.get().map(|known| lock_chip(known.3));
    view! {
        <th scope="row" class="c-name" style:padding-left=indent(depth)>
            <RepositoryLink name/>
            <span class="cell-sub">
                {move || {
                    attributes
                        .get()
                        .map(|(tags, manifests, updated, _)| {
                            view! { {text::counts(tags, manifests)} " · " <Moment moment=updated/> }
                        })
                }}
            </span>
        </th>
        {with_tags.then(|| view! { <td class="c-number c-wide">{number(|known| known.0)}</td> })}
        {with_manifests.then(|| view! { <td class="c-number c-wide">{number(|known| known.1)}</td> })}
        {with_time.then(|| view! { <td class="c-time c-wide">{time}</td> })}
        {with_locks.then(|| view! { <td class="c-locks c-wide">{locks}</td> })}
    }
}

/// The link to a repository, its namespace paler than its name.
#[component]
pub(crate) fn RepositoryLink(name: String) -> impl IntoView {
    let session = use_session();
    let navigation = use_navigation();
    let (namespace, last) = match name.rsplit_once('/') {
        Some((namespace, last)) => (format!("{namespace}/"), last.to_owned()),
        None => (String::new(), name.clone()),
    };
    // An invalid name is shown all the same, without a link that could not be followed.
    let href = name
        .parse()
        .ok()
        .map(|repository| navigation.href(&Route::repository(session.registry(), &repository)));
    view! {
        <a class="row-link" href=href title=name>
            <Glyph icon=Icon::Repository/>
            <span class="ellipsis"><span class="namespace">{namespace}</span>{last}</span>
        </a>
    }
}

/// The indentation of a row of the tree.
pub(super) fn indent(depth: usize) -> Option<String> {
    (depth > 0).then(|| format!("{}rem", 0.75 + 1.25 * depth as f64))
}
