//! `token`: a code with its verifier, or a refresh token, for tokens (RFC 6749, section 4.1.3 and 6; RFC 7636, section 4.6).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::authority::{EntraAuthority, RefreshGrant, token_issuer};
use super::error::EntraError;
use crate::auth::{EntraAccount, EntraSettings};
use crate::fault::EntraRefusal;
use crate::protocol::query::Query;
use crate::protocol::time::Time;

/// The tenant of tokens that are another's.
const OTHER_TENANT: &str = "7e3a9c52-0d4b-4f16-a8e7-6b1d2c5f8a90";

/// How slow the clock of the authority is under [`EntraRefusal::ClockSkew`].
const SKEW: Duration = Duration::from_secs(2 * 3_600);

/// Scopes that ask for no access to a resource.
const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The resources that tokens are issued for.
const RESOURCES: [&str; 4] = [
    "https://containerregistry.azure.net",
    "https://management.azure.com",
    "https://management.chinacloudapi.cn",
    "https://management.usgovcloudapi.net",
];

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
    let resource = resource(&granted.scopes)?;
    issue(authority, &settings, origin, &granted, resource, fault, now)
        .ok_or_else(|| EntraError::new("server_error", 90_033, "A transient error has occurred."))
}

/// Who is granted what.
struct Granted {
    account: EntraAccount,
    scopes: Vec<String>,
    nonce: Option<String>,
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
    Ok(Granted { account: grant.account, scopes: grant.request.scopes, nonce, ends })
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
    let scopes = form.get("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    Ok(Granted { account: grant.account, scopes, nonce: None, ends: grant.expires })
}

/// The resource of the scopes: what stands before `/.default` or before the name of a permission.
fn resource(scopes: &[String]) -> Result<&str, EntraError> {
    let scope = scopes.iter().find(|scope| !OPENID_SCOPES.contains(&scope.as_str()));
    let resource = scope.and_then(|scope| scope.rsplit_once('/')).map_or("", |(resource, _)| resource);
    if RESOURCES.contains(&resource) {
        return Ok(resource);
    }
    let message = format!("The resource principal named {resource} was not found in the tenant.");
    Err(EntraError::new("invalid_resource", 500_011, message))
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
    let issued = now.unix_seconds().saturating_sub(skew.as_secs());
    let lifetime = settings.access_token_lifetime.as_secs();
    let expires = issued.saturating_add(lifetime);
    let times = [issued, expires];
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
    let nonce = match fault {
        Some(EntraRefusal::WrongNonce) => Some("another-nonce"),
        _ => granted.nonce.as_deref().filter(|nonce| !nonce.is_empty()),
    };
    let id_token = json!({
        "aud": settings.client_id,
        "iss": format!("{origin}/{tenant}/v2.0"),
        "nonce": nonce,
        "preferred_username": account.username(),
        "ver": "2.0",
    });
    let id_token = authority.signer().sign(&with_subject(id_token, account, tenant, times))?;
    let grant = RefreshGrant { account, expires: granted.ends };
    let client_info = json!({
        "uid": account.object_id(),
        "utid": account.home_tenant().unwrap_or(&settings.tenant),
    });
    Some(json!({
        "token_type": "Bearer",
        "scope": format!("{resource}/user_impersonation {resource}/.default"),
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": access_token,
        "refresh_token": authority.issue_refresh_token(grant, now),
        "refresh_token_expires_in": granted.ends.since(now).as_secs(),
        "id_token": id_token,
        "client_info": URL_SAFE_NO_PAD.encode(client_info.to_string()),
    }))
}

/// The claims of a token, with those that access tokens and ID tokens share.
fn with_subject(
    mut claims: Value,
    account: EntraAccount,
    tenant: &str,
    [issued, expires]: [u64; 2],
) -> Value {
    let shared: [(&str, Value); 7] = [
        ("iat", issued.into()),
        ("nbf", issued.into()),
        ("exp", expires.into()),
        ("name", account.name().into()),
        ("oid", account.object_id().into()),
        ("sub", account.object_id().into()),
        ("tid", tenant.into()),
    ];
    if let Some(fields) = claims.as_object_mut() {
        fields.extend(shared.map(|(name, value)| (name.to_owned(), value)));
    }
    claims
}
