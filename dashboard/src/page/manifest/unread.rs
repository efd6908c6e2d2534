//! A manifest that does not parse: what is certain of it, and its bytes as text.

use std::sync::Arc;

use leptos::prelude::*;

use super::data::ManifestData;
use super::raw::JsonText;
use crate::component::digest::DigestText;
use crate::component::error_state::ErrorState;
use crate::component::facts::{Fact, Facts};
use crate::component::skeleton::Skeleton;
use crate::query::Load;
use crate::text::manifest as text;

/// Its digest, its media type and its bytes.
pub(super) fn unread(data: ManifestData) -> AnyView {
    let content = data.unread();
    let shown = move || match content.get() {
        Load::Loading => view! { <Skeleton lines=4/> }.into_any(),
        Load::Failed(failure) => view! { <ErrorState failure/> }.into_any(),
        Load::Ready(content) => {
            let (digest, media_type) = (content.digest.to_string(), content.media_type.to_string());
            view! {
                <Facts>
                    <Fact name=text::DIGEST><DigestText digest/></Fact>
                    <Fact name=text::MEDIA_TYPE>{media_type}</Fact>
                </Facts>
                <h2 class="part-title">{text::BYTES}</h2>
                <JsonText bytes=Arc::from(&*content.bytes)/>
            }
            .into_any()
        }
    };
    shown.into_any()
}
