//! The way from the registry down to what the screen shows.

use acr_client_wasm::RepositoryName;
use leptos::prelude::*;

use crate::navigation::use_navigation;
use crate::route::Route;
use crate::session::use_session;
use crate::text::shell as text;

/// Registry, and below it the repository where the screen shows a manifest. The parts of a repository's name lead to the
/// list filtered by them.
#[component]
pub(crate) fn Breadcrumb(
    repository: RepositoryName,
    #[prop(optional)] with_repository: bool,
) -> impl IntoView {
    let navigation = use_navigation();
    let session = use_session();
    let registry = session.registry().to_owned();
    let mut steps = vec![(text::REPOSITORIES.to_owned(), navigation.href(&Route::repositories(&registry)))];
    let mut prefix = String::new();
    let parts: Vec<_> = repository.as_str().split('/').collect();
    for part in parts.iter().take(parts.len().saturating_sub(1)) {
        prefix.push_str(part);
        prefix.push('/');
        let route = Route::repositories(&registry).with("q", &format!("{prefix}*"));
        steps.push(((*part).to_owned(), navigation.href(&route)));
    }
    if with_repository {
        let name = parts.last().map(|part| (*part).to_owned()).unwrap_or_default();
        steps.push((name, navigation.href(&Route::repository(&registry, &repository))));
    }
    view! {
        <ol class="breadcrumb" aria-label=text::BREADCRUMB>
            {steps
                .into_iter()
                .map(|(name, href)| view! { <li><a href=href>{name}</a></li> })
                .collect_view()}
        </ol>
    }
}
