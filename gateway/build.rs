//! Creates the folder of the built dashboard when it is missing, so that the gateway compiles before the dashboard does.
//! Nothing is built here: `cargo xtask` builds the dashboard.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new("../target/dashboard");
    std::fs::create_dir_all(folder)?;
    // Development builds embed nothing: they read the folder when they start.
    if std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
