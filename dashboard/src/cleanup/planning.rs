//! The rule of a cleanup as it is typed, and the plan of it: of the present, or of a snapshot.

use acr_inventory::cleanup::{Plan, RuleError, plan};
use acr_inventory::in_use::InUse;
use acr_inventory::{Graph, Instant};
use leptos::prelude::*;

use super::form::Form;
use crate::analysis::SharedInventory;
use crate::clock::now;
use crate::text::cleanup as text;

/// A rule and its plan. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Planning {
    /// What the plan is made of.
    pub(crate) inventory: SharedInventory,
    /// When the inventory was read, where that was not just now: ages are counted from then.
    read_at: Option<Instant>,
    /// The rule as it is typed.
    pub(crate) form: RwSignal<Form>,
    /// The form that the screen opened with.
    opened: StoredValue<Form>,
    plan: StoredValue<Option<Plan>>,
    /// The form that the plan was made of, and the inventory's version.
    made_of: StoredValue<(Form, u64)>,
    /// Counts plans, and is 0 before there is one.
    pub(crate) planned: RwSignal<u32>,
    /// What is wrong with the rule.
    pub(crate) problem: RwSignal<Option<String>>,
}

impl Planning {
    /// Without a plan. It lives in the current reactive owner.
    pub(crate) fn new(inventory: SharedInventory, read_at: Option<Instant>) -> Self {
        Self {
            inventory,
            read_at,
            form: RwSignal::new(Form::default()),
            opened: StoredValue::new(Form::default()),
            plan: StoredValue::new(None),
            made_of: StoredValue::new(Default::default()),
            planned: RwSignal::new(0),
            problem: RwSignal::new(None),
        }
    }

    /// Fills in the form that a screen opens with, unless a rule has been typed.
    pub(crate) fn open_with(&self, form: Form) {
        let untouched = self.opened.with_value(|opened| self.form.with_untracked(|form| form == opened));
        if untouched {
            self.opened.set_value(form.clone());
            self.form.set(form);
        }
    }

    /// Makes the plan of the rule, from what was read so far.
    pub(crate) fn preview(&self) {
        let form = self.form.get_untracked();
        let rule = form.rule().ok_or_else(|| text::NOT_A_NUMBER.to_owned());
        let rule = rule.and_then(|rule| rule.compile().map_err(|error: RuleError| error.to_string()));
        match rule {
            Ok(rule) => {
                let in_use = InUse::parse(&form.in_use);
                let at = self.read_at.unwrap_or_else(|| Instant::from_unix_millis(now()));
                let made = untrack(|| self.inventory.with_graph(|graph| plan(graph, &rule, &in_use, at)));
                self.plan.set_value(Some(made));
                self.made_of.set_value((form, untrack(|| self.inventory.version())));
                self.problem.set(None);
                self.planned.update(|planned| *planned = planned.wrapping_add(1).max(1));
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }

    /// Forgets the plan, since what it was made of has changed.
    pub(super) fn forget_plan(&self) {
        self.plan.set_value(None);
        self.planned.set(0);
    }

    /// Whether the rule and the inventory are still those that the plan was made of. Tracked.
    pub(crate) fn is_current(&self) -> bool {
        self.planned.track();
        let version = self.inventory.version();
        self.form.with(|form| self.made_of.with_value(|made_of| made_of.0 == *form && made_of.1 == version))
    }

    /// Looks at the plan and its graph, if there is one; tracked by plan and by revision of the inventory.
    pub(crate) fn with_plan<T>(&self, look: impl FnOnce(Graph<'_>, &Plan) -> T) -> Option<T> {
        self.planned.track();
        self.plan.with_value(|plan| {
            let plan = plan.as_ref()?;
            Some(self.inventory.with_graph(|graph| look(graph, plan)))
        })
    }
}
