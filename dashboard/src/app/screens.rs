//! The one file that names every screen: which view shows which route, and which chunk the view ships in.
//!
//! The list of repositories is part of the first load, with the sign-in and the frame around the screens; every other screen is a chunk.

use acr_client_wasm::{Reference, RepositoryName};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use super::panels;
use crate::config::Config;
use crate::failure::Failure;
use crate::lazy::{self, Chunk, lazy};
use crate::navigation::use_navigation;
use crate::page::{cleanup, compare, manifest, no_screen, repositories, repository, storage};
use crate::pasted::{PARSERS, may_be_reference};
use crate::route::Screen;
use crate::session::Session;

type RepositoryView = fn(RepositoryName) -> AnyView;
type ManifestView = fn(RepositoryName, Reference) -> AnyView;

const REPOSITORY: Chunk<RepositoryView> = || lazy::load(repository_view());
const MANIFEST: Chunk<ManifestView> = || lazy::load(manifest_view());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(repository, fallible))]
fn repository_view() -> Result<RepositoryView, Failure> {
    Ok(|repository| view! { <repository::Repository repository/> }.into_any())
}

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(manifest, fallible))]
fn manifest_view() -> Result<ManifestView, Failure> {
    Ok(|repository, reference| view! { <manifest::ManifestScreen repository reference/> }.into_any())
}

/// Fetches the chunks that most visits need, in the order in which they need them. What reads layers is fetched when it is opened.
pub(super) fn prefetch() -> LocalBoxFuture<'static, ()> {
    Box::pin(async {
        // Each is independent of the others: one that fails takes none with it.
        drop(REPOSITORY().await);
        drop(MANIFEST().await);
        drop(panels::PANELS().await);
        drop(PARSERS().await);
        drop(repositories::LAZY_VIEWS().await);
        drop(storage::STORAGE().await);
        drop(cleanup::CLEANUP().await);
    })
}

/// The screen of the route, within an open registry.
#[component]
pub(super) fn Screens(session: Session) -> impl IntoView {
    let navigation = use_navigation();
    provide_context(session);
    // Parameters change within a screen; a new screen is only made for another path.
    let screen = Memo::new(move |_| navigation.route().screen);
    let config: Config = expect_context();
    move || match screen.get() {
        screen if may_be_reference(&screen, &config) => {
            lazy(PARSERS, move |parsers| no_screen::pasted(parsers, screen.clone()))
        }
        Screen::Home => ().into_any(),
        Screen::Repositories { .. } => view! { <repositories::Repositories/> }.into_any(),
        Screen::Repository { repository, .. } => lazy(REPOSITORY, move |view| view(repository.clone())),
        Screen::Manifest { repository, reference, .. } => {
            lazy(MANIFEST, move |view| view(repository.clone(), reference.clone()))
        }
        Screen::Compare { .. } => lazy(compare::COMPARE, |view| view()),
        Screen::Storage { .. } => lazy(storage::STORAGE, |views| (views.screen)()),
        Screen::Cleanup { .. } => lazy(cleanup::CLEANUP, |views| (views.screen)()),
        Screen::Malformed { text, problem, .. } => view! { <no_screen::Malformed text problem/> }.into_any(),
    }
}
