//! What a visit does not begin with: the screens and panels that ship as a second module, fetched when the first of them is needed
//! or once the first rows of a list are there. Everything reachable from [`parts`] alone is in that module; `cargo xtask` cuts it out.
//!
//! Without the feature `split` (the custom element, `trunk serve`, native tests) all of it is in one module and at hand at once.

use acr_client_wasm::{Reference, RepositoryName};
use leptos::prelude::*;

use crate::app::banner::PreferencesPanel;
use crate::component::error_state::ErrorState;
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::list::listing::Listing;
use crate::page::palette::PaletteBody;
use crate::page::repositories::look_ups::LookUps;
use crate::page::repositories::tree::Tree;
use crate::page::repositories::typed::ByName;
use crate::page::session_panel::Panel;
use crate::page::{manifest, repository};
use crate::query::{Load, query, run};
use crate::session::Session;

/// The way into the second module.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) repository: fn(RepositoryName) -> AnyView,
    pub(crate) manifest: fn(RepositoryName, Reference) -> AnyView,
    pub(crate) palette: fn() -> AnyView,
    pub(crate) session: fn(Session) -> AnyView,
    pub(crate) preferences: fn() -> AnyView,
    pub(crate) tree: fn(Listing<String>, LookUps) -> AnyView,
    pub(crate) by_name: fn() -> AnyView,
}

/// The only function through which the second module is entered.
#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(later, fallible))]
fn parts() -> Result<Parts, Failure> {
    Ok(Parts {
        repository: |repository| view! { <repository::Repository repository/> }.into_any(),
        manifest: |repository, reference| {
            view! { <manifest::ManifestScreen repository reference/> }.into_any()
        },
        palette: || view! { <PaletteBody/> }.into_any(),
        session: |session| view! { <Panel session/> }.into_any(),
        preferences: || view! { <PreferencesPanel/> }.into_any(),
        tree: |catalog, look_ups| view! { <Tree catalog look_ups/> }.into_any(),
        by_name: || view! { <ByName/> }.into_any(),
    })
}

/// Shows what `draw` makes of the second module: at once where it is there, else a skeleton until it is, or why it did not come.
pub(crate) fn later(draw: impl Fn(Parts) -> AnyView + Send + Sync + 'static) -> AnyView {
    if let Some(parts) = module::at_hand() {
        return draw(parts);
    }
    let module = query(module::load);
    (move || match module.get() {
        Load::Loading => view! { <Skeleton/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| module.refresh())/> }.into_any()
        }
        Load::Ready(parts) => draw(parts),
    })
    .into_any()
}

/// Fetches the second module before it is needed, after the next frame: so the first click waits for nothing, and a gateway that goes
/// away takes no screen with it.
pub(crate) fn fetch_ahead() {
    // Nobody waits for it: one that fails is tried again, and told, when it is needed.
    request_animation_frame(|| drop(run(async { drop(module::load().await) })));
}

#[cfg(feature = "split")]
mod module {
    //! The second module as a file of its own.

    use futures_util::FutureExt as _;
    use wasm_split_helpers::SplitLoaderError;

    use super::Parts;
    use crate::failure::{Failure, FailureKind};
    use crate::text::shell as text;

    pub(super) fn at_hand() -> Option<Parts> {
        load().now_or_never()?.ok()
    }

    pub(super) async fn load() -> Result<Parts, Failure> {
        super::parts().await
    }

    impl From<SplitLoaderError> for Failure {
        fn from(_: SplitLoaderError) -> Self {
            let failure = Self::local(text::PART_FAILED, text::PART_NO_ANSWER, text::PART_REMEDY);
            Self { kind: FailureKind::Unreachable, ..failure }
        }
    }
}

#[cfg(not(feature = "split"))]
mod module {
    //! The second module as a part of the first.

    use super::Parts;
    use crate::failure::Failure;

    pub(super) fn at_hand() -> Option<Parts> {
        super::parts().ok()
    }

    pub(super) async fn load() -> Result<Parts, Failure> {
        super::parts()
    }
}
