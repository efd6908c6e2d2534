//! The largest layers, each with everything that uses it.

use acr_inventory::DigestId;
use leptos::prelude::*;

use super::origin::Origin;
use super::summary::{Layer, Summary};
use crate::component::digest::DigestText;
use crate::component::growing::Growing;
use crate::component::plain_table::PlainTable;
use crate::format;
use crate::navigation::use_navigation;
use crate::page::inventory::label::manifest_label;
use crate::route::Route;
use crate::session::use_session;
use crate::text::storage as text;

/// How many images are named at once.
const NAMED: usize = 50;

/// The table; nothing where no layer was read.
pub(super) fn layers(origin: Origin, summary: RwSignal<Summary>) -> AnyView {
    let layers = Memo::new(move |_| summary.with(|summary| summary.layers.clone()));
    let table = move || {
        let layers = layers.get();
        if layers.is_empty() {
            return ().into_any();
        }
        let heads = vec![
            (text::LAYER, "c-digest c-short"),
            (text::SIZE, "c-number c-size"),
            (text::USED_BY, "c-name"),
        ];
        let count = layers.len();
        let layers = StoredValue::new(layers);
        let row = Callback::new(move |at: usize| {
            layers
                .with_value(|layers| layers.get(at).map_or_else(|| ().into_any(), |layer| row(origin, layer)))
        });
        view! {
            <h2 class="part-title">{text::LAYERS}</h2>
            <PlainTable name=text::LAYERS heads count row/>
        }
        .into_any()
    };
    table.into_any()
}

fn row(origin: Origin, layer: &Layer) -> AnyView {
    let (id, uses) = (layer.id, layer.uses);
    let open = RwSignal::new(false);
    view! {
        <tr class="row">
            <th scope="row" class="c-digest"><DigestText digest=layer.digest.clone()/></th>
            <td class="c-number" title=format::bytes(layer.size)>{format::size(layer.size)}</td>
            <td class="c-name">
                <details on:toggle=move |_| open.set(true)>
                    <summary>{text::manifests(uses)}</summary>
                    <Show when=move || open.get()>{users(origin, id)}</Show>
                </details>
            </td>
        </tr>
    }
    .into_any()
}

/// Everything that contains a layer, of the present with a link each.
fn users(origin: Origin, layer: DigestId) -> AnyView {
    let registry = use_session().registry().to_owned();
    let users: Vec<(String, Option<Route>)> = untrack(|| {
        origin.inventory.with_graph(|graph| {
            let user = |id| (manifest_label(graph, id), origin.manifest_route(&registry, graph, id));
            graph.images_with(layer).into_iter().map(user).collect()
        })
    });
    let count = users.len();
    let users = StoredValue::new(users);
    let piece = Callback::new(move |at: usize| {
        let Some((name, route)) = users.with_value(|users| users.get(at).cloned()) else {
            return ().into_any();
        };
        match route.map(|route| use_navigation().href(&route)) {
            Some(href) => view! { <li><a href=href>{name}</a></li> }.into_any(),
            None => view! { <li>{name}</li> }.into_any(),
        }
    });
    let growing = Growing::new(count, NAMED, piece);
    view! { <ul class="names">{growing.pieces()}</ul> {growing.more()} }.into_any()
}
