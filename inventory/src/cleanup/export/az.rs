//! The script of `az acr` commands that does what a plan says.

use std::fmt::Write as _;

use super::quote::{comment, shell};
use crate::cleanup::item::{Action, Item, Target};
use crate::cleanup::plan::Plan;
use crate::graph::Graph;

/// A script for a POSIX shell: a command for each step, in the order of the plan. It stops at the first failure, since a step may need
/// those before it, and checks nothing: what changed after the plan was made it does not see.
#[must_use]
pub fn az_script(graph: Graph<'_>, plan: &Plan) -> String {
    let registry = graph.inventory().registry();
    let mut script = String::from("#!/bin/sh\nset -eu\n");
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = script.write_fmt(text);
        script.push('\n');
    };
    line(format_args!("# Cleanup of {}, planned at {}.", comment(registry), plan.made_at().to_rfc3339()));
    line(format_args!("# {} steps; frees {} bytes.", plan.steps().len(), plan.frees().bytes));
    if !graph.is_complete() {
        line(format_args!("# Not all of the registry was read."));
    }
    line(format_args!("registry={}", shell(registry_name(registry))));
    for step in plan.steps() {
        line(format_args!("# {}", comment(&plan.reason(graph, step))));
        for command in commands(&plan.reference(graph, step), step) {
            line(format_args!("{command}"));
        }
    }
    script
}

fn commands(reference: &str, step: &Item) -> Vec<String> {
    let image = shell(reference);
    let mut commands = Vec::new();
    if step.unlock {
        commands.push(format!(
            "az acr repository update --name \"$registry\" --image {image} --delete-enabled true --write-enabled true"
        ));
    }
    match (step.action, step.target) {
        (Action::Untag, Target::Tag(_)) => {
            commands.push(format!("az acr repository untag --name \"$registry\" --image {image}"));
        }
        (Action::Delete, _) => {
            commands.push(format!("az acr repository delete --name \"$registry\" --image {image} --yes"));
        }
        _ => {}
    }
    commands
}

/// The name of the registry's resource, which `az --name` wants: the login server's first label, without the hash that follows the dash
/// where the registry has a domain name label.
pub(super) fn registry_name(login_server: &str) -> &str {
    let label = login_server.split('.').next().unwrap_or(login_server);
    label.split('-').next().unwrap_or(label)
}
