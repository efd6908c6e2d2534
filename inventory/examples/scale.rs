//! Measures a large registry: 100 000 manifests with a million references. Prints the time that the processor worked, which on a busy
//! machine is less than what passed, and memory; `cargo run --release -p acr-inventory --example scale`. With the path of a file as its
//! argument, the snapshot is written there.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant as Wall};

use acr_inventory::cleanup::{Planner, Progress, Rule, RuleText, plan};
use acr_inventory::in_use::InUse;
use acr_inventory::snapshot::{Snapshot, read, write};
use acr_inventory::{Content, Graph, Instant, Inventory, Kind, Locks, ManifestRow, Page, Reference, TagRow};

const REPOSITORIES: usize = 200;
const IMAGES: usize = 500;
const LAYERS: usize = 10;
/// How many items the page looks at before it looks at the clock (`dashboard/src/cleanup/planning.rs`).
const STEP: usize = 500;
const DAY: i64 = 86_400 * Instant::TICKS_PER_SECOND;
/// When the registry is read and the plans are made: a year's pushes are older.
const NOW: Instant = Instant::from_ticks(400 * DAY);

/// A digest that is its number, spread over the bytes.
fn digest(kind: char, number: usize) -> String {
    format!(
        "sha256:{:064x}",
        (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) ^ kind as u128
    )
}

/// What the registry would answer, parsed: made before the clock starts.
struct Input {
    repository: String,
    tags: Vec<Page<TagRow>>,
    manifests: Vec<Page<ManifestRow>>,
    contents: Vec<(String, Content)>,
}

fn main() {
    let inputs: Vec<Input> = (0..REPOSITORIES).map(|number| input(number, IMAGES)).collect();
    let before = memory();
    let start = Clock::start();
    let inventory = inventory_of(&inputs);
    println!(
        "read {} manifests, {} references: {:?}",
        REPOSITORIES * IMAGES,
        REPOSITORIES * IMAGES * (LAYERS + 1),
        start.elapsed()
    );
    let start = Clock::start();
    let graph = inventory.graph();
    println!("index: {:?}; memory: {} MiB", start.elapsed(), (memory() - before) / 1024);
    let start = Clock::start();
    let figures = graph.registry_figures();
    println!("figures of the registry: {:?} ({} bytes)", start.elapsed(), figures.unique.bytes);
    let groups: Vec<_> = inventory.repositories().collect();
    let groups: Vec<&[_]> = groups.iter().map(std::slice::from_ref).collect();
    let start = Clock::start();
    println!("figures of {} repositories: {:?}", graph.group_figures(&groups).len(), start.elapsed());
    let start = Clock::start();
    println!("{} bases: {:?}", graph.bases().len(), start.elapsed());
    for expression in [".*", "^v1", r"^pr-\d+$", r"(test|dev|\d{4,})"] {
        let filters = vec![format!(".*:{expression}")];
        let text =
            RuleText { filters, ago: "30d".to_owned(), keep: 3, untagged: true, ..RuleText::default() };
        let start = Clock::start();
        let plan = plan(graph, &text.compile().unwrap(), &InUse::default(), NOW);
        println!(
            "plan of `{expression}`: {:?} ({} steps of {} items); longest step of its making: {:?}",
            start.elapsed(),
            plan.steps().len(),
            plan.items().len(),
            longest_step(graph, &text)
        );
    }
    let text = RuleText { filters: vec![".*:.*".to_owned()], untagged: true, ..RuleText::default() };
    let one = inventory_of(&[input(0, REPOSITORIES * IMAGES)]);
    let chain = inventory_of(&[chain(REPOSITORIES * IMAGES)]);
    println!(
        "longest step where all are in one repository: {:?}; where each is in the next one: {:?}",
        longest_step(one.graph(), &text),
        longest_step(chain.graph(), &text)
    );
    let start = Clock::start();
    let text = write(&Snapshot { inventory: inventory.clone(), taken: NOW });
    println!("snapshot written: {:?} ({} MiB)", start.elapsed(), text.len() >> 20);
    if let Some(path) = std::env::args_os().nth(1) {
        std::fs::write(path, &text).unwrap();
    }
    let start = Clock::start();
    println!("snapshot read: {} ({:?})", read(&text).is_ok(), start.elapsed());
}

/// How long the longest step takes of those in which the page makes a plan. What else the machine does meanwhile is left out by taking the
/// shortest of three times that passed: the processor's time is counted in units that are longer than a step.
fn longest_step(graph: Graph<'_>, rule: &RuleText) -> Duration {
    let rule = rule.compile().unwrap();
    let runs: Vec<Vec<Duration>> = (0..3).map(|_| steps(graph, &rule)).collect();
    let shortest = |step: usize| runs.iter().filter_map(|run| run.get(step)).min().copied();
    (0..).map_while(shortest).max().unwrap_or_default()
}

