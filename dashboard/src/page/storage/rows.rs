//! The rows of the table "Storage": the parts of a registry, a namespace or a repository, each with its figures. Pure.

use acr_inventory::{Figures, Graph, Inventory, RepositoryId, TagId};

use crate::page::inventory::scope::Scope;
use crate::text::storage as text;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The repositories below a prefix.
    Namespace(String),
    /// A repository.
    Repository(String),
    /// A tag of a repository.
    Tag { repository: String, tag: String },
    /// The manifests of a repository that no tag leads to.
    Untagged { repository: String },
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) part: Part,
    pub(super) figures: Figures,
}

impl Row {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        match &self.part {
            Part::Namespace(name) | Part::Repository(name) => name,
            Part::Tag { tag, .. } => tag,
            Part::Untagged { .. } => text::UNTAGGED_MANIFESTS,
        }
    }

    /// Whether there can be manifests without a tag in it.
    pub(super) fn has_untagged(&self) -> bool {
        !matches!(self.part, Part::Tag { .. })
    }
}

/// The rows of a scope: of a registry its namespaces, of a namespace its repositories, of a repository its tags and what has none.
pub(super) fn rows(graph: Graph<'_>, scope: &Scope) -> Vec<Row> {
    let inventory = graph.inventory();
    match scope {
        Scope::Registry => groups(graph, by_namespace(graph)),
        Scope::Namespace(_) => {
            let each = scope.repositories(inventory).into_iter();
            groups(graph, each.map(|id| (repository(inventory, id), vec![id])).collect())
        }
        Scope::Repository(name) => match inventory.find_repository(name.as_str()) {
            Some(id) => of_repository(graph, id, name.as_str()),
            None => Vec::new(),
        },
    }
}

fn repository(inventory: &Inventory, id: RepositoryId) -> Part {
    Part::Repository(inventory.repository_name(id).to_owned())
}

/// A namespace of one repository is that repository.
fn by_namespace(graph: Graph<'_>) -> Vec<(Part, Vec<RepositoryId>)> {
    let part = |(name, ids): (String, Vec<RepositoryId>)| match ids.as_slice() {
        [one] => (repository(graph.inventory(), *one), ids),
        _ => (Part::Namespace(name), ids),
    };
    graph.namespaces().into_iter().map(part).collect()
}

fn groups(graph: Graph<'_>, parts: Vec<(Part, Vec<RepositoryId>)>) -> Vec<Row> {
    let ids: Vec<&[RepositoryId]> = parts.iter().map(|(_, ids)| ids.as_slice()).collect();
    let figures = graph.group_figures(&ids);
    parts.into_iter().zip(figures).map(|((part, _), figures)| Row { part, figures }).collect()
}

fn of_repository(graph: Graph<'_>, id: RepositoryId, name: &str) -> Vec<Row> {
    let inventory = graph.inventory();
    let tags: Vec<TagId> = inventory.tags(id).collect();
    let figures = graph.tags_figures(&tags);
    let row = |(tag, figures): (&TagId, Figures)| Row {
        part: Part::Tag { repository: name.to_owned(), tag: inventory.tag_name(*tag).to_owned() },
        figures,
    };
    let mut rows: Vec<Row> = tags.iter().zip(figures).map(row).collect();
    let untagged = graph.untagged(id);
    if !untagged.is_empty() {
        let figures = graph.set_figures(&untagged);
        rows.push(Row { part: Part::Untagged { repository: name.to_owned() }, figures });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::sample;
    use super::*;

    fn names(scope: &Scope) -> Vec<String> {
        rows(sample().graph(), scope).iter().map(|row| row.name().to_owned()).collect()
    }

    #[test]
    fn a_registry_has_namespaces_and_a_repository_has_tags() {
        assert_eq!(names(&Scope::Registry), ["base", "team"]);
        assert_eq!(names(&Scope::Namespace("team".into())), ["team/api", "team/web"]);
        assert_eq!(names(&Scope::Repository("team/web".parse().unwrap())), ["1", text::UNTAGGED_MANIFESTS]);
        assert!(names(&Scope::Repository("no/such".parse().unwrap())).is_empty());
    }

    #[test]
    fn the_figures_of_rows_are_those_of_their_parts() {
        let inventory = sample();
        let rows = rows(inventory.graph(), &Scope::Registry);
        let base = rows.iter().find(|row| row.part == Part::Repository("base".into())).unwrap();
        let id = inventory.find_repository("base").unwrap();
        assert_eq!(base.figures, inventory.graph().repository_figures(id));
        assert_eq!(base.figures.unique.bytes, 100, "the manifest, since the layer is used in team/web too");
    }
}
