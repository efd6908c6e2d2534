//! What is kept of a failed visit, to find the cause.

use std::path::{Path, PathBuf};

use thirtyfour::WebDriver;

/// A screenshot and the HTML of a page that failed, as far as they can be had.
pub(super) async fn keep(session: &WebDriver) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("journey").replace("::", "-");
    let folder = folder();
    if std::fs::create_dir_all(&folder).is_err() {
        return;
    }
    if let Ok(picture) = session.screenshot_as_png().await {
        let _written = std::fs::write(folder.join(format!("{name}.png")), picture);
    }
    if let Ok(html) = session.source().await {
        let _written = std::fs::write(folder.join(format!("{name}.html")), html);
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("target").join("journeys")
}