/// How long each step takes.
fn steps(graph: Graph<'_>, rule: &Rule) -> Vec<Duration> {
    let start = Wall::now();
    let mut planner = Box::new(Planner::new(graph, rule, &InUse::default(), NOW));
    let mut times = vec![start.elapsed()];
    loop {
        let start = Wall::now();
        let progress = planner.advance(graph, STEP);
        times.push(start.elapsed());
        match progress {
            Progress::Unfinished(unfinished) => planner = unfinished,
            Progress::Made(_) | Progress::Outdated => return times,
        }
    }
}

fn inventory_of(inputs: &[Input]) -> Inventory {
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let rows = inputs.iter().map(|input| input.repository.clone()).collect();
    inventory.read_catalog(&Page { rows, ..Page::default() });
    for input in inputs {
        input.manifests.iter().for_each(|page| inventory.read_manifests(&input.repository, page));
        input.tags.iter().for_each(|page| inventory.read_tags(&input.repository, page));
        input.contents.iter().for_each(|(digest, content)| inventory.read_content(digest, content));
    }
    inventory
}

/// A repository of so many indexes, each with the one before it as its only manifest.
fn chain(length: usize) -> Input {
    let mut input = Input {
        repository: "chain".to_owned(),
        tags: pages(Vec::<TagRow>::new()),
        manifests: Vec::new(),
        contents: Vec::new(),
    };
    let updated = Some(Instant::from_ticks(DAY));
    let mut rows = Vec::new();
    for number in 0..length {
        let name = digest('m', number);
        rows.push(ManifestRow { digest: name.clone(), updated, kind: Kind::Index, ..ManifestRow::default() });
        let child = number.checked_sub(1).map(|child| digest('m', child));
        let children = child.map(|digest| Reference { digest, size: Some(1500), external: false });
        let children = children.into_iter().collect();
        let content = Content { kind: Kind::Index, size: 1500, children, ..Content::default() };
        input.contents.push((name, content));
    }
    input.manifests = pages(rows);
    input
}

fn input(number: usize, images: usize) -> Input {
    let first = number * images;
    let mut manifests = Vec::new();
    let mut tags = Vec::new();
    let mut contents = Vec::new();
    for image in first..first + images {
        let updated = Some(Instant::from_ticks((image % 365) as i64 * DAY));
        let name = digest('m', image);
        let kind = if image % 10 == 0 { Kind::Index } else { Kind::Image };
        let row = ManifestRow {
            digest: name.clone(),
            image_size: Some(1 << 26),
            created: updated,
            updated,
            locks: Locks::OPEN,
            kind,
        };
        manifests.push(row);
        let reference = |digest, size| Reference { digest, size: Some(size), external: false };
        let mut content = Content { kind, size: 1500, ..Content::default() };
        match kind {
            Kind::Index => {
                content.children = (1..9).map(|child| reference(digest('m', image + child), 1500)).collect()
            }
            _ => {
                let base = (0..5).map(|layer| reference(digest('b', number % 20 * 5 + layer), 30 << 20));
                let own =
                    (0..LAYERS - 4).map(|layer| reference(digest('l', image / 2 * LAYERS + layer), 1 << 20));
                content.blobs = base.chain(own).collect();
            }
        }
        contents.push((name.clone(), content));
        if image % 10 < 6 {
            let name_of_tag = if image % 2 == 0 { format!("v1.{image}.0") } else { format!("pr-{image}") };
            tags.push(TagRow {
                name: name_of_tag,
                digest: name,
                created: updated,
                updated,
                locks: Locks::OPEN,
            });
        }
    }
    Input {
        repository: format!("team{}/app{number}", number % 9),
        tags: pages(tags),
        manifests: pages(manifests),
        contents,
    }
}

fn pages<T: Clone>(rows: Vec<T>) -> Vec<Page<T>> {
    let chunks: Vec<_> = rows.chunks(100).collect();
    let cursor = |number: usize| if number == 0 { String::new() } else { number.to_string() };
    let page = |(number, rows): (usize, &&[T])| Page {
        after: cursor(number),
        next: (number + 1 < chunks.len()).then(|| cursor(number + 1)),
        rows: rows.to_vec(),
    };
    chunks.iter().enumerate().map(page).collect()
}

/// Resident memory in KiB, where the system says it.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// The time that this thread had the processor, where the system says it, else the time that passed.
struct Clock {
    wall: Wall,
    worked: Option<u64>,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Wall::now(), worked: worked() }
    }

    fn elapsed(&self) -> Duration {
        let worked = self.worked.zip(worked()).map(|(start, end)| Duration::from_nanos(end - start));
        worked.unwrap_or_else(|| self.wall.elapsed())
    }
}

/// Nanoseconds that this thread had the processor (Linux, "scheduler statistics").
fn worked() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
