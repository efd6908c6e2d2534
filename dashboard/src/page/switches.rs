//! The four switches of one level, saved through PATCH; what the registry answers is what is shown.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use acr_client_wasm::Error;
use leptos::prelude::*;

use crate::component::switch::Switch;
use crate::failure::Failure;
use crate::protection::Switches;
use crate::query::run_until_cleanup;
use crate::surface::event::Change;
use crate::surface::{stopped, use_surface};
use crate::text::attributes as text;
use crate::toasts::{Toasts, use_toasts};

/// One of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Read,
    Write,
    Delete,
    List,
}

impl Which {
    /// In the order of the screen.
    pub(crate) const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Delete, Self::List];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => text::READ,
            Self::Write => text::WRITE,
            Self::Delete => text::DELETE,
            Self::List => text::LIST,
        }
    }

    /// What the API calls it.
    fn attribute(self) -> &'static str {
        match self {
            Self::Read => "readEnabled",
            Self::Write => "writeEnabled",
            Self::Delete => "deleteEnabled",
            Self::List => "listEnabled",
        }
    }

    /// Whether it is on.
    pub(crate) fn of(self, switches: Switches) -> bool {
        match self {
            Self::Read => switches.read,
            Self::Write => switches.write,
            Self::Delete => switches.delete,
            Self::List => switches.list,
        }
    }

    /// A change of this one alone, in the wire's terms: the three others are left as they are.
    pub(crate) fn patch(self, on: bool) -> acr_client_wasm::ChangeableAttributesPatch {
        let mut patch = acr_client_wasm::ChangeableAttributesPatch::default();
        match self {
            Self::Read => patch.read_enabled = Some(on),
            Self::Write => patch.write_enabled = Some(on),
            Self::Delete => patch.delete_enabled = Some(on),
            Self::List => patch.list_enabled = Some(on),
        }
        patch
    }

    /// The same for a manifest.
    pub(crate) fn manifest_patch(self, on: bool) -> acr_client_wasm::ManifestChangeableAttributesPatch {
        let mut patch = acr_client_wasm::ManifestChangeableAttributesPatch::default();
        match self {
            Self::Read => patch.read_enabled = Some(on),
            Self::Write => patch.write_enabled = Some(on),
            Self::Delete => patch.delete_enabled = Some(on),
            Self::List => patch.list_enabled = Some(on),
        }
        patch
    }

    fn hint(self, is_repository: bool) -> &'static str {
        match self {
            Self::Read => text::READ_HINT,
            Self::Write if is_repository => text::REPOSITORY_WRITE_HINT,
            Self::Write => text::WRITE_HINT,
            Self::Delete if is_repository => text::REPOSITORY_DELETE_HINT,
            Self::Delete => text::DELETE_HINT,
            Self::List => text::LIST_HINT,
        }
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Switches, Error>>>>;

/// Asks the registry to set one switch; comes back with all four as the registry then has them.
#[derive(Clone)]
pub(crate) struct Save {
    repository: String,
    /// The tag or digest whose switches these are; none for the repository's own.
    reference: Option<String>,
    ask: Arc<dyn Fn(Which, bool) -> Answer + Send + Sync>,
}

impl Save {
    pub(crate) fn new<F, Fut>(repository: impl Into<String>, reference: Option<String>, save: F) -> Self
    where
        F: Fn(Which, bool) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Switches, Error>> + 'static,
    {
        let ask = Arc::new(move |which, on| -> Answer { Box::pin(save(which, on)) });
        Self { repository: repository.into(), reference, ask }
    }

    fn change(&self, which: Which, on: bool) -> Change {
        let references = self.reference.iter().cloned().collect();
        let mut change = Change::new("update-attributes", self.repository.as_str(), references);
        change.attribute = Some((which.attribute(), on));
        change
    }
}

