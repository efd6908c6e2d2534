//! `token`: a code with its verifier, or a refresh token, for tokens (RFC 6749, section 4.1.3 and 6; RFC 7636, section 4.6).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::authority::{EntraAuthority, RefreshGrant, token_issuer};
use super::error::EntraError;
use super::scopes::Scopes;
use crate::auth::{EntraAccount, EntraSettings};
use crate::fault::EntraRefusal;
use crate::protocol::query::Query;
use crate::protocol::time::Time;

/// The tenant of tokens that are another's.
const OTHER_TENANT: &str = "7e3a9c52-0d4b-4f16-a8e7-6b1d2c5f8a90";

/// How far back Microsoft dates what it issues, for clocks that are slow.
const DATED_BACK: Duration = Duration::from_secs(5 * 60);

/// How slow the clock of the authority is under [`EntraRefusal::ClockSkew`].
const SKEW: Duration = Duration::from_secs(2 * 3_600);

/// The tokens for a form.
pub(super) fn token(
    authority: &EntraAuthority,
    origin: &str,
    form: &Query,
    fault: Option<EntraRefusal>,
    now: Time,
) -> Result<Value, EntraError> {
    let settings = authority.settings();
    if form.get("client_id") != Some(settings.client_id.as_str()) {
        let message = "Application was not found in the directory.";
        return Err(EntraError::new("unauthorized_client", 700_016, message));
    }
    let granted = match form.get("grant_type") {
        Some("authorization_code") => by_code(authority, &settings, form, now)?,
        Some("refresh_token") => by_refresh_token(authority, form, now)?,
        _ => {
            let message = "The grant type must be authorization_code or refresh_token.";
            return Err(EntraError::new("unsupported_grant_type", 70_003, message));
        }
    };
    let refusal =
        fault.and_then(|fault| EntraError::of_fault(fault, granted.account.username(), &settings.client_id));
    // A code is the proof of an interaction, in which multi-factor authentication was passed.
    let passes = fault == Some(EntraRefusal::MultiFactor) && granted.nonce.is_some();
    if let Some(error) = refusal.filter(|_| !passes) {
        return Err(EntraError { error: "invalid_grant", ..error });
    }
    let resource = granted.scopes.resource()?;
    issue(authority, &settings, origin, &granted, resource, fault, now)
        .ok_or_else(|| EntraError::new("server_error", 90_033, "A transient error has occurred."))
}

/// Who is granted what.
struct Granted {
    account: EntraAccount,
    scopes: Scopes,
    nonce: Option<String>,
    /// Which sign-in it goes back to.
    sign_in: Uuid,
    /// When the refresh tokens of this sign-in expire.
    ends: Time,
}

fn by_code(
    authority: &EntraAuthority,
    settings: &EntraSettings,
    form: &Query,
    now: Time,
) -> Result<Granted, EntraError> {
    let refuse = |code, message: &str| Err(EntraError::new("invalid_grant", code, message));
    let Some(grant) = authority.redeem_code(form.get("code").unwrap_or_default()) else {
        return refuse(70_000, "The provided authorization code is malformed or unknown.");
    };
    if grant.used {
        return refuse(
            54_005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
        );
    }
    if grant.expires <= now {
        return refuse(
            70_008,
            "The provided authorization code or refresh token has expired due to inactivity.",
        );
    }
    if form.get("redirect_uri") != Some(grant.request.redirect_uri.as_str()) {
        return refuse(
            500_112,
            "The reply address does not match the reply address of the authorization code.",
        );
    }
    let verifier = form.get("code_verifier").unwrap_or_default();
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != grant.request.challenge {
        return refuse(
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        );
    }
    let nonce = grant.request.nonce.clone().or_else(|| Some(String::new()));
    let ends = now.after(settings.refresh_token_lifetime);
    let (account, scopes, sign_in) = (grant.account, grant.request.scopes, grant.sign_in);
    Ok(Granted { account, scopes, nonce, sign_in, ends })
}

