//! From an answer that is an error to [`Error`]: the status decides the kind, the registry's own body and headers add the rest.
//! Everything read here is hostile text: capped, cleaned of control characters, never interpreted.

use http::StatusCode;

use super::kind::ErrorKind;
use super::operation_error::Error;
use super::registry::{AcrErrorInfo, AcrErrors, Detail, clean};
use crate::http::{Headers, Json, field};
use crate::name::{Access, Challenge, Scope};

/// How much of an error body is read, in bytes.
pub(crate) const ERROR_BODY_CAP: usize = 64 * 1024;

/// The error that an answer is. `body` is its beginning, at most [`ERROR_BODY_CAP`] bytes.
pub(crate) fn from_response(
    operation: &'static str,
    status: StatusCode,
    headers: &Headers,
    body: &[u8],
    now_unix_secs: u64,
) -> Error {
    let errors = AcrErrors::from_slice(body).errors;
    let kind = kind_of(status, &errors);
    let missing = if status == StatusCode::UNAUTHORIZED { missing_scope(headers, &errors) } else { None };
    let retry_after = field::retry_after(headers, now_unix_secs);
    let mut error = Error::new(kind, operation, String::new());
    error.0.message =
        message(kind, status, &errors, missing.as_ref(), retry_after.map(|wait| wait.as_secs()));
    error.0.status = Some(status.as_u16());
    error.0.request_id = request_id(headers);
    error.0.errors = errors;
    error.0.missing = missing;
    error.0.retry_after = retry_after;
    error
}

fn kind_of(status: StatusCode, errors: &[AcrErrorInfo]) -> ErrorKind {
    let code = errors.first().map_or("", |error| error.code.as_str());
    match (status.as_u16(), code) {
        (_, "REGISTRY_DISALLOWED_OPERATION") | (423, _) => ErrorKind::Locked,
        (400, "DIGEST_INVALID") => ErrorKind::DigestMismatch,
        (401, _) => ErrorKind::Unauthorized,
        (403, _) => ErrorKind::Forbidden,
        (404 | 410, _) => ErrorKind::NotFound,
        (409 | 412, _) => ErrorKind::Conflict,
        (429, _) => ErrorKind::RateLimited,
        (400..=499, _) => ErrorKind::InvalidInput,
        (500..=599, _) => ErrorKind::Server,
        _ => ErrorKind::Protocol,
    }
}

fn message(
    kind: ErrorKind,
    status: StatusCode,
    errors: &[AcrErrorInfo],
    missing: Option<&Scope>,
    wait: Option<u64>,
) -> String {
    let mut text = format!("the registry answered {}", status.as_u16());
    match errors.first() {
        Some(error) if !error.message.is_empty() => {
            text.push_str(&format!(" {}: {}", error.code, error.message))
        }
        Some(error) => text.push_str(&format!(" {}", error.code)),
        None => {}
    }
    match (kind, missing, wait) {
        (ErrorKind::Unauthorized, Some(missing), _) if !missing.is_empty() => {
            text.push_str(&format!("; this needs the permission {missing}"));
        }
        (ErrorKind::RateLimited, _, Some(seconds)) => {
            text.push_str(&format!("; wait {seconds} s and try again"))
        }
        _ => {}
    }
    text
}

fn request_id(headers: &Headers) -> Option<String> {
    ["x-ms-correlation-request-id", "x-ms-request-id"]
        .into_iter()
        .find_map(|name| headers.get(name))
        .map(clean)
        .filter(|id| !id.is_empty())
}

/// What the registry asks for: by the challenge, or by the body's detail where the challenge is hidden from the page.
fn missing_scope(headers: &Headers, errors: &[AcrErrorInfo]) -> Option<Scope> {
    let challenge = headers.get_all("www-authenticate").find_map(Challenge::parse);
    if let Some(challenge) = challenge {
        return Some(challenge.scope);
    }
    let details = errors.iter().filter_map(|error| error.detail.as_ref());
    let accesses: Vec<Access> = details.flat_map(Detail::elements).filter_map(|it| access_of(&it)).collect();
    (!accesses.is_empty()).then(|| Scope::new(accesses))
}

/// One element of the `detail` of a 401.
fn access_of(detail: &Json) -> Option<Access> {
    let detail = detail.members()?;
    let text = |name| Some(clean(&detail.string(name)?));
    Access::checked(text("type")?, text("name")?, vec![text("action")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> Error {
        from_response(
            "Tag_Delete",
            StatusCode::from_u16(status).unwrap(),
            &Headers::new(),
            body.as_bytes(),
            0,
        )
    }

    #[test]
    fn statuses_and_codes_become_kinds() {
        let coded = |code: &str| format!(r#"{{"errors":[{{"code":"{code}","message":"m"}}]}}"#);
        let cases = [
            (400, coded("MANIFEST_INVALID"), ErrorKind::InvalidInput),
            (400, coded("DIGEST_INVALID"), ErrorKind::DigestMismatch),
            (401, coded("UNAUTHORIZED"), ErrorKind::Unauthorized),
            (403, coded("DENIED"), ErrorKind::Forbidden),
            (404, "404 page not found\n".to_owned(), ErrorKind::NotFound),
            (405, coded("REGISTRY_DISALLOWED_OPERATION"), ErrorKind::Locked),
            (405, coded("UNSUPPORTED"), ErrorKind::InvalidInput),
            (409, String::new(), ErrorKind::Conflict),
            (416, coded("BLOB_UPLOAD_RANGE_INVALID"), ErrorKind::InvalidInput),
            (429, coded("TOOMANYREQUESTS"), ErrorKind::RateLimited),
            (500, "<html>".to_owned(), ErrorKind::Server),
            (302, String::new(), ErrorKind::Protocol),
        ];
        for (status, body, kind) in cases {
            assert_eq!(error(status, &body).kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn the_missing_action_is_found_in_the_body_when_the_challenge_is_hidden() {
        let error = error(
            401,
            r#"{"errors":[{"code":"UNAUTHORIZED","message":"m","detail":[{"Type":"repository","Name":"alpine","Action":"delete"}]}]}"#,
        );
        assert_eq!(error.missing_action().unwrap().to_string(), "repository:alpine:delete");
        assert!(error.to_string().contains("repository:alpine:delete"), "{error}");
    }

    #[test]
    fn every_form_of_detail_is_taken() {
        for detail in ["null", "{}", "[]", "\"text\"", "[1,null,{}]", "7"] {
            let body =
                format!(r#"{{"errors":[{{"code":"UNAUTHORIZED","message":null,"detail":{detail}}}]}}"#);
            assert_eq!(error(401, &body).errors().len(), 1, "{detail}");
        }
    }

    #[test]
    fn control_characters_and_endless_texts_do_not_get_through() {
        let body = format!(r#"{{"errors":[{{"code":"X","message":"a\u001b[31m{}"}}]}}"#, "b".repeat(5000));
        let text = error(400, &body).to_string();
        assert!(!text.contains('\u{1b}') && text.len() < 1200);
    }
}
