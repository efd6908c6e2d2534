//! How much of a manifest's screen is there and from when, as the bar above a list says it.

use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::list_bar::{resume, why_partial};
use crate::component::timestamp::Moment;
use crate::palette::add_entry;
use crate::query::Load;
use crate::text::list as text;

/// "complete · just now", or what is missing and the button that asks for it.
pub(super) fn completeness(data: ManifestData) -> AnyView {
    let is_partial = move || {
        let failed =
            matches!(data.attributes.get(), Load::Failed(_)) || matches!(data.tag.get(), Load::Failed(_));
        failed && !data.busy()
    };
    add_entry(text::RESUME.to_owned(), Signal::derive(is_partial), move || data.resume());
    let said = move || {
        if data.busy() {
            return text::LOADING.into_any();
        }
        let failure = match (data.attributes.get(), data.tag.get()) {
            (Load::Failed(failure), _) | (_, Load::Failed(failure)) => failure,
            _ => {
                let moment = Some(data.loaded_at.get());
                return view! { {text::COMPLETE} <span class="muted">" · " <Moment moment/></span> }
                    .into_any();
            }
        };
        let why = text::partial(why_partial(failure.kind));
        resume(why, failure.sentence(), Callback::new(move |()| data.resume()))
    };
    view! { <p class="completeness" role="status">{said}</p> }.into_any()
}
