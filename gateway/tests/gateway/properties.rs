//! What holds for any input: paths, redirects, configuration files.

use std::path::Path;

use acr_gateway::config::{Origin, StorageHost};
use acr_gateway::inbound::target;
use acr_gateway::route::operation;
use acr_gateway::settings::{SettingsFile, resolve};
use http::{Method, Uri};
use proptest::prelude::*;

/// Paths out of the pieces that attacks are made of.
fn path() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/"),
        Just("%2F"),
        Just("%2f"),
        Just(".."),
        Just("%2e"),
        Just("."),
        Just("%00"),
        Just("%25"),
        Just("%5c"),
        Just("\\"),
        Just(";"),
        Just("_tags"),
        Just("_manifests"),
        Just("manifests"),
        Just("blobs"),
        Just("uploads"),
        Just("a"),
        Just("sha256:0"),
        Just("%zz"),
        Just("%"),
        Just("\u{e9}"),
        Just("%c0%ae"),
    ];
    let api = prop_oneof![Just("/v2/"), Just("/acr/v1/"), Just("/oauth2/"), Just("/")];
    (api, proptest::collection::vec(piece, 0..10))
        .prop_map(|(api, pieces)| format!("{api}{}", pieces.concat()))
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::GET),
        Just(Method::HEAD),
        Just(Method::POST),
        Just(Method::PUT),
        Just(Method::PATCH),
        Just(Method::DELETE)
    ]
}

proptest! {
    #[test]
    fn a_path_that_is_let_through_neither_climbs_nor_hides_a_character(raw in path(), method in method()) {
        if let Ok(Some(target)) = target::parse(&raw) {
            for segment in &target.segments {
                prop_assert!(segment != "." && segment != "..", "{raw}");
                prop_assert!(segment.bytes().all(|b| (0x20..0x7f).contains(&b) && !matches!(b, b'\\' | b'%' | b';' | b'/')), "{raw}");
            }
            let call = operation::classify(&method, &target, None);
            let reads = matches!(method, Method::GET | Method::HEAD);
            prop_assert!(!reads || call.operation.action().is_none());
        }
    }

    #[test]
    fn a_location_that_is_followed_is_one_label_below_its_pattern(
        account in "[a-zA-Z0-9.@:%/\\\\#?_-]{0,12}",
        rest in "(:[0-9]{0,5})?(\\.evil\\.example)?[/?#@]?[a-z]{0,4}",
    ) {
        let azure: StorageHost = "*.blob.core.windows.net".parse().unwrap();
        if let Ok(uri) = format!("https://{account}.blob.core.windows.net{rest}").parse::<Uri>()
            && azure.matches(&uri)
        {
            let host = uri.host().unwrap().to_ascii_lowercase();
            let account = host.strip_suffix(".blob.core.windows.net").unwrap();
            prop_assert!(!account.is_empty() && account.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{uri}");
            prop_assert_eq!(uri.port_u16().unwrap_or(443), 443);
        }
    }

    #[test]
    fn an_origin_cannot_break_out_of_a_header(text in "https?://[ -~]{0,20}") {
        if let Ok(origin) = text.parse::<Origin>() {
            prop_assert!(origin.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]/".contains(&b)), "{origin}");
        }
    }

    #[test]
    fn any_file_is_settings_or_one_line(text in "(\\[?\\[?(registries|limits|timeouts|log|tls)?\\]?\\]?\n|[a-z_]{1,12} = [\"\\[\\]a-z0-9.,=:/-]{0,20}\n|url = \"[a-z.:/=]{0,12}\"\n){0,8}") {
        let message = match SettingsFile::parse(Path::new("gateway.toml"), text) {
            Err(error) => error.to_string(),
            Ok(file) => match resolve(file.settings.clone()) {
                Err(error) => file.explain(&error).to_string(),
                Ok(_) => return Ok(()),
            },
        };
        prop_assert_eq!(message.lines().count(), 1, "{}", message);
    }
}
