//! What the entries of an index are.

use acr_client_wasm::{Descriptor, MediaType};

use super::annotated::by_annotation;
use super::decision::Decision;
use super::single;
use crate::kind::Kind;
use crate::relation;
use crate::traits::Traits;
use crate::types;

/// What an index holds: by its own type where it states one, else by its annotations, its tag and its entries.
pub(super) fn content(traits: &Traits<'_>) -> Decision {
    let is_cache = |entry: &Descriptor| {
        types::find(entry.media_type.as_str()).is_some_and(|known| known.kind == Kind::BuildCache)
    };
    if traits.entries.iter().any(is_cache) {
        return Decision { kind: Kind::BuildCache, format: "BuildKit".to_owned() };
    }
    if let Some(stated) = traits.stated_type().filter(|stated| !types::is_meaningless(stated)) {
        return types::find(stated).map_or(Decision::plain(Kind::Artifact), Decision::from);
    }
    if let Some(decision) = by_annotation(traits) {
        return decision;
    }
    if traits.tags.iter().any(|tag| relation::is_referrers_tag(tag)) {
        return Decision::plain(Kind::Artifact);
    }
    by_entries(traits.entries)
}

/// An index may hold images unless each of its entries is known to be something else. Evidence next to other things, as SOCI and BuildKit add
/// it, does not count.
fn by_entries(entries: &[Descriptor]) -> Decision {
    let (evidence, others): (Vec<_>, Vec<_>) =
        entries.iter().map(of_entry).partition(|entry| entry.kind.is_evidence());
    if others.iter().any(|entry| entry.kind == Kind::Image) || entries.is_empty() {
        return Decision::plain(Kind::Image);
    }
    let mut counted = if others.is_empty() { evidence } else { others }.into_iter();
    let Some(first) = counted.next() else { return Decision::plain(Kind::Image) };
    let (mut same_kind, mut same_format) = (true, true);
    for other in counted {
        same_kind &= other.kind == first.kind;
        same_format &= other.format == first.format;
    }
    match (same_kind, same_format) {
        (true, true) => first,
        (true, false) => Decision::plain(first.kind),
        (false, _) => Decision::plain(Kind::Artifact),
    }
}

fn of_entry(entry: &Descriptor) -> Decision {
    let traits = Traits::of_descriptor(entry);
    // An index in an index is one of images, as far as an entry says.
    let nested = MediaType::new(traits.media_type).is_index() && traits.stated_type().is_none();
    // A type that says nothing leaves it open as well.
    let states_nothing = traits.stated_type().is_some_and(types::is_meaningless);
    if nested || states_nothing { Decision::plain(Kind::Image) } else { single::manifest(&traits) }
}
