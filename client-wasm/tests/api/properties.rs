//! Properties of everything that is parsed: what is valid comes back as it was, and nothing makes it panic.

use acr_client_wasm::Challenge;
use acr_client_wasm::{
    Digest, ImageConfig, Manifest, MediaType, NameError, Reference, RepositoryName, Scope, TagName, Timestamp,
};
use proptest::prelude::*;

use crate::script::{Reply, Script};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #[test]
    fn a_repository_name_by_the_grammar_parses_and_prints_as_it_was(name in "[a-z0-9]{1,8}((\\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}(/[a-z0-9]{1,8}){0,3}") {
        prop_assert_eq!(name.parse::<RepositoryName>().unwrap().to_string(), name);
    }

    #[test]
    fn what_parses_as_a_name_needs_no_encoding_and_cannot_climb(text in "[a-z0-9._/:%A-Z-]{0,40}") {
        if let Ok(name) = text.parse::<RepositoryName>() {
            prop_assert!(name.as_str().split('/').all(|part| !part.is_empty() && part != "." && part != ".."));
            prop_assert!(!name.as_str().contains(['%', ':', '?', '#']));
        }
    }

    #[test]
    fn names_never_panic_whatever_the_text(text in ".{0,300}") {
        let _: Result<RepositoryName, NameError> = text.parse();
        let _: Result<TagName, NameError> = text.parse();
        let _: Result<Digest, NameError> = text.parse();
        let _: Result<Reference, NameError> = text.parse();
        let _: Result<MediaType, NameError> = text.parse();
        let _ = (Timestamp::new(text.as_str()).unix_millis(), MediaType::new(&text).is_layer());
    }

    #[test]
    fn a_tag_by_the_grammar_is_a_tag_reference(tag in "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}") {
        prop_assert!(matches!(tag.parse::<Reference>(), Ok(Reference::Tag(parsed)) if parsed.as_str() == tag));
    }

    #[test]
    fn the_digest_of_any_content_is_a_digest(content in prop::collection::vec(any::<u8>(), 0..200)) {
        let digest = Digest::of(&content);
        prop_assert_eq!(digest.as_str().parse::<Digest>().unwrap(), digest);
    }

    #[test]
    fn a_scope_is_read_as_it_was_written(names in prop::collection::btree_set("[a-z0-9]{1,8}(/[a-z0-9]{1,8})?", 1..4), actions in prop::collection::btree_set("pull|push|delete|metadata_read", 1..4)) {
        let actions: Vec<String> = actions.into_iter().collect();
        let text: Vec<String> = names.iter().map(|name| format!("repository:{name}:{}", actions.join(","))).collect();
        prop_assert_eq!(Scope::parse(&text.join(" ")).to_string(), text.join(" "));
    }

    #[test]
    fn a_challenge_is_read_whatever_stands_in_its_quotes(realm in "[^\"\\\\\\x00-\\x1f]{0,40}", service in "[a-z.]{1,20}") {
        let challenge = Challenge::parse(&format!("Bearer realm=\"{realm}\",service=\"{service}\",scope=\"registry:catalog:*\"")).unwrap();
        prop_assert_eq!((challenge.realm, challenge.service), (realm, service));
        prop_assert_eq!(challenge.scope.to_string(), "registry:catalog:*");
    }

    #[test]
    fn challenges_scopes_and_manifests_never_panic(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (Challenge::parse(&text), Challenge::parse(&format!("Bearer {text}")), Scope::parse(&text));
        let _ = (Manifest::from_slice(&bytes, &MediaType::new(&text)), ImageConfig::from_slice(&bytes));
    }

    #[test]
    fn any_last_item_survives_the_way_through_the_query(last in "\\PC{1,30}") {
        let script = Script::answering_all(r#"{"repositories":[]}"#);
        let options = acr_client_wasm::ListOptions { last: Some(last.clone()), n: None };
        run(async { script.client().repositories().list(options).next_page().await.unwrap() });
        let url = script.seen().pop().unwrap().url;
        let query = url.split_once("?last=").unwrap().1;
        prop_assert!(query.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'-' | b'.' | b'_' | b'~')));
        prop_assert_eq!(percent_encoding::percent_decode_str(query).decode_utf8().unwrap(), last);
    }

    #[test]
    fn no_link_leads_out_of_the_list_or_makes_the_client_panic(link in "[!-~ ]{0,60}") {
        let page = Reply::json(r#"{"repositories":["a"]}"#).with("link", link.clone());
        let script = Script::of([("GET /acr/v1/_catalog", page)]);
        let client = script.client();
        let page = run(async { client.repositories().list(Default::default()).next_page().await });
        if let Ok(Some(page)) = page {
            prop_assert!(page.continuation_token.is_none_or(|token| link.contains(&token) && !token.contains('#')));
        }
    }
}
