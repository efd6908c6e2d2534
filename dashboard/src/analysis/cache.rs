//! Keeps what analyses read of manifests in the browser, for later visits and for other registries. The content of a manifest never changes,
//! so it is found by digest; lists are always read again. Nothing else is kept: no lists, no names of repositories, no credentials.
//!
//! Each entry holds what was read within a few seconds, in the format of snapshots.

use std::pin::pin;
use std::time::Duration;

use acr_inventory::{Instant, snapshot};
use acr_layers_worker::cache::Cache;
use futures_util::FutureExt as _;
use futures_util::future::{Either, LocalBoxFuture, select};
use leptos::prelude::*;

use super::kept::Kept;
use super::state::Analysis;
use crate::clock::{now, sleep};

/// How the keys of entries begin.
const PREFIX: &str = "manifests/";
/// Entries that are read in one transaction.
const AT_ONCE: usize = 16;
/// A database that does not answer within this time is gone without.
const PATIENCE: Duration = Duration::from_secs(5);

/// Loads what earlier analyses kept, once a session.
pub(super) async fn load(analysis: Analysis) {
    if analysis.kept.with_value(|kept| kept.is_loaded) {
        return;
    }
    analysis.kept.update_value(|kept| kept.is_loaded = true);
    select(pin!(read_all(analysis)), pin!(sleep(PATIENCE))).await;
}

async fn read_all(analysis: Analysis) {
    let Some(cache) = Cache::open().await else { return };
    // Keys begin with the time, and what was kept last is worth most.
    let mut keys = cache.keys(PREFIX).await;
    keys.reverse();
    for keys in keys.chunks(AT_ONCE) {
        for entry in cache.get_all(keys).await {
            analysis.kept.update_value(|kept| kept.add_earlier(&entry));
        }
    }
}

/// Keeps what was read since the last time, after this returns.
pub(super) fn keep(analysis: Analysis) {
    if let Some(keeping) = keeping(analysis) {
        let keeping = keeping.shared();
        analysis.keeping.set_value(Some(keeping.clone()));
        analysis.session.with_value(|session| session.run(keeping));
    }
}

/// Keeps what was read since the last time before the analysis is said to have ended, so that a reload then asks for none of it again. A
/// database that takes too long is not waited for.
pub(super) async fn keep_rest(analysis: Analysis) {
    let under_way = || analysis.keeping.get_value();
    let Some(keeping) = keeping(analysis).map(|keeping| keeping.shared()).or_else(under_way) else { return };
    if let Either::Right((_, keeping)) = select(keeping, pin!(sleep(PATIENCE))).await {
        let _ = analysis.session.try_with_value(|session| session.run(keeping));
    }
}

/// Keeps what was read since the last time, after what is being kept already.
fn keeping(analysis: Analysis) -> Option<LocalBoxFuture<'static, ()>> {
    let before = analysis.keeping.get_value();
    let inventory = analysis.kept.try_update_value(Kept::take_fresh).flatten()?;
    let entry = snapshot::Snapshot { inventory, taken: Instant::from_unix_millis(now()) };
    let key = format!("{PREFIX}{}-{}", now(), js_sys::Math::random());
    Some(Box::pin(async move {
        if let Some(before) = before {
            before.await;
        }
        let is_kept = match Cache::open().await {
            Some(cache) => cache.put(&key, snapshot::write(&entry).as_bytes()).await,
            None => false,
        };
        let _ = analysis.not_kept.try_set(!is_kept);
    }))
}
