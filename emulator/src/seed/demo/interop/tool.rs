//! A small image, where what is about it matters more than what is in it.

use serde_json::json;

use crate::seed::base::application;
use crate::seed::demo::foundations::PATH;
use crate::seed::image::{Image, Platform, made};
use crate::seed::pusher::PushError;

/// An image of one layer with one program.
pub(super) fn tool(platform: Platform, name: &str) -> Result<Image, PushError> {
    let steps = vec![made("COPY tool /tool # buildkit", &application(platform, name, "1", 8_000)?)];
    Ok(Image::new(platform, 160, steps, json!({ "Cmd": ["/tool"], "Env": [PATH] })))
}
