//! The buttons next to a manifest's heading: lock, unlock, untag, delete, refresh.

use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::candidate::PARAMETER;
use super::data::ManifestData;
use crate::action::plan::{Action, Plan, Target};
use crate::action::run::Run;
use crate::navigation::use_navigation;
use crate::page::actions::bulk::ActionButtons;
use crate::page::actions::dialog::ActionDialog;
use crate::page::refresh_button::RefreshButton;
use crate::protection::Switches;
use crate::route::{LEFT_PLATFORM, Route};
use crate::text::compare as text;

/// The buttons.
#[component]
pub(crate) fn Tools() -> impl IntoView {
    let data: ManifestData = expect_context();
    let navigation = use_navigation();
    let plan = RwSignal::new(None::<Plan>);
    let left = RwSignal::new(false);
    let ask = Callback::new(move |action| plan.set(Some(plan_of(data, action))));
    let ended = Callback::new(move |run: Run| {
        let done = run.items.with_untracked(|items| items.iter().any(|(_, outcome)| outcome.is_good()));
        if done && plan.with_untracked(|plan| plan.as_ref().is_some_and(|plan| plan.action.removes())) {
            left.set(true);
        } else if done {
            data.refresh();
        }
    });
    Effect::new(move |_| {
        // Left once the results have been read and the dialog is closed: there is nothing here any more.
        if left.get() && plan.with(Option::is_none) {
            navigation.go(Route::repository(data.session().registry(), &data.repository()));
        }
    });
    let name = format!("{}{}", data.repository(), suffix(&data.reference()));
    let compare = Route::compare(data.session().registry(), &name, "");
    let compare = move || {
        let platform = navigation.param(PARAMETER);
        navigation.href(&compare.clone().with(LEFT_PLATFORM, &platform))
    };
    let is_tag = matches!(data.reference(), Reference::Tag(_));
    let there = Memo::new(move |_| data.content.with_ready(|_| ()).is_some());
    view! {
        <div class="title-tools">
            <Show when=move || there.get()>
                <a class="button" href=compare.clone()>{text::COMPARE_WITH}</a>
                <ActionButtons repository=data.repository().as_str().to_owned() with_untag=is_tag ask/>
            </Show>
            <RefreshButton busy=Signal::derive(move || data.busy()) on_refresh=Callback::new(move |()| data.refresh())/>
            <ActionDialog plan on_end=ended/>
        </div>
    }
}

/// A reference as it follows a repository's name.
fn suffix(reference: &Reference) -> String {
    match reference {
        Reference::Tag(tag) => format!(":{tag}"),
        Reference::Digest(digest) => format!("@{digest}"),
    }
}

fn plan_of(data: ManifestData, action: Action) -> Plan {
    let switches = untrack(|| {
        let manifest = data.attributes.with_ready(|one| Switches::from(&one.changeable_attributes));
        let tag = data.tag.ready().flatten().map(|one| Switches::from(&one.changeable_attributes));
        manifest.into_iter().chain(tag).collect()
    });
    let target = Target { reference: data.reference(), digest: untrack(|| data.digest()), switches };
    Plan { action, repository: data.repository(), targets: vec![target] }
}
