//! Which part of the gateway a request is for. Pure; works on the raw path and decodes nothing.

use crate::config::REDIRECT_PAGE;

/// Where a request goes, once the base path is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'a> {
    /// The process runs.
    Healthz,
    /// The process takes requests.
    Readyz,
    /// Numbers for Prometheus.
    Metrics,
    /// What the page needs to know at its start.
    PageConfig,
    /// A registry's API: its name and the raw path below it.
    Registry {
        /// The name, as sent.
        name: &'a str,
        /// What follows it, with its leading slash; empty when nothing follows.
        path: &'a str,
    },
    /// The dashboard for other people's frames, or a deep link into it: the raw path.
    Embed(&'a str),
    /// The page that Microsoft redirects to: the raw path.
    SignInRedirect(&'a str),
    /// A file of the dashboard, or one of its pages: the raw path.
    Dashboard(&'a str),
}

impl<'a> Route<'a> {
    /// Reads a raw path that begins with a slash.
    #[must_use]
    pub fn of(path: &'a str) -> Self {
        match path {
            "/healthz" => Self::Healthz,
            "/readyz" => Self::Readyz,
            "/metrics" => Self::Metrics,
            "/config.json" => Self::PageConfig,
            "/embed" => Self::Embed(path),
            _ if path.strip_prefix('/') == Some(REDIRECT_PAGE) => Self::SignInRedirect(path),
            _ if path.starts_with("/embed/") => Self::Embed(path),
            _ => match path.strip_prefix("/registries/") {
                Some(rest) => {
                    let (name, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                    Self::Registry { name, path }
                }
                None if path == "/registries" => Self::Registry { name: "", path: "" },
                None => Self::Dashboard(path),
            },
        }
    }

    /// Whether probes and scrapers ask for it, who know neither base path nor host name.
    #[must_use]
    pub fn is_operational(self) -> bool {
        matches!(self, Self::Healthz | Self::Readyz | Self::Metrics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registrys_path_is_kept_as_sent() {
        assert_eq!(
            Route::of("/registries/demo/acr/v1/library%2Falpine/_tags"),
            Route::Registry { name: "demo", path: "/acr/v1/library%2Falpine/_tags" }
        );
        assert_eq!(Route::of("/registries/demo"), Route::Registry { name: "demo", path: "" });
        assert_eq!(Route::of("/registries/"), Route::Registry { name: "", path: "" });
    }

    #[test]
    fn only_what_is_spelled_embed_is_for_frames() {
        for path in ["/embed", "/embed/", "/embed/contoso/team/app:1.2"] {
            assert_eq!(Route::of(path), Route::Embed(path));
        }
        for path in ["/embedded", "/Embed", "/%65mbed/contoso", "/contoso/embed", "//embed"] {
            assert_eq!(Route::of(path), Route::Dashboard(path));
        }
    }

    #[test]
    fn what_is_no_route_is_the_dashboards() {
        for path in [
            "/",
            "/demo/team/app:1.2",
            "/redirect.html/x",
            "/redirect.js",
            "/healthz/",
            "/registriesx/demo",
            "/%72egistries/demo/v2/",
        ] {
            assert_eq!(Route::of(path), Route::Dashboard(path));
        }
    }
}
