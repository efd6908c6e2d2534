//! The switches of a repository.

use leptos::prelude::*;

use crate::action::plan::Action;
use crate::page::switches::{Effects, Save, SwitchGroup};
use crate::protection::{Level, Switches, effects};
use crate::repository_data::RepositoryData;
use crate::session::use_session;
use crate::text::attributes as text;

/// The four switches, and what they add up to.
#[component]
pub(crate) fn RepositorySwitches() -> impl IntoView {
    let data: RepositoryData = expect_context();
    let switches = RwSignal::new(
        untrack(|| data.attributes.with_ready(|one| Switches::from(&one.changeable_attributes)))
            .unwrap_or(Switches::OPEN),
    );
    let group = repository_group(data, switches);
    view! {
        <div class="attributes">
            {group}
            <Effects sentences=Signal::derive(move || effects(&[(Level::Repository, switches.get())]))/>
        </div>
    }
}

/// The repository's switches as one of the levels of a screen.
pub(crate) fn repository_group(data: RepositoryData, switches: RwSignal<Switches>) -> impl IntoView {
    let session = use_session();
    let forbidden = data.with_name(|name| session.forbids(name.as_str(), Action::Lock)).unwrap_or_default();
    let repository = data.with_name(|name| name.as_str().to_owned());
    let save = Save::new(repository, None, move |which, on| {
        let client = session.client.clone();
        let name = data.with_name(Clone::clone);
        let seen = session.seen;
        async move {
            let answer = client.repositories().update_attributes(&name, &which.patch(on)).await?;
            let switches = Switches::from(&answer.changeable_attributes);
            let _ = seen.try_update(|seen| seen.insert(name.as_str().to_owned(), answer.clone()));
            data.attributes.set(answer);
            Ok(switches)
        }
    });
    let title = data.with_name(|name| text::group(text::REPOSITORY, name.as_str()));
    view! {
        <SwitchGroup
            title
            switches
            on_saved=Callback::new(move |now| switches.set(now))
            save
            is_repository=true
            forbidden=Signal::stored(forbidden)
        />
    }
}
