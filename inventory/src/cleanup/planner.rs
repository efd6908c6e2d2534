//! The making of a plan, in steps of any size.

use std::collections::HashMap;

use super::budget::Budget;
use super::decide::Fates;
use super::draft::{Draft, RepositoryDraft};
use super::freed::Freed;
use super::item::{Action, Item, Target};
use super::order::DeletionOrder;
use super::plan::Plan;
use super::rule::Rule;
use super::tags::Context;
use crate::graph::Graph;
use crate::id::{DigestId, RepositoryId};
use crate::in_use::{InUse, RegistryUses};
use crate::instant::Instant;

/// Makes the plan of a rule at a moment.
///
/// It deletes what `acr purge` would, but never a child of an index that stays, never a signature or another referrer of a manifest that
/// stays, never what is in use or protected, and no manifest of a repository of which something was not read.
#[must_use]
pub fn plan(graph: Graph<'_>, rule: &Rule, in_use: &InUse, now: Instant) -> Plan {
    let mut planner = Planner::new(graph, rule, in_use, now);
    while !planner.work(graph, &mut Budget::new(usize::MAX)) {}
    planner.finish(graph)
}

/// A plan in the making: what [`plan`] does, in steps between which other work can be done. It holds no reference to the graph.
#[derive(Debug)]
pub struct Planner {
    rule: Rule,
    uses: RegistryUses,
    now: Instant,
    version: u64,
    /// By digest: the number of what uses it.
    digests_in_use: HashMap<DigestId, usize>,
    /// How many of the digests in use were looked up.
    looked_up: usize,
    repositories: Vec<RepositoryId>,
    /// How many of the repositories were begun, and the one whose items are being added.
    begun: usize,
    current: Option<RepositoryDraft>,
    fates: Fates,
    draft: Draft,
    order: Option<DeletionOrder>,
    /// How many of the manifests in order are steps.
    placed: usize,
    steps: Vec<Item>,
    freed: Freed,
}

/// How far a plan is after a step.
#[derive(Debug)]
#[must_use]
pub enum Progress {
    /// More is to be done.
    Unfinished(Box<Planner>),
    /// The plan is made.
    Made(Box<Plan>),
    /// The inventory has changed since the plan was begun. What was worked out names something else now, so it has to be begun anew.
    Outdated,
}

impl Planner {
    /// Begins the plan of a rule at a moment.
    #[must_use]
    pub fn new(graph: Graph<'_>, rule: &Rule, in_use: &InUse, now: Instant) -> Self {
        let inventory = graph.inventory();
        Self {
            rule: rule.clone(),
            uses: in_use.of_registry(inventory.registry()),
            now,
            version: inventory.version(),
            digests_in_use: HashMap::new(),
            looked_up: 0,
            repositories: inventory.repositories().collect(),
            begun: 0,
            current: None,
            fates: Fates::new(inventory.manifest_slots()),
            draft: Draft::default(),
            order: None,
            placed: 0,
            steps: Vec::new(),
            freed: Freed::default(),
        }
    }

    /// Looks at about so many tags, manifests and references more, of the graph that it was begun with. It is more where something cannot be
    /// divided: listing and sorting the tags or the manifests of one repository, or what one manifest refers to.
    pub fn advance(mut self: Box<Self>, graph: Graph<'_>, items: usize) -> Progress {
        if self.version != graph.inventory().version() {
            return Progress::Outdated;
        }
        if self.work(graph, &mut Budget::new(items)) {
            Progress::Made(Box::new(self.finish(graph)))
        } else {
            Progress::Unfinished(self)
        }
    }

    /// Works as much as the budget allows. Whether all is done.
    fn work(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        self.find_digests_in_use(graph, budget)
            && self.draft(graph, budget)
            && self.put_in_order(graph, budget)
            && self.freed.advance(graph, &mut self.steps, budget)
    }

    fn find_digests_in_use(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        while let Some((digest, user)) = self.uses.digest(self.looked_up) {
            if budget.is_spent() {
                return false;
            }
            self.looked_up += 1;
            budget.spend(1);
            let Some(digest) = graph.inventory().find_digest(digest) else { continue };
            self.digests_in_use.insert(digest, user);
            // Some container runtimes name an image by its config.
            for image in graph.images_of_config(digest) {
                self.digests_in_use.insert(image, user);
                budget.spend(1);
            }
        }
        true
    }

    fn draft(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        loop {
            let Self { rule, uses, digests_in_use, now, fates, draft, .. } = self;
            let context = Context { graph, rule, uses, digests_in_use, now: *now };
            if let Some(current) = &mut self.current
                && !current.advance(context, fates, draft, budget)
            {
                return false;
            }
            self.current = None;
            let Some(next) = self.repositories.get(self.begun).copied() else { return true };
            if budget.is_spent() {
                return false;
            }
            self.begun += 1;
            budget.spend(1);
            if !self.rule.filters_of(graph.inventory(), next).is_empty() {
                self.current = Some(RepositoryDraft::new(next));
            }
        }
    }

    fn put_in_order(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        let Self { rule, uses, digests_in_use, now, draft, steps, .. } = self;
        let context = Context { graph, rule, uses, digests_in_use, now: *now };
        let order = self.order.get_or_insert_with(|| {
            *steps = std::mem::take(&mut draft.untagged);
            DeletionOrder::new(graph, std::mem::take(&mut draft.deleted))
        });
        order.advance(graph, budget)
            && budget.each(order.order(), &mut self.placed, |id| {
                // The tags by which a signature is found stay until what it signs is gone.
                steps.extend(draft.following.remove(&id).unwrap_or_default());
                steps.push(Item {
                    target: Target::Manifest(id),
                    action: Action::Delete,
                    reason: context.reason_to_go(id),
                    frees: 0,
                    unlock: !graph.inventory().manifest_locks(id).allow_delete(),
                });
            })
    }

    /// The plan, once all is done.
    fn finish(self, graph: Graph<'_>) -> Plan {
        let (frees, manifest_bytes) = self.freed.sums(graph);
        let (steps, mut items) = (self.steps.len(), self.steps);
        items.extend(self.draft.kept);
        Plan {
            items,
            steps,
            frees,
            manifest_bytes,
            now: self.now,
            rule: self.rule,
            uses: self.uses,
            version: self.version,
        }
    }
}
