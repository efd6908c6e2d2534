//! Tabs, with the arrow keys to move between them. The accessible name of a tab is its label alone.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tab {
    /// Its value in the URL.
    pub(crate) id: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// A count next to the name; not part of the accessible name. Empty for none.
    pub(crate) count: String,
    /// Where it leads.
    pub(crate) href: String,
}

/// A row of tabs and the panel of the chosen one.
#[component]
pub(crate) fn Tabs(
    /// What the tabs are of, for assistive technology.
    #[prop(into)]
    label: String,
    #[prop(into)] tabs: Signal<Vec<Tab>>,
    #[prop(into)] chosen: Signal<&'static str>,
    on_choose: Callback<&'static str>,
    /// Makes the panel of a tab.
    panel: Callback<&'static str, AnyView>,
) -> impl IntoView {
    let key = move |event: KeyboardEvent| {
        let ids: Vec<_> = tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.id).collect());
        let current = ids.iter().position(|id| *id == chosen.get_untracked()).unwrap_or(0);
        let last = ids.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowRight" if current == last => 0,
            "ArrowRight" => current + 1,
            "ArrowLeft" => current.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = ids.get(next) {
            on_choose.run(id);
            focus_tab(&event, next);
        }
    };
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        tabs.track();
        if let Some(list) = list.get() {
            show_tab(&list, chosen.get());
        }
    });
    view! {
        <div class="tabs" part="tabs" role="tablist" aria-label=label node_ref=list on:keydown=key>
            <For each=move || tabs.get() key=|tab| tab.id let:tab>
                <TabLink id=tab.id name=tab.name tabs chosen on_choose/>
            </For>
        </div>
        <div
            class="panel"
            part="panel"
            role="tabpanel"
            id="panel"
            tabindex="-1"
            aria-labelledby=move || format!("tab-{}", chosen.get())
        >
            {move || panel.run(chosen.get())}
        </div>
    }
}

/// The link stays the same when its count or its address changes: it may have the focus, or a button of the mouse may be down on it.
#[component]
fn TabLink(
    id: &'static str,
    name: &'static str,
    tabs: Signal<Vec<Tab>>,
    chosen: Signal<&'static str>,
    on_choose: Callback<&'static str>,
) -> impl IntoView {
    let own = move |part: fn(&Tab) -> &String| {
        tabs.with(|tabs| tabs.iter().find(|tab| tab.id == id).map(part).cloned()).unwrap_or_default()
    };
    let count = Memo::new(move |_| own(|tab| &tab.count));
    let count_badge = move || {
        let count = count.get();
        (!count.is_empty()).then(|| view! { <span class="tab-count" aria-hidden="true">{count}</span> })
    };
    let is_chosen = move || chosen.get() == id;
    view! {
        <a
            role="tab"
            id=format!("tab-{id}")
            href=move || own(|tab| &tab.href)
            aria-selected=move || if is_chosen() { "true" } else { "false" }
            aria-controls="panel"
            tabindex=move || if is_chosen() { "0" } else { "-1" }
            on:click=move |event| {
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    event.prevent_default();
                    on_choose.run(id);
                }
            }
        >
            {name}
            {count_badge}
        </a>
    }
}

/// Scrolls a row of more tabs than there is room for until the chosen one is in sight; the page stays where it is.
fn show_tab(list: &web_sys::Element, id: &str) {
    let Ok(Some(tab)) = list.query_selector(&format!("#tab-{id}")) else { return };
    let (row, tab) = (list.get_bounding_client_rect(), tab.get_bounding_client_rect());
    let hidden = match (row.left() - tab.left(), tab.right() - row.right()) {
        (before, _) if before > 0.0 => -before,
        (_, beyond) if beyond > 0.0 => beyond,
        _ => return,
    };
    list.set_scroll_left(list.scroll_left() + hidden.round() as i32);
}

fn focus_tab(event: &KeyboardEvent, position: usize) {
    let list = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let tabs = list.and_then(|list| list.query_selector_all("[role=tab]").ok());
    let tab = tabs.and_then(|tabs| u32::try_from(position).ok().and_then(|at| tabs.item(at)));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = tab.focus();
    }
}
