//! How the service answers, which has changed over the years. The default is the newest.

/// What of the answers has changed. Each year's is in [`Behaviour::of_year`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// The `Server` header: `AzureContainerRegistry` since spring 2024, `openresty` before.
    pub server: &'static str,
    /// Whether JSON documents end in a newline: not in May 2021.
    pub closing_newline: bool,
    /// Whether the attributes of a manifest name the media type of its config: since 2024.
    pub config_media_type: bool,
    /// Whether `*/*` in `Accept` covers artifact manifests: not in 2024.
    pub wildcard_covers_artifacts: bool,
    /// Whether a Docker schema 2 image is converted to signed schema 1 for a client that names no other type which the
    /// image has: seen in 2023; what the service does today is not known.
    pub schema_1_conversion: bool,
    /// What the token service answers to a token for another audience.
    pub rejected_audience: &'static str,
    /// Whether the challenge of a manifest push names `push` before `pull`, and that of a mount the source first.
    pub push_before_pull: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            server: "AzureContainerRegistry",
            closing_newline: true,
            config_media_type: true,
            wildcard_covers_artifacts: true,
            schema_1_conversion: false,
            rejected_audience: "token validation failed",
            push_before_pull: true,
        }
    }
}

impl Behaviour {
    /// How the service answered at the end of a year; before 2021 as in May 2021, from 2025 on as it does now.
    #[must_use]
    pub fn of_year(year: u16) -> Self {
        let newest = Self::default();
        let of_2024 = Self { wildcard_covers_artifacts: false, ..newest.clone() };
        let of_2023 = Self {
            server: "openresty",
            config_media_type: false,
            schema_1_conversion: true,
            push_before_pull: false,
            ..of_2024.clone()
        };
        match year {
            2025.. => newest,
            2024 => of_2024,
            2022 | 2023 => of_2023,
            _ => {
                Self { closing_newline: false, rejected_audience: "retrieving permissions failed", ..of_2023 }
            }
        }
    }
}
