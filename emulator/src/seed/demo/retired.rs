//! What is no longer used: an image of Docker's first schema, a locked archive, and a repository without a tag.

use serde_json::json;

use crate::registry::attributes::{Patch, Subject};
use crate::seed::base::{application, root};
use crate::seed::image::{AMD64, Image, made};
use crate::seed::pusher::{PushError, Pusher, repository};
use crate::seed::schema_1;

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    pusher.days_ago(390);
    schema_1::unsigned(pusher, &repository("legacy/php-app")?, "5.6")?;

    let archive = repository("archive/reports-2023")?;
    pusher.days_ago(371);
    let steps = vec![made("ADD rootfs.tar.gz / # buildkit", &root(AMD64)?)];
    Image::new(AMD64, 2, steps, json!({})).docker().push(pusher, &archive, &["q3", "q4"])?;
    let frozen = Patch { delete_enabled: Some(false), write_enabled: Some(false), ..Patch::default() };
    pusher.patch(&archive, Subject::Repository, frozen)?;

    let cache = repository("ci/build-cache")?;
    for (days, branch) in [(58, "main"), (36, "main"), (6, "feature")] {
        pusher.days_ago(days);
        let steps = vec![made(
            "mount / from exec",
            &application(AMD64, "cache", &format!("{branch}{days}"), 30_000)?,
        )];
        Image::new(AMD64, 210 - days, steps, json!({})).push(pusher, &cache, &[branch])?;
    }
    pusher.untag(&cache, "main")?;
    pusher.untag(&cache, "feature")
}