/// The four switches of a level.
#[component]
pub(crate) fn SwitchGroup(
    /// The level: "Repository", "Tag 1.2".
    #[prop(into)]
    title: String,
    /// As the registry has them.
    #[prop(into)]
    switches: Signal<Switches>,
    /// Keeps what the registry answered.
    on_saved: Callback<Switches>,
    save: Save,
    #[prop(optional)] is_repository: bool,
    /// Why nothing may be changed; empty when it may.
    #[prop(optional, into)]
    forbidden: Signal<String>,
) -> impl IntoView {
    let busy = RwSignal::new(None::<Which>);
    let change = changer(title.clone(), busy, on_saved, save);
    let one = move |which: Which| {
        let change = change.clone();
        let hint = move || {
            let forbidden = forbidden.get();
            if forbidden.is_empty() { which.hint(is_repository).to_owned() } else { forbidden }
        };
        view! {
            <Switch
                name=which.name()
                hint=Signal::derive(hint)
                on=Signal::derive(move || which.of(switches.get()))
                disabled=Signal::derive(move || !forbidden.with(String::is_empty))
                busy=Signal::derive(move || busy.get() == Some(which))
                on_change=Callback::new(move |on| change(which, on))
            />
        }
    };
    let label = title.clone();
    view! {
        <section class="switch-group" role="group" aria-label=label>
            <h2>{title}</h2>
            {Which::ALL.map(one).into_iter().collect_view()}
        </section>
    }
}

/// Sets one switch, unless another change is in progress or the embedding page prevents it.
fn changer(
    title: String,
    busy: RwSignal<Option<Which>>,
    on_saved: Callback<Switches>,
    save: Save,
) -> Arc<dyn Fn(Which, bool) + Send + Sync> {
    let (toasts, surface) = (use_toasts(), use_surface());
    let owner = Owner::current().unwrap_or_default();
    let name = StoredValue::new(title);
    Arc::new(move |which: Which, on: bool| {
        if busy.get_untracked().is_some() {
            return;
        }
        let announced = save.change(which, on);
        if !surface.emit(&announced.before()) {
            toasts.fail(&stopped(text::change_failed(which.name(), &name.get_value())));
            return;
        }
        busy.set(Some(which));
        let answer = (save.ask)(which, on);
        let finish = move |answer: Result<Switches, Error>| {
            busy.set(None);
            let what = text::change_failed(which.name(), &name.get_value());
            let answer = answer.map_err(|error| Failure::of(what, &error));
            surface.emit(&announced.after_one(answer.as_ref().err()));
            report(which, on, &name.get_value(), answer, on_saved, toasts);
        };
        owner.with(|| run_until_cleanup(async move { finish(answer.await) }));
    })
}

/// Keeps what the registry answered to a change, and says how it went.
fn report(
    which: Which,
    on: bool,
    what: &str,
    answer: Result<Switches, Failure>,
    on_saved: Callback<Switches>,
    toasts: Toasts,
) {
    match answer {
        Ok(now) => {
            on_saved.run(now);
            if which.of(now) == on {
                toasts.say(text::changed(which.name(), on, what));
            } else {
                toasts.warn(text::not_as_asked(which.name(), what));
            }
        }
        Err(failure) => toasts.fail(&failure),
    }
}

/// The effective protection: what the levels add up to.
#[component]
pub(crate) fn Effects(#[prop(into)] sentences: Signal<Vec<String>>) -> impl IntoView {
    view! {
        <section class="effects" aria-live="polite">
            <h2>{text::EFFECT}</h2>
            {move || {
                let sentences = sentences.get();
                if sentences.is_empty() {
                    view! { <p>{text::NO_EFFECT}</p> }.into_any()
                } else {
                    view! { <ul>{sentences.into_iter().map(|one| view! { <li>{one}</li> }).collect_view()}</ul> }.into_any()
                }
            }}
            <p class="hint">{text::INDEPENDENT}</p>
        </section>
    }
}
