//! Repositories as a tree by namespace. A path may be a folder and a repository at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use leptos::prelude::*;

use super::columns::{self, COLUMNS, Visible};
use super::look_ups::LookUps;
use super::row::{Cells, indent};
use crate::component::data_table::{DataTable, SortBy};
use crate::component::icon::{Glyph, Icon};
use crate::list::listing::Listing;
use crate::text::repository as text;
use crate::text::shell as shell_text;

/// One visible line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// A namespace: its path with a closing slash, how deep it is, how many repositories are below it.
    Folder { path: String, depth: usize, count: usize, open: bool },
    /// A repository: its whole name.
    Repository { name: String, depth: usize },
}

/// The visible lines: of the folders that are open, what is in them.
fn lines(names: &[String], open: &BTreeSet<String>) -> Vec<Line> {
    let mut sorted: Vec<&str> = names.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    let mut lines = Vec::new();
    descend(&sorted, "", 0, open, &mut lines);
    lines
}

fn descend(names: &[&str], prefix: &str, depth: usize, open: &BTreeSet<String>, lines: &mut Vec<Line>) {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut here = BTreeSet::new();
    for name in names {
        let rest = name.strip_prefix(prefix).unwrap_or(name);
        match rest.split_once('/') {
            Some((folder, _)) => folders.entry(folder).or_default().push(name),
            None => {
                here.insert(*name);
            }
        }
    }
    for (folder, inside) in folders {
        let path = format!("{prefix}{folder}/");
        let is_open = open.contains(&path);
        lines.push(Line::Folder { path: path.clone(), depth, count: inside.len(), open: is_open });
        if is_open {
            descend(&inside, &path, depth + 1, open, lines);
        }
    }
    lines.extend(here.into_iter().map(|name| Line::Repository { name: name.to_owned(), depth }));
}

/// The tree.
#[component]
pub(crate) fn Tree(catalog: Listing<String>, look_ups: LookUps) -> impl IntoView {
    let open = RwSignal::new(BTreeSet::new());
    let visible = Memo::new(move |_| catalog.rows.with(|names| open.with(|open| lines(names, open))));
    let shown = columns::visible();
    let line_at = move |position: usize| visible.with_untracked(|lines| lines.get(position).cloned());
    view! {
        <DataTable
            name=shell_text::REPOSITORIES
            heads=columns::heads(shown, false)
            count=Signal::derive(move || visible.with(Vec::len))
            sort=Signal::stored(SortBy::default())
            key=Callback::new(move |position| format!("{:?} {:?}", line_at(position), shown.get()))
            cells=Callback::new(move |position| match line_at(position) {
                Some(Line::Folder { path, depth, count, open: is_open }) => {
                    view! { <FolderCells path depth count is_open open shown=shown.get_untracked()/> }.into_any()
                }
                Some(Line::Repository { name, depth }) => view! { <Cells name depth visible=shown.get_untracked()/> }.into_any(),
                None => ().into_any(),
            })
            on_rest=Callback::new(move |rows: Range<usize>| {
                let names = rows.filter_map(|at| match line_at(at) {
                    Some(Line::Repository { name, .. }) => Some(name),
                    _ => None,
                });
                look_ups.show(names.collect());
            })
        />
    }
}

#[component]
fn FolderCells(
    path: String,
    depth: usize,
    count: usize,
    is_open: bool,
    open: RwSignal<BTreeSet<String>>,
    shown: Visible,
) -> impl IntoView {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let toggle = move |_| {
        open.update(|open| {
            if !open.remove(&path) {
                open.insert(path.clone());
            }
        });
    };
    let empty = COLUMNS.into_iter().zip(shown).filter(|(_, shown)| *shown);
    let empty = empty.map(|((_, _, class), _)| view! { <td class=class></td> }).collect_view();
    view! {
        <th scope="row" class="c-name" style:padding-left=indent(depth)>
            <button type="button" class="folder" aria-expanded=if is_open { "true" } else { "false" } on:click=toggle>
                <Glyph icon=Icon::Chevron/>
                <Glyph icon=Icon::Folder/>
                {name}
                <span class="muted">{text::in_folder(count)}</span>
            </button>
        </th>
        {empty}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["team/app", "team/app/worker", "team/base", "hello"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_closed_tree_shows_its_top() {
        let lines = lines(&names(), &BTreeSet::new());
        assert!(matches!(&lines[0], Line::Folder { path, count: 3, open: false, .. } if path == "team/"));
        assert!(matches!(&lines[1], Line::Repository { name, depth: 0 } if name == "hello"));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn a_path_may_be_folder_and_repository_at_once() {
        let lines = lines(&names(), &BTreeSet::from(["team/".to_owned()]));
        assert!(lines.iter().any(|line| matches!(line, Line::Folder { path, .. } if path == "team/app/")));
        assert!(lines.iter().any(|line| matches!(line, Line::Repository { name, .. } if name == "team/app")));
    }
}
