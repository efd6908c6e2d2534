//! The frame around every screen: banner, navigation, preferences, screens that are not there.

pub(crate) const PRODUCT: &str = "ACR Dashboard";
pub(crate) const NAVIGATION: &str = "Registry";
pub(crate) const SKIP: &str = "Skip to content";
pub(crate) const REPOSITORIES: &str = "Repositories";
pub(crate) const STORAGE: &str = "Storage";
pub(crate) const CLEANUP: &str = "Cleanup";
pub(crate) const PINNED: &str = "Pinned";
pub(crate) const RECENT: &str = "Recent";
pub(crate) const REGISTRIES: &str = "Registries";
pub(crate) const LOGIN_SERVER: &str = "Login server";
pub(crate) const COPY_LOGIN_SERVER: &str = "Copy login server";
pub(crate) const BREADCRUMB: &str = "Breadcrumb";
pub(crate) const LOADING: &str = "Loading";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const COPY_FAILED: &str =
    "The browser did not allow copying. Select the text and copy it manually.";
pub(crate) const RELOAD: &str = "Reload";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const NOTIFICATIONS: &str = "Notifications";
pub(crate) const PREFERENCES: &str = "Preferences";
pub(crate) const THEME: &str = "Theme";
pub(crate) const DENSITY: &str = "Density";
pub(crate) const TIMES: &str = "Times";
pub(crate) const SYSTEM: &str = "System";
pub(crate) const LIGHT: &str = "Light";
pub(crate) const DARK: &str = "Dark";
pub(crate) const COMFORTABLE: &str = "Comfortable";
pub(crate) const COMPACT: &str = "Compact";
pub(crate) const RELATIVE: &str = "Relative";
pub(crate) const ABSOLUTE: &str = "Absolute (UTC)";
pub(crate) const PALETTE: &str = "Search or jump to…";
pub(crate) const PALETTE_HINT: &str = "Type a repository, repository:tag, or a command";
pub(crate) const PALETTE_EMPTY: &str = "Nothing matches.";
pub(crate) const CLEAR_LAYERS: &str = "Clear layer cache";
pub(crate) const CLEAR_LAYERS_HINT: &str = "File lists of layers and results of analyses are kept in this browser, so that they are read once. This removes them.";
pub(crate) const LAYERS_CLEARED: &str = "Layer cache cleared";
pub(crate) const NO_LAYERS_KEPT: &str = "This browser keeps no layer cache.";
pub(crate) const SHORTCUTS: &str = "Keyboard shortcuts";
pub(crate) const SHORTCUT_LIST: [(&str, &str); 9] = [
    ("/", "Search the list"),
    ("j  k", "Move down and up"),
    ("x", "Select the row"),
    ("Enter", "Open the row"),
    ("Esc", "Go back or close"),
    ("r", "Refresh"),
    ("t", "Change the theme"),
    ("Ctrl K  ⌘ K", "Search or jump to…"),
    ("?", "Show this list"),
];

pub(crate) const MALFORMED_TITLE: &str = "Invalid name";
pub(crate) const MALFORMED_REMEDY: &str = "A repository name consists of lowercase letters and digits, with . _ - between them, in parts separated by /. A tag follows a colon, a digest follows an @.";
pub(crate) const UNKNOWN_REGISTRY_TITLE: &str = "Unknown registry";
pub(crate) const NO_REGISTRIES: &str =
    "No registry is configured for this gateway. Start it with --registry and a login server.";
pub(crate) const CONFIG_FAILED: &str = "The dashboard could not read its configuration";
pub(crate) const CONFIG_NOT_JSON: &str = "config.json is not a valid configuration.";
pub(crate) const CONFIG_NO_ANSWER: &str = "The gateway did not answer the request for config.json.";
pub(crate) const CONFIG_REMEDY: &str =
    "Check that the gateway is running and that you opened this page at its address, then try again.";

#[cfg(feature = "split")]
pub(crate) const PART_FAILED: &str = "A part of the dashboard could not be loaded";
#[cfg(feature = "split")]
pub(crate) const PART_NO_ANSWER: &str =
    "The gateway did not answer, or it now serves another version of the dashboard.";
#[cfg(feature = "split")]
pub(crate) const PART_REMEDY: &str =
    "Check that the gateway is running and try again. If that does not help, reload the page.";

pub(crate) const HELD: &str = "The registry is throttling requests. Further requests are waiting.";

pub(crate) fn held_for(seconds: i64) -> String {
    format!("{seconds} s")
}

pub(crate) fn new_version(version: &str) -> String {
    format!(
        "Version {version} of the dashboard is available. Reload to use it. This page stays open; you may have to sign in again."
    )
}

pub(crate) fn title(what: &str, registry: &str) -> String {
    if registry.is_empty() { format!("{what} · {PRODUCT}") } else { format!("{what} · {registry}") }
}

pub(crate) fn malformed(text: &str) -> String {
    format!("“{text}” is not the name of a repository, tag or digest")
}

pub(crate) fn unknown_registry(name: &str) -> String {
    format!("This gateway does not serve a registry called “{name}”")
}

pub(crate) fn known_registries(names: &str) -> String {
    format!("It serves: {names}. Choose one of them, or start the gateway with --registry for this one.")
}

pub(crate) fn config_status(status: u16) -> String {
    format!("The request for config.json failed with HTTP {status}.")
}

/// "Theme: Dark".
pub(crate) fn setting(what: &str, value: &str) -> String {
    format!("{what}: {value}")
}
