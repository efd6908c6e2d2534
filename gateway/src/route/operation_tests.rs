//! Every operation from its method and path, and what each asks for.

use http::Method;

use super::*;
use crate::inbound::target;

fn call(method: &str, path_and_query: &str) -> Call {
    let (path, query) = path_and_query.split_once('?').map_or((path_and_query, None), |(p, q)| (p, Some(q)));
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    classify(&method, &target::parse(path).unwrap().unwrap(), query)
}

#[test]
fn every_operation_is_known_by_its_method_and_path() {
    for (method, path, id, scope) in [
        ("GET", "/v2/", "V2Support_Check", ""),
        ("GET", "/v2/_catalog", "Repository_GetList", "registry:catalog:*"),
        ("GET", "/v2/a/b/tags/list", "Tag_GetList", "repository:a/b:metadata_read"),
        ("GET", "/v2/a/manifests/latest", "Manifests_Get", "repository:a:pull"),
        ("HEAD", "/v2/a%2Fb/manifests/latest", "Manifests_Get", "repository:a/b:pull"),
        ("PUT", "/v2/a/manifests/latest", "Manifests_Create", "repository:a:pull,push"),
        ("DELETE", "/v2/a/manifests/sha256:0", "Manifests_Delete", "repository:a:delete"),
        ("GET", "/v2/a/blobs/sha256:0", "Blob_Get", "repository:a:pull"),
        ("HEAD", "/v2/a/blobs/sha256:0", "Blob_Check", "repository:a:pull"),
        ("DELETE", "/v2/a/blobs/sha256:0", "Blob_Delete", "repository:a:delete"),
        ("POST", "/v2/a/blobs/uploads/?from=b&mount=sha256:0", "Blob_Mount", "repository:a:pull,push"),
        ("POST", "/v2/a/blobs/uploads/?%6dount=sha256:0", "Blob_Mount", "repository:a:pull,push"),
        ("POST", "/v2/a/blobs/uploads/?amount=1", "Blob_StartUpload", "repository:a:pull,push"),
        ("POST", "/v2/a/blobs/uploads/", "Blob_StartUpload", "repository:a:pull,push"),
        ("POST", "/v2/a/blobs/uploads", "Blob_StartUpload", "repository:a:pull,push"),
        ("GET", "/v2/a/blobs/uploads/u?_state=x", "Blob_GetStatus", "repository:a:pull,push"),
        ("PATCH", "/v2/a/blobs/uploads/u?_state=x", "Blob_Upload", "repository:a:pull,push"),
        ("PUT", "/v2/a/blobs/uploads/u?_state=x&digest=d", "Blob_EndUpload", "repository:a:pull,push"),
        ("DELETE", "/v2/a/blobs/uploads/u?_state=x", "Blob_CancelUpload", "repository:a:delete"),
        ("GET", "/v2/a/referrers/sha256:0", "Referrers_GetList", "repository:a:pull"),
        ("GET", "/acr/v1/_catalog", "Repository_GetList", "registry:catalog:*"),
        ("GET", "/acr/v1/a/b", "Repository_GetAttributes", "repository:a/b:metadata_read"),
        ("PATCH", "/acr/v1/a", "Repository_UpdateAttributes", "repository:a:metadata_write"),
        ("DELETE", "/acr/v1/a", "Repository_Delete", "repository:a:delete"),
        ("GET", "/acr/v1/a/_tags", "Tag_GetList", "repository:a:metadata_read"),
        ("GET", "/acr/v1/a/_tags/1", "Tag_GetAttributes", "repository:a:metadata_read"),
        ("PATCH", "/acr/v1/a/_tags/1", "Tag_UpdateAttributes", "repository:a:metadata_write"),
        ("DELETE", "/acr/v1/a/_tags/1", "Tag_Delete", "repository:a:delete"),
        ("GET", "/acr/v1/a/_manifests", "Manifests_GetList", "repository:a:metadata_read"),
        ("GET", "/acr/v1/a/_manifests/sha256:0", "Manifests_GetAttributes", "repository:a:metadata_read"),
        (
            "PATCH",
            "/acr/v1/a/_manifests/sha256:0",
            "Manifests_UpdateAttributes",
            "repository:a:metadata_write",
        ),
        ("POST", "/oauth2/exchange", "RefreshTokens_GetFromExchange", ""),
        ("POST", "/oauth2/token", "AccessTokens_Get", ""),
        ("GET", "/oauth2/token", "AccessTokens_GetFromLogin", ""),
    ] {
        let call = call(method, path);
        assert_eq!(call.operation.id(), id, "{method} {path}");
        assert_eq!(call.scope().unwrap_or_default(), scope, "{method} {path}");
    }
}

#[test]
fn names_that_look_like_routes_stay_names() {
    for (path, name) in [
        ("/v2/manifests/manifests/latest", "manifests"),
        ("/v2/a/blobs/uploads/manifests/latest", "a/blobs/uploads"),
        ("/v2/tags/list/manifests/latest", "tags/list"),
        ("/v2/a/manifests/blobs/sha256:0", "a/manifests"),
    ] {
        assert_eq!(call("GET", path).repository.as_deref(), Some(name), "{path}");
    }
}

#[test]
fn what_the_api_does_not_have_is_other() {
    for (method, path) in [
        ("POST", "/v2/"),
        ("DELETE", "/v2/_catalog"),
        ("GET", "/v2/manifests/latest"),
        ("GET", "/v2/blobs/uploads/"),
        ("POST", "/v2/a/manifests/latest"),
        ("GET", "/acr/v1/"),
        ("GET", "/acr/v1/_deleted/_catalog"),
        ("POST", "/acr/v1/_deleted/a/_manifests/sha256:0"),
        ("DELETE", "/acr/v1/a/_tags"),
        ("DELETE", "/acr/v1/a/_manifests/sha256:0"),
        ("GET", "/acr/v1/a/_streaming"),
        ("PUT", "/oauth2/token"),
        ("GET", "/oauth2/token/"),
    ] {
        assert_eq!(call(method, path), Call::unknown(), "{method} {path}");
    }
}

#[test]
fn every_write_is_an_action_and_no_read_is() {
    for (method, path, action) in [
        ("DELETE", "/acr/v1/a/_tags/1", Some(Action::Untag)),
        ("DELETE", "/acr/v1/a", Some(Action::Delete)),
        ("DELETE", "/v2/a/manifests/sha256:0", Some(Action::Delete)),
        ("DELETE", "/v2/a/blobs/sha256:0", Some(Action::Delete)),
        ("PATCH", "/acr/v1/a", Some(Action::Lock)),
        ("PATCH", "/acr/v1/a/_tags/1", Some(Action::Lock)),
        ("PATCH", "/acr/v1/a/_manifests/sha256:0", Some(Action::Lock)),
        ("PUT", "/v2/a/manifests/1", Some(Action::Push)),
        ("POST", "/v2/a/blobs/uploads/", Some(Action::Push)),
        ("DELETE", "/v2/a/blobs/uploads/u", Some(Action::Push)),
        ("GET", "/v2/a/blobs/uploads/u", None),
        ("GET", "/acr/v1/_catalog", None),
    ] {
        assert_eq!(call(method, path).operation.action(), action, "{method} {path}");
    }
}
