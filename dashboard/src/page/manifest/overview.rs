//! What a manifest is, at a glance.

use acr_artifact::platform::{Count, Entry};
use acr_artifact::{Description, Kind, platform, relation};
use acr_client_wasm::{Digest, Manifest, Reference};
use leptos::prelude::*;

use super::commands::pulls;
use super::data::ManifestData;
use super::layers::{layers_of, total_line};
use crate::component::chip::{Chip, Tone};
use crate::component::copy_button::CopyButton;
use crate::component::digest::DigestText;
use crate::component::facts::{Fact, Facts};
use crate::component::icon::Icon;
use crate::component::kind_icon::kind_icon;
use crate::component::layer_bars::LayerStrip;
use crate::component::lock_chip::lock_chip;
use crate::component::timestamp::Moment;
use crate::format;
use crate::navigation::use_navigation;
use crate::protection::Switches;
use crate::query::Load;
use crate::route::Route;
use crate::text::attributes as attribute_text;
use crate::text::manifest as text;
use crate::text::repository as repository_text;

/// How many tags, and how many platforms, are named at a glance.
const CHIPS: usize = 60;

/// The tab.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let data: ManifestData = expect_context();
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    let description = data.description();
    let (kind, title) = (description.kind, description.title());
    let manifest = &content.manifest;
    let about = relation::subject(manifest).map(|subject| subject.digest);
    let artifact_type = description.artifact_type.clone();
    let variants: Vec<_> = description.variants.iter().map(|variant| variant.name()).collect();
    let contents = contents(manifest, &description);
    let platform = platform_fact(data, manifest);
    let (digest, media_type) = (content.digest.to_string(), content.media_type.to_string());
    view! {
        <section class="overview">
            <Facts>
                <Fact name=text::TYPE><Chip text=title icon=kind_icon(kind) tone=Tone::Accent/></Fact>
                <Fact name=text::DIGEST><DigestText digest/></Fact>
                <Fact name=text::SIZE>{size_fact(data)}</Fact>
                <Fact name=text::PLATFORM>{platform}</Fact>
                <Fact name=text::CREATED>{moment_fact(data, true)}</Fact>
                <Fact name=text::LAST_UPDATED>{moment_fact(data, false)}</Fact>
                <Fact name=text::MEDIA_TYPE>{media_type}</Fact>
                {artifact_type.map(|it| view! { <Fact name=text::ARTIFACT_TYPE>{it}</Fact> })}
                {(!variants.is_empty()).then(|| view! { <Fact name=text::FORMAT>{variants.join(", ")}</Fact> })}
                {about.map(|digest| view! { <Fact name=text::SUBJECT>{manifest_link(data, &digest)}</Fact> })}
            </Facts>
            <Facts>
                <Fact name=text::TAGS>{tags_fact(data)}</Fact>
            </Facts>
            <PullCommand/>
            {contents}
            {locks(data)}
        </section>
    }
    .into_any()
}

/// What is in it: layers as a strip, or the parts of an index in a line.
fn contents(manifest: &Manifest, description: &Description) -> Option<AnyView> {
    let layers = layers_of(manifest);
    if !layers.is_empty() {
        let line = total_line(&layers);
        let sizes: Vec<_> = layers.iter().filter_map(|layer| layer.size).collect();
        let strip = (!sizes.is_empty()).then(|| view! { <LayerStrip sizes/> });
        return Some(
            view! { <div class="overview-part"><h2>{text::LAYERS}</h2>{strip}<p class="hint">{line}</p></div> }
                .into_any(),
        );
    }
    let entries = platform::entries(manifest);
    (!entries.is_empty()).then(|| {
        let count = platform::count(&entries);
        let line = text::entries(count);
        // Where there is nothing but evidence, that is what the index is of.
        let is_part = |entry: &Entry<'_>| count.platforms == 0 || !entry.description.kind.is_evidence();
        let chips = entries.into_iter().filter(is_part).take(CHIPS).map(|part| {
            let icon = (part.description.kind != Kind::Image).then(|| kind_icon(part.description.kind));
            match icon {
                Some(icon) => view! { <Chip text=part.name icon/> }.into_any(),
                None => view! { <Chip text=part.name/> }.into_any(),
            }
        });
        let chips = chips.collect_view();
        let heading = if description.content == Kind::Image { text::PLATFORMS } else { text::MANIFESTS };
        view! { <div class="overview-part"><h2>{heading}</h2><p class="chips">{chips}</p><p class="hint">{line}</p></div> }.into_any()
    })
}

