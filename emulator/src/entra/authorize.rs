//! `authorize` and `logout`: who is signed in, the choice of an account, and the redirect back to the application.

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::authority::EntraAuthority;
use super::error::EntraError;
use super::page;
use super::request::{AuthorizationRequest, Hint, Prompt, RequestRefusal, redirect_uri_unknown};
use crate::auth::EntraAccount;
use crate::fault::EntraRefusal;
use crate::protocol::query::Query;
use crate::protocol::time::Time;
use crate::response::{Response, bytes, empty, set};

/// The cookie that says which session of the authority a browser has.
pub(super) const COOKIE: &str = "acr-emulator-entra";

/// One request to a page of the authority.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    /// The value of the cookie.
    pub(super) cookie: Option<&'a str>,
    /// Whether the authority is reached by TLS, so that its cookie may be sent from frames.
    pub(super) tls: bool,
    /// What is to be refused.
    pub(super) fault: Option<EntraRefusal>,
    pub(super) now: Time,
}

/// `GET /TENANT/oauth2/v2.0/authorize`. A window keeps the link to the page that opened it only where `pocd` (popup origin check done) states
/// that no page but the application's own has that link.
pub(super) fn authorize(authority: &EntraAuthority, visit: Visit<'_>, query_text: &str) -> Response {
    let mut response = authorize_in_window(authority, visit, query_text);
    if Query::parse(query_text).get("pocd") != Some("1") {
        let same_origin = HeaderValue::from_static("same-origin");
        response.headers_mut().insert(HeaderName::from_static("cross-origin-opener-policy"), same_origin);
    }
    response
}

fn authorize_in_window(authority: &EntraAuthority, visit: Visit<'_>, query_text: &str) -> Response {
    let request = match read(authority, visit, query_text) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    let signed_in = authority.signed_in(visit.cookie);
    let account = match (request.hint, signed_in.as_slice()) {
        (Some(Hint::Account(hint)), accounts) => accounts.contains(&hint).then_some(hint),
        (Some(Hint::Stranger), _) => None,
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    match (request.prompt, account) {
        (Prompt::Never, Some(account)) => answer(authority, visit, request, account),
        (Prompt::Never, None) => {
            let error = if signed_in.len() > 1 && request.hint.is_none() {
                let message = "User account selection is required but the request has prompt=none.";
                EntraError::new("interaction_required", 16_000, message)
            } else {
                let message = "Silent sign-in was sent but no user is signed in.";
                EntraError::new("login_required", 50_058, message)
            };
            refuse(&request, &error)
        }
        (Prompt::WhereNeeded, Some(account)) => answer(authority, visit, request, account),
        _ => {
            let action = format!("/{}/oauth2/v2.0/login", authority.tenant());
            let hinted = match request.hint {
                Some(Hint::Account(account)) => Some(account),
                Some(Hint::Stranger) | None => None,
            };
            html(StatusCode::OK, page::choose_account(&action, query_text, hinted))
        }
    }
}

/// `POST /TENANT/oauth2/v2.0/login`: the choice made on the page, with the request that the page was for.
pub(super) fn choose(authority: &EntraAuthority, visit: Visit<'_>, form: &Query) -> Response {
    let request = match read(authority, visit, form.get("request").unwrap_or_default()) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    let Some(account) = form.get("account").and_then(EntraAccount::from_key) else {
        let error = EntraError::new("access_denied", 65_004, "User declined to consent to access the app.");
        return refuse(&request, &error);
    };
    let cookie = authority.sign_in(visit.cookie, account);
    let mut response = answer(authority, visit, request, account);
    // A hidden frame of the application asks with the cookie, too; browsers send such a cookie over TLS alone.
    let site = if visit.tls { "SameSite=None; Secure" } else { "SameSite=Lax" };
    set(response.headers_mut(), header::SET_COOKIE, &format!("{COOKIE}={cookie}; Path=/; HttpOnly; {site}"));
    response
}

/// `GET /TENANT/oauth2/v2.0/logout`
pub(super) fn logout(authority: &EntraAuthority, visit: Visit<'_>, query: &Query) -> Response {
    authority.sign_out(visit.cookie);
    let wanted = query.get("post_logout_redirect_uri").unwrap_or_default();
    let mut response = if authority.settings().redirect_uris.iter().any(|known| known == wanted) {
        let state =
            query.get("state").map(|state| format!("?state={}", crate::protocol::query::encode(state)));
        redirect(&format!("{wanted}{}", state.unwrap_or_default()))
    } else {
        html(StatusCode::OK, page::signed_out())
    };
    let site = if visit.tls { "SameSite=None; Secure" } else { "SameSite=Lax" };
    set(
        response.headers_mut(),
        header::SET_COOKIE,
        &format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; {site}"),
    );
    response
}

/// The request that a query stands for, or the answer that refuses it.
fn read(
    authority: &EntraAuthority,
    visit: Visit<'_>,
    query: &str,
) -> Result<AuthorizationRequest, Box<Response>> {
    let settings = authority.settings();
    let on_page = |error: &EntraError| Box::new(html(StatusCode::BAD_REQUEST, page::refused(error)));
    match AuthorizationRequest::read(&Query::parse(query), &settings) {
        Ok(request) if visit.fault == Some(EntraRefusal::RedirectUri) => {
            Err(on_page(&redirect_uri_unknown(&request.redirect_uri, &settings.client_id)))
        }
        Ok(request) => Ok(request),
        Err(RequestRefusal::OnPage(error)) => Err(on_page(&error)),
        Err(RequestRefusal::ByRedirect(request, error)) => Err(Box::new(refuse(&request, &error))),
    }
}

/// The redirect with a code for an account, or with what a fault refuses.
fn answer(
    authority: &EntraAuthority,
    visit: Visit<'_>,
    request: AuthorizationRequest,
    account: EntraAccount,
) -> Response {
    let client_id = authority.settings().client_id;
    let refused = visit.fault.and_then(|fault| EntraError::of_fault(fault, account.username(), &client_id));
    // An interactive sign-in includes multi-factor authentication.
    let passes = visit.fault == Some(EntraRefusal::MultiFactor) && request.prompt != Prompt::Never;
    if let Some(error) = refused.filter(|_| !passes) {
        return refuse(&request, &error);
    }
    let state = match visit.fault {
        Some(EntraRefusal::WrongState) => Some("another-state".to_owned()),
        _ => request.state.clone(),
    };
    let code = authority.issue_code(account, request.clone(), visit.now);
    redirect(&request.answer(&[("code", &code)], state.as_deref()))
}

fn refuse(request: &AuthorizationRequest, error: &EntraError) -> Response {
    let description = error.description();
    let mut parameters = vec![("error", error.error), ("error_description", description.as_str())];
    parameters.extend(error.suberror.map(|suberror| ("error_subcode", suberror)));
    redirect(&request.answer(&parameters, request.state.as_deref()))
}

fn redirect(to: &str) -> Response {
    let mut response = empty(StatusCode::FOUND);
    set(response.headers_mut(), header::LOCATION, to);
    response
}

fn html(status: StatusCode, text: String) -> Response {
    let mut response = bytes(status, "text/html; charset=utf-8", text);
    let headers = response.headers_mut();
    // A page around this one could trick a user into a choice (clickjacking).
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}
