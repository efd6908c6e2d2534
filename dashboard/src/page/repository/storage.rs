//! What takes the space of a repository, and when it was pushed: charts, each with a table.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::naming::{Naming, Tags, asked};
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::facts::{Fact, Facts};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::component::skeleton::Skeleton;
use crate::component::treemap_view::{BarChart, TreemapView};
use crate::format;
use crate::format::time;
use crate::list::rows::ManifestRow;
use crate::repository_data::RepositoryData;
use crate::text::list as list_text;
use crate::text::repository as text;

/// How many areas the treemap has before the rest is one.
const AREAS: usize = 48;
/// How many indexes are read without a click, to name their platforms.
const INDEXES: usize = 25;
/// How many months the chart goes back.
const MONTHS: usize = 24;

/// The tab.
#[component]
pub(crate) fn Storage() -> impl IntoView {
    let data: RepositoryData = expect_context();
    let (manifests, _) = data.manifests();
    let empty = Memo::new(move |_| manifests.rows.with(Vec::is_empty));
    let naming = Naming::follow(data, manifests, Signal::stored(true), INDEXES);
    move || match manifests.failed() {
        Some(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| manifests.refresh())/> }.into_any()
        }
        None if !manifests.started.get() => view! { <Skeleton lines=8/> }.into_any(),
        None if empty.get() => {
            view! { <EmptyState title=text::NO_MANIFESTS hint=text::NO_MANIFESTS_HINT/> }.into_any()
        }
        None => {
            let summary = naming.tags.with(|tags| manifests.rows.with(|rows| Summary::of(rows, tags)));
            view! { <Pictures summary naming/> }.into_any()
        }
    }
}

/// What the pictures show.
struct Summary {
    /// Name and size in bytes, the largest first; the rest in one.
    parts: Vec<(String, u64)>,
    total: u64,
    untagged: u64,
    /// Pushes by month, as `2026-03`; the months without any included.
    months: Vec<(String, usize)>,
}

impl Summary {
    fn of(rows: &[ManifestRow], tags: &Tags) -> Self {
        // An index has the sizes of its manifests, which have rows of their own.
        let sized = rows.iter().filter(|row| !row.description.is_index);
        let mut parts: Vec<(String, u64)> = sized
            .clone()
            .filter_map(|row| Some((name_of(row, tags), row.size.filter(|size| *size > 0)?)))
            .collect();
        parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let total = parts.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
        let rest = parts.split_off(AREAS.min(parts.len()));
        if !rest.is_empty() {
            let size = rest.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
            parts.push((text::others(rest.len()), size));
            parts.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        }
        let untagged = sized
            .filter(|row| row.tags.is_empty() && row.platform.is_empty() && !tags.contains_key(&*row.digest));
        let untagged = untagged.filter_map(|row| row.size).fold(0, u64::saturating_add);
        Self { parts, total, untagged, months: months(rows) }
    }
}

fn name_of(row: &ManifestRow, tags: &Tags) -> String {
    match (row.tags.first().or_else(|| tags.get(&*row.digest)), row.platform.is_empty()) {
        (Some(tag), true) => tag.clone(),
        (Some(tag), false) => format!("{tag} {}", row.platform),
        (None, false) => format!("{} {}", row.platform, format::short_digest(&row.digest)),
        (None, true) => format!("{} {}", row.description.title(), format::short_digest(&row.digest)),
    }
}

fn months(rows: &[ManifestRow]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for created in rows.iter().filter_map(|row| row.created) {
        let month: String = time::date(created).chars().take(7).collect();
        *counts.entry(month).or_default() += 1;
    }
    let (Some(first), Some(last)) = (counts.keys().next().cloned(), counts.keys().next_back().cloned())
    else {
        return Vec::new();
    };
    let mut month = last;
    let mut all = Vec::new();
    while all.len() < MONTHS && month >= first {
        all.push((month.clone(), counts.get(&month).copied().unwrap_or(0)));
        month = before(&month);
    }
    all.reverse();
    all
}

/// The month before, both as `2026-03`.
fn before(month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap_or(("0", "1"));
    let (year, number): (i64, i64) = (year.parse().unwrap_or(0), number.parse().unwrap_or(1));
    if number > 1 { format!("{year:04}-{:02}", number - 1) } else { format!("{:04}-12", year - 1) }
}

