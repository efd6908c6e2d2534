//! `charts/…` and `wasm/…`: artifacts that are not images.

use crate::seed::artifact::{helm_chart, wasm_module};
use crate::seed::pusher::{PushError, Pusher, repository};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let chart = repository("charts/storefront")?;
    for (days, built, version) in [(150, 80, "0.7.0"), (70, 145, "0.8.0"), (5, 205, "0.9.0")] {
        pusher.days_ago(days);
        helm_chart(pusher, &chart, version, built)?;
    }
    pusher.days_ago(13);
    wasm_module(pusher, &repository("wasm/edge-filter")?, "0.1.0")?;
    Ok(())
}
