//! Who depends on whom in a repository, as an analysis has read it: lists and dialogs take it from there instead of asking the registry.
//!
//! The analysis is a layer above the session, so it is reached through [`KnownGraph`], and what never opens Storage loads none of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::plan::{Action, Target};
use crate::list::rows::ManifestRow;

/// What refers to what in one repository, by digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dependents {
    /// By index: those of its manifests that the repository has. Every index of the repository is in it.
    pub(crate) children: BTreeMap<String, Vec<String>>,
    /// By subject: the digest of each referrer and what it is.
    pub(crate) referrers: BTreeMap<String, Vec<(String, String)>>,
}

/// What an analysis has read of a registry.
pub(crate) trait KnownGraph: Send + Sync {
    /// Who depends on whom in a repository that has these manifests; `None` where not everything of it was read, or where the list of
    /// manifests has changed since.
    fn dependents(&self, repository: &str, rows: &[ManifestRow]) -> Option<Dependents>;

    /// Records a change of this session that has succeeded.
    fn record(&self, repository: &str, action: Action, target: &Target);
}

/// The place in a session where its analysis is found, once there is one. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct GraphSlot {
    graph: StoredValue<Option<Arc<dyn KnownGraph>>>,
    /// Counts analyses that have come to their end.
    analyzed: RwSignal<u32>,
}

impl GraphSlot {
    /// Empty. It lives in the current reactive owner.
    pub(crate) fn new() -> Self {
        Self { graph: StoredValue::new(None), analyzed: RwSignal::new(0) }
    }

    /// Puts the analysis in.
    pub(crate) fn fill(&self, graph: Arc<dyn KnownGraph>) {
        self.graph.set_value(Some(graph));
    }

    /// How many analyses have come to their end: lists may be known better after each. Tracked.
    pub(crate) fn analyzed(&self) -> u32 {
        self.analyzed.get()
    }

    /// Notes that an analysis has come to its end.
    pub(crate) fn note_analyzed(&self) {
        self.analyzed.update(|count| *count = count.wrapping_add(1));
    }

    /// As [`KnownGraph::dependents`]; `None` also where nothing was analyzed.
    pub(crate) fn dependents(&self, repository: &str, rows: &[ManifestRow]) -> Option<Dependents> {
        self.graph()?.dependents(repository, rows)
    }

    /// As [`KnownGraph::record`], where there is an analysis.
    pub(crate) fn record(&self, repository: &str, action: Action, target: &Target) {
        if let Some(graph) = self.graph() {
            graph.record(repository, action, target);
        }
    }

    /// A run may outlive its session.
    fn graph(&self) -> Option<Arc<dyn KnownGraph>> {
        self.graph.try_get_value().flatten()
    }
}