#[component]
fn Pictures(summary: Summary, naming: Naming) -> impl IntoView {
    let Summary { parts, total, untagged, months } = summary;
    let shares = parts.iter().map(|(name, size)| (name.clone(), *size, format::percent(*size, total)));
    let sizes = size_table(shares.collect());
    let pushes = push_table(months.iter().rev().cloned().collect());
    view! {
        <Facts>
            <Fact name=text::STORED>{format::size(total)}</Fact>
            <Fact name=text::UNTAGGED_STORED>{format::size(untagged)}</Fact>
        </Facts>
        <p class="hint">{text::STORAGE_HINT}</p>
        <h2 class="part-title">{text::SIZES}</h2>
        {asked(naming)}
        <TreemapView items=parts/>
        <details class="fold">
            <summary>{list_text::AS_TABLE}</summary>
            {sizes}
        </details>
        <h2 class="part-title">{text::PUSHES}</h2>
        <BarChart bars=months/>
        <details class="fold">
            <summary>{list_text::AS_TABLE}</summary>
            {pushes}
        </details>
    }
}

fn size_table(parts: Vec<(String, u64, f64)>) -> AnyView {
    let heads = vec![(text::MANIFESTS, "c-name"), (text::SIZE, "c-number"), (text::SHARE, "c-number")];
    let row = |_: usize, (name, size, share): (String, u64, f64)| {
        view! {
            <tr class="row">
                <th scope="row" class="c-name">{name}</th>
                <td class="c-number">{format::size(size)}</td>
                <td class="c-number">{format!("{share:.1} %")}</td>
            </tr>
        }
        .into_any()
    };
    view! { <PlainTable name=text::SIZES heads count=parts.len() row=rows_of(parts, row)/> }.into_any()
}

fn push_table(months: Vec<(String, usize)>) -> AnyView {
    let heads = vec![(text::MONTH, "c-name"), (text::MANIFESTS, "c-number")];
    let row = |_: usize, (month, count): (String, usize)| {
        view! {
            <tr class="row">
                <th scope="row" class="c-name">{month}</th>
                <td class="c-number">{format::count(count)}</td>
            </tr>
        }
        .into_any()
    };
    view! { <PlainTable name=text::PUSHES heads count=months.len() row=rows_of(months, row)/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::rows::tests::description;

    #[test]
    fn a_platform_has_the_name_of_the_tag_whose_index_it_is_in() {
        let row = ManifestRow {
            digest: "sha256:0123456789abcdef".into(),
            size: Some(1),
            created: None,
            updated: None,
            platform: "linux/arm64".into(),
            description: description("image"),
            tags: Box::new([]),
            switches: crate::protection::Switches::OPEN,
            quarantine: None,
        };
        assert_eq!(name_of(&row, &Tags::new()), "linux/arm64 sha256:0123456789ab");
        let tags = Tags::from([(row.digest.to_string(), "1.2".to_owned())]);
        assert_eq!(name_of(&row, &tags), "1.2 linux/arm64");
    }

    #[test]
    fn the_manifests_of_an_index_are_counted_once() {
        let row = |digest: &str, what: &str, size: u64| ManifestRow {
            digest: digest.into(),
            size: Some(size),
            created: None,
            updated: None,
            platform: "".into(),
            description: description(what),
            tags: Box::new([]),
            switches: crate::protection::Switches::OPEN,
            quarantine: None,
        };
        let rows = [
            row("sha256:1", "index", 41_473),
            row("sha256:2", "application/vnd.opentofu.provider", 41_000),
            row("sha256:3", "application/vnd.opentofu.provider", 473),
        ];
        let tags = Tags::from([("sha256:2".to_owned(), "1.4.0".to_owned())]);
        let summary = Summary::of(&rows, &tags);
        assert_eq!((summary.total, summary.untagged), (41_473, 473), "one of them is in a tagged index");
    }

    #[test]
    fn months_go_back_over_the_turn_of_the_year() {
        assert_eq!(before("2026-03"), "2026-02");
        assert_eq!(before("2026-01"), "2025-12");
    }
}
