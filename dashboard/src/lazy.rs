//! Loads views that ship in a wasm chunk of their own, when they are first needed. Knows no screen: the owner of a view names its chunk with
//! `wasm_split` and makes a [`Chunk`] of the function.
//!
//! Without the feature `split` (`trunk serve`, the demo's page, native tests) every chunk is part of the one module.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::query::{Load, query, run};

/// Fetches a chunk, once, and answers with the views in it.
pub(crate) type Chunk<V> = fn() -> LocalBoxFuture<'static, Result<V, Failure>>;

/// What a function that is a split point answers with, as a future: with the feature `split` the function is asynchronous.
#[cfg(feature = "split")]
pub(crate) fn load<V>(
    views: impl Future<Output = Result<V, Failure>> + 'static,
) -> LocalBoxFuture<'static, Result<V, Failure>> {
    views.boxed_local()
}

/// What a function that is a split point answers with, as a future: with the feature `split` the function is asynchronous.
#[cfg(not(feature = "split"))]
pub(crate) fn load<V: 'static>(views: Result<V, Failure>) -> LocalBoxFuture<'static, Result<V, Failure>> {
    std::future::ready(views).boxed_local()
}

/// Shows what `draw` makes of a chunk's views: at once where the chunk is loaded, else after a skeleton, or why it could not be loaded.
pub(crate) fn lazy<V: Clone + Send + Sync + 'static>(
    chunk: Chunk<V>,
    draw: impl Fn(V) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    if let Some(Ok(views)) = chunk().now_or_never() {
        return draw(views);
    }
    let views = query(chunk);
    (move || match views.get() {
        Load::Loading => view! { <Skeleton/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| views.refresh())/> }.into_any()
        }
        Load::Ready(views) => draw(views),
    })
    .into_any()
}

/// The chunks that are fetched in advance. A context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Prefetch(pub(crate) fn() -> LocalBoxFuture<'static, ()>);

/// Fetches the app's chunks before they are needed, after the next frame: the first click waits for nothing, and a gateway that goes away
/// takes no screen with it.
pub(crate) fn prefetch() {
    if let Some(Prefetch(fetch)) = use_context::<Prefetch>() {
        // A chunk that fails here is fetched again, and its failure shown, when it is needed.
        request_animation_frame(move || drop(run(fetch())));
    }
}

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Failure {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        use crate::failure::FailureKind;
        use crate::text::shell as text;

        let failure = Self::local(text::PART_FAILED, text::PART_NO_ANSWER, text::PART_REMEDY);
        Self { kind: FailureKind::Unreachable, ..failure }
    }
}