fn size_fact(data: ManifestData) -> impl IntoView {
    move || match data.attributes.get() {
        Load::Ready(attributes) => match attributes.image_size {
            Some(size) => view! { <span title=format::bytes(size)>{format::size(size)}</span> }.into_any(),
            None => text::UNKNOWN.into_any(),
        },
        Load::Failed(_) => text::UNKNOWN.into_any(),
        Load::Loading => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
    }
}

fn moment_fact(data: ManifestData, created: bool) -> impl IntoView {
    move || {
        data.attributes
            .with_ready(|one| {
                if created { one.created_time.unix_millis() } else { one.last_update_time.unix_millis() }
            })
            .map(|moment| view! { <Moment moment/> })
    }
}

fn platform_fact(data: ManifestData, manifest: &Manifest) -> AnyView {
    let count = platform::count(&platform::entries(manifest));
    if count.platforms > 0 {
        return text::entries(Count { platforms: count.platforms, ..Count::default() }).into_any();
    }
    let listed = Memo::new(move |_| {
        data.attributes.with_ready(|one| {
            let os = one.os.clone().filter(|os| !os.is_empty())?;
            Some(platform::name(&os, one.architecture.as_deref().unwrap_or_default(), None, None))
        })
    });
    (move || match listed.get()? {
        Some(name) if name.is_empty() => Some(text::UNKNOWN.into_any()),
        Some(name) => Some(name.into_any()),
        None => Some(configured_platform(data)),
    })
    .into_any()
}

/// The platform that the config names, for an image of which the registry lists none, as those of Docker's first years.
fn configured_platform(data: ManifestData) -> AnyView {
    if data.description().kind != Kind::Image {
        return text::UNKNOWN.into_any();
    }
    let config = data.config();
    let name = move |blob: Option<&[u8]>| {
        let config = data.image_config(blob).ok().flatten()?.config;
        let name = platform::name(
            &config.os,
            &config.architecture,
            config.variant.as_deref(),
            config.os_version.as_deref(),
        );
        Some(name).filter(|name| !name.is_empty())
    };
    (move || match config.get() {
        Load::Loading => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
        Load::Failed(_) => text::UNKNOWN.into_any(),
        Load::Ready(blob) => name(blob.as_deref()).unwrap_or_else(|| text::UNKNOWN.to_owned()).into_any(),
    })
    .into_any()
}

/// The tags on this digest, each a link.
fn tags_fact(data: ManifestData) -> impl IntoView {
    let navigation = use_navigation();
    move || {
        let tags = data.attributes.with_ready(|one| one.tags.clone())?;
        if tags.is_empty() {
            return Some(view! { <span class="muted">{text::UNTAGGED}</span> }.into_any());
        }
        let link = |tag: String| {
            let href = tag.parse().ok().map(|name| {
                navigation.href(&Route::manifest(
                    data.session().registry(),
                    &data.repository(),
                    Reference::Tag(name),
                ))
            });
            view! { <a class="chip chip-link" href=href>{tag}</a> }
        };
        let more = tags.len().saturating_sub(CHIPS);
        let more = (more > 0).then(|| repository_text::more_tags(more));
        let chips = tags.into_iter().take(CHIPS).map(link).collect_view();
        Some(view! { <span class="chips">{chips} {more}</span> }.into_any())
    }
}

/// A digest as a link to its manifest in the same repository.
pub(crate) fn manifest_link(data: ManifestData, digest: &str) -> impl IntoView + use<> {
    let navigation = use_navigation();
    let parsed: Option<Digest> = digest.parse().ok();
    let href = parsed.map(|digest| {
        navigation.href(&Route::manifest(
            data.session().registry(),
            &data.repository(),
            Reference::Digest(digest),
        ))
    });
    view! { <DigestText digest=digest.to_owned() href=href.unwrap_or_default()/> }
}

#[component]
fn PullCommand() -> impl IntoView {
    let data: ManifestData = expect_context();
    let command = Memo::new(move |_| {
        pulls(data, &data.reference()).into_iter().next().map(|command| command.line).unwrap_or_default()
    });
    view! {
        <div class="command">
            <code>{command}</code>
            <CopyButton value=command name=text::COPY_PULL/>
        </div>
    }
}

fn locks(data: ManifestData) -> impl IntoView {
    move || {
        let one = data.attributes.ready()?;
        let quarantine = one.changeable_attributes.quarantine_state.clone();
        let switches = Switches::from(&one.changeable_attributes);
        let state = quarantine.map(|state| {
            let tone = if state.eq_ignore_ascii_case("passed") { Tone::Good } else { Tone::Danger };
            view! { <Chip text=format!("{}: {state}", attribute_text::QUARANTINE) tone icon=Icon::Warning/> }
        });
        Some(view! { <p class="overview-part">{lock_chip(switches)} {state}</p> })
    }
}
