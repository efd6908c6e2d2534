//! The wasm binary of the dashboard: starts the app and does nothing else.

fn main() {
    acr_dashboard::start();
}
