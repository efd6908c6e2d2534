//! What an analysis has read, what it does, and how far it is.

use std::sync::Arc;
use std::time::Duration;

use acr_inventory::Inventory;
use acr_inventory::scan::{Progress, Scan};
use futures_util::future::{LocalBoxFuture, Shared};
use leptos::prelude::*;

use super::kept::Kept;
use super::pace::Pace;
use super::shared_inventory::SharedInventory;
use crate::clock::sleep;
use crate::failure::Failure;
use crate::session::Session;
use crate::surface::tab_storage;

/// Requests a minute: nine tenths of what one identity may read in a registry of the smaller tiers (Microsoft's documentation, "Container
/// Registry service tiers": 5000), so that other screens need not wait meanwhile.
const READS_A_MINUTE: u32 = 4500;
/// How many requests may be sent at once before they are sent evenly.
const FIRST_READS: u32 = 60;

/// The key of an analysis under way in the tab's storage; the registry's login server follows.
const KEY: &str = "acr-dashboard.analysis.";
/// What is stored there.
const UNDER_WAY: &str = "under way";

/// What an analysis does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was asked for yet.
    Fresh,
    Running,
    /// Paused by the person in front of it, or since every further request would fail as the last one did.
    Paused(Option<Failure>),
    /// Stopped; what was read stays.
    Stopped,
    Finished,
}

/// The analysis of a session. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Analysis {
    pub(super) session: StoredValue<Session>,
    /// What was read so far.
    pub(crate) inventory: SharedInventory,
    pub(super) scan: StoredValue<Scan>,
    pub(super) pace: StoredValue<Pace>,
    pub(super) kept: StoredValue<Kept>,
    /// What was begun last to keep what was read.
    pub(super) keeping: StoredValue<Option<Shared<LocalBoxFuture<'static, ()>>>, LocalStorage>,
    /// Whether the browser keeps nothing of what was read for the next visit.
    pub(crate) not_kept: RwSignal<bool>,
    /// Whether requests are being sent, or answers to them are awaited after a pause or a stop.
    pub(super) driven: StoredValue<bool>,
    /// What it does.
    pub(crate) state: RwSignal<State>,
    /// How far it is.
    pub(crate) progress: RwSignal<Progress>,
    /// Milliseconds that the rest takes.
    pub(crate) time_left: RwSignal<Option<u64>>,
    /// Whether the configs of images are read too.
    pub(crate) with_configs: RwSignal<bool>,
    /// The first request that failed for good.
    pub(crate) failure: RwSignal<Option<Failure>>,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub(crate) begun_at: RwSignal<Option<i64>>,
    /// Milliseconds between two revisions.
    pub(super) between: StoredValue<i64>,
    /// Whether a revision is about to be shown.
    awaits_revision: StoredValue<bool>,
}

/// Milliseconds between two revisions where drawing takes no time.
const SHORTEST_BETWEEN: i64 = 400;

impl Analysis {
    /// The analysis of a session. One that a reload of the page interrupted continues.
    pub(crate) fn of(session: &Session) -> Self {
        let this = session.keep(|| {
            let analysis = Self::new(session);
            session.graph.fill(Arc::new(analysis));
            analysis
        });
        let is_fresh = this.state.with_untracked(|state| *state == State::Fresh);
        if is_fresh && tab_storage::read(&key(session)).is_some() {
            this.begin(None);
        }
        this
    }

    fn new(session: &Session) -> Self {
        Self {
            session: StoredValue::new(session.clone()),
            inventory: SharedInventory::new(Inventory::new(session.login_server())),
            scan: StoredValue::new(Scan::new()),
            pace: StoredValue::new(Pace::new(READS_A_MINUTE, FIRST_READS)),
            kept: StoredValue::new(Kept::default()),
            keeping: StoredValue::new_local(None),
            not_kept: RwSignal::new(false),
            driven: StoredValue::new(false),
            state: RwSignal::new(State::Fresh),
            progress: RwSignal::new(Progress::default()),
            time_left: RwSignal::new(None),
            with_configs: RwSignal::new(false),
            failure: RwSignal::new(None),
            begun_at: RwSignal::new(None),
            between: StoredValue::new(SHORTEST_BETWEEN),
            awaits_revision: StoredValue::new(false),
        }
    }

    /// Sends nothing more until [`Analysis::go_on`].
    pub(crate) fn pause(&self) {
        self.note_under_way(false);
        self.state.set(State::Paused(None));
    }

    /// Sends nothing more. What was read stays.
    pub(crate) fn stop(&self) {
        self.note_under_way(false);
        self.state.set(State::Stopped);
    }

    /// Notes in the tab's storage whether the analysis is to continue after a reload of the page.
    pub(super) fn note_under_way(&self, is_under_way: bool) {
        self.session.with_value(|session| {
            if is_under_way {
                // Where the browser does not keep it, a reload ends the analysis, and what it read is in the cache.
                tab_storage::write(&key(session), UNDER_WAY);
            } else {
                tab_storage::remove(&key(session));
            }
        });
    }

    /// Shows what has changed since the last revision, soon: changes that come quickly are shown together.
    pub(super) fn show_soon(&self) {
        let this = *self;
        if this.awaits_revision.try_get_value() != Some(false) {
            return;
        }
        this.awaits_revision.set_value(true);
        let pause = Duration::from_millis(this.between.get_value().unsigned_abs());
        this.session.with_value(|session| {
            session.run(async move {
                sleep(pause).await;
                this.awaits_revision.set_value(false);
                this.inventory.show();
            });
        });
    }

    /// Notes how long it took to draw a revision, in milliseconds: what is slow to draw is drawn less often.
    pub(crate) fn drawn_in(&self, millis: i64) {
        /// So many times as long as drawing takes nothing is drawn.
        const REST: i64 = 12;
        self.between.set_value(millis.saturating_mul(REST).max(SHORTEST_BETWEEN));
    }
}

fn key(session: &Session) -> String {
    format!("{KEY}{}", session.login_server())
}
