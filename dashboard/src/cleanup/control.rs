//! Starting the run of a plan and going on with it.

use acr_inventory::cleanup::Run;
use leptos::prelude::*;

use super::state::{Cleanup, State};
use super::{announced, driver};
use crate::failure::Failure;
use crate::surface::{Surface, stopped};
use crate::text::cleanup as text;

impl Cleanup {
    /// Runs the plan, unless the page around the dashboard prevents it.
    ///
    /// # Errors
    /// That it was prevented, and that the plan is not of the rule and the registry as they are now.
    pub(crate) fn start(&self, surface: Surface) -> Result<(), Failure> {
        if self.state.get_untracked() == State::Running {
            return Ok(());
        }
        let is_current = untrack(|| self.planning.is_current());
        let run = untrack(|| self.planning.with_plan(Run::new)).flatten().filter(|_| is_current);
        let run = run.ok_or_else(|| Failure::local(text::RUN_FAILED, text::STALE, text::STALE_REMEDY))?;
        for (change, _) in announced::changes(&run) {
            if !surface.emit(&change.before()) {
                return Err(stopped(text::RUN_FAILED.to_owned()));
            }
        }
        self.report.set(run.report());
        self.run.set_value(Some(run));
        self.planning.forget_plan();
        self.go_on(surface);
        Ok(())
    }

    /// Goes on after a pause or a reload.
    pub(crate) fn go_on(&self, surface: Surface) {
        if self.state.get_untracked() == State::Running {
            return;
        }
        // Where steps of before the pause are still under way, what awaits them goes on.
        let driven = self.driven.get_value();
        let go_on = if driven { Run::unpause } else { Run::resume };
        self.run.update_value(|run| run.iter_mut().for_each(go_on));
        self.state.set(State::Running);
        if driven {
            return;
        }
        self.driven.set_value(true);
        let this = *self;
        self.session.with_value(|session| {
            session.run(driver::drive(this, session.client.clone(), surface));
        });
    }
}
