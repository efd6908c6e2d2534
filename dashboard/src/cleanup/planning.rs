//! The rule of a cleanup as it is typed, and the plan of it: of the present, or of a snapshot.

use acr_inventory::cleanup::{Plan, Planner, Progress, Rule, RuleError};
use acr_inventory::in_use::InUse;
use acr_inventory::{Graph, Instant, Inventory};
use futures_util::future::AbortHandle;
use leptos::prelude::*;

use super::form::Form;
use crate::analysis::SharedInventory;
use crate::clock::{in_steps, now};
use crate::query::run;
use crate::text::cleanup as text;

/// How many items of a plan are looked at before it is looked at the clock: even where they are slow, a small part of a frame.
const STEP: usize = 500;

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
    /// What makes the next plan.
    task: StoredValue<Option<AbortHandle>>,
    /// Whether a plan is being made.
    pub(crate) busy: RwSignal<bool>,
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
            task: StoredValue::new(None),
            busy: RwSignal::new(false),
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

    /// Makes the plan of the rule, from what was read so far, while the page goes on. Another one that is being made is given up.
    pub(crate) fn preview(&self) {
        self.stop();
        self.busy.set(true);
        let this = *self;
        self.task.set_value(Some(run(async move {
            // What an analysis reads meanwhile is taken in afterwards: a plan is of one version.
            if let Some(_held) = this.inventory.hold().await {
                this.make().await;
            }
            let _ = this.busy.try_set(false);
        })));
    }

    /// Gives up the plan that is being made. The one that there is stays.
    pub(crate) fn stop(&self) {
        self.task.try_update_value(Option::take).flatten().into_iter().for_each(|task| task.abort());
        let _ = self.busy.try_set(false);
    }

    /// Makes the plan of the rule as it is typed; anew where the rule is changed meanwhile, or the inventory by the person in front of it.
    async fn make(&self) -> Option<()> {
        loop {
            let form = self.form.try_get_untracked()?;
            let rule = self.compile(&form)?;
            let in_use = InUse::parse(&form.in_use);
            let at = self.read_at.unwrap_or_else(|| Instant::from_unix_millis(now()));
            let begin = |inventory: &Inventory| Planner::new(inventory.graph(), &rule, &in_use, at);
            let mut planner = Some(Box::new(self.inventory.try_with(begin)?));
            let made = in_steps(|| {
                let Some(current) = planner.take() else { return Some(None) };
                match self.inventory.try_with(|inventory| current.advance(inventory.graph(), STEP)) {
                    Some(Progress::Unfinished(unfinished)) => {
                        planner = Some(unfinished);
                        None
                    }
                    Some(Progress::Made(plan)) => Some(Some(plan)),
                    Some(Progress::Outdated) | None => Some(None),
                }
            });
            let made = made.await;
            let is_same = self.form.try_with_untracked(|now| *now == form)?;
            if let Some(plan) = made.filter(|_| is_same) {
                self.show(*plan, form);
                return Some(());
            }
        }
    }

    /// The rule of a form; `None` where it says something that cannot be done, which is shown then.
    fn compile(&self, form: &Form) -> Option<Rule> {
        let rule = form.rule().ok_or_else(|| text::NOT_A_NUMBER.to_owned());
        let rule = rule.and_then(|rule| rule.compile().map_err(|error: RuleError| error.to_string()));
        rule.map_err(|problem| self.problem.try_set(Some(problem))).ok()
    }

    fn show(&self, plan: Plan, form: Form) {
        let version = self.inventory.try_with(Inventory::version);
        self.plan.set_value(Some(plan));
        self.made_of.set_value((form, version.unwrap_or_default()));
        self.problem.set(None);
        self.planned.update(|planned| *planned = planned.wrapping_add(1).max(1));
    }

    /// Forgets the plan, since what it was made of has changed.
    pub(super) fn forget_plan(&self) {
        self.stop();
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

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests;