fn by_refresh_token(authority: &EntraAuthority, form: &Query, now: Time) -> Result<Granted, EntraError> {
    let refuse = |code, message: &str| Err(EntraError::new("invalid_grant", code, message));
    let Some(grant) = authority.refresh_grant(form.get("refresh_token").unwrap_or_default()) else {
        return refuse(9_002_313, "Invalid request. Request is malformed or invalid.");
    };
    if grant.expires <= now {
        let message = "The refresh token has expired. Single-page applications have refresh tokens of a fixed lifetime.";
        return refuse(700_084, message);
    }
    if grant.revoked {
        let message = "The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        return refuse(50_173, message);
    }
    let scopes = Scopes::parse(form.get("scope").unwrap_or_default());
    let RefreshGrant { account, sign_in, expires: ends, .. } = grant;
    Ok(Granted { account, scopes, nonce: None, sign_in, ends })
}

fn issue(
    authority: &EntraAuthority,
    settings: &EntraSettings,
    origin: &str,
    granted: &Granted,
    resource: &str,
    fault: Option<EntraRefusal>,
    now: Time,
) -> Option<Value> {
    let account = granted.account;
    let tenant = if fault == Some(EntraRefusal::WrongTenant) { OTHER_TENANT } else { &settings.tenant };
    let skew = if fault == Some(EntraRefusal::ClockSkew) { SKEW } else { Duration::ZERO };
    let lifetime = settings.access_token_lifetime.as_secs();
    let at = now.unix_seconds().saturating_sub(skew.as_secs());
    let times = [at.saturating_sub(DATED_BACK.as_secs()), at.saturating_add(lifetime)];
    let access_token = json!({
        "aud": resource,
        "iss": token_issuer(tenant),
        "appid": settings.client_id,
        "appidacr": "0",
        "scp": "user_impersonation",
        "upn": account.username(),
        "ver": "1.0",
    });
    let access_token = authority.signer().sign(&with_subject(access_token, account, tenant, times))?;
    let client_info = json!({
        "uid": account.object_id(),
        "utid": account.home_tenant().unwrap_or(&settings.tenant),
    });
    let mut answer = json!({
        "token_type": "Bearer",
        "scope": format!("{resource}/user_impersonation {resource}/.default"),
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": access_token,
        "client_info": URL_SAFE_NO_PAD.encode(client_info.to_string()),
    });
    if granted.scopes.wants_id_token() {
        let id_token = id_claims(settings, &format!("{origin}/{tenant}/v2.0"), granted, fault);
        let id_token = authority.signer().sign(&with_subject(id_token, account, tenant, times))?;
        add(&mut answer, [("id_token", id_token.into())]);
    }
    if granted.scopes.wants_refresh_token() {
        let grant = RefreshGrant { account, expires: granted.ends, sign_in: granted.sign_in, revoked: false };
        let lifetime = granted.ends.since(now).as_secs();
        let refresh_token = authority.issue_refresh_token(grant, now);
        add(
            &mut answer,
            [("refresh_token", refresh_token.into()), ("refresh_token_expires_in", lifetime.into())],
        );
    }
    Some(answer)
}

/// The claims that ID tokens alone have.
fn id_claims(
    settings: &EntraSettings,
    issuer: &str,
    granted: &Granted,
    fault: Option<EntraRefusal>,
) -> Value {
    let nonce = match fault {
        Some(EntraRefusal::WrongNonce) => Some("another-nonce"),
        _ => granted.nonce.as_deref().filter(|nonce| !nonce.is_empty()),
    };
    json!({
        "aud": settings.client_id,
        "iss": issuer,
        "nonce": nonce,
        "preferred_username": granted.account.username(),
        "ver": "2.0",
    })
}

/// Adds fields to an object.
fn add<const N: usize>(object: &mut Value, fields: [(&str, Value); N]) {
    if let Some(object) = object.as_object_mut() {
        object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    }
}

/// The claims of a token, with those that access tokens and ID tokens share.
fn with_subject(
    mut claims: Value,
    account: EntraAccount,
    tenant: &str,
    [issued, expires]: [u64; 2],
) -> Value {
    let shared = [
        ("iat", issued.into()),
        ("nbf", issued.into()),
        ("exp", expires.into()),
        ("name", account.name().into()),
        ("oid", account.object_id().into()),
        ("sub", account.object_id().into()),
        ("tid", tenant.into()),
    ];
    add(&mut claims, shared);
    claims
}
