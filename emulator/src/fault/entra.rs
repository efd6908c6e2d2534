//! What the emulator's Microsoft Entra authority can refuse or get wrong on demand.

use serde::{Deserialize, Serialize};

/// What the authority refuses, or gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntraRefusal {
    /// Consent to the application's permissions is missing: AADSTS65001.
    ConsentMissing,
    /// Tokens are those of another tenant, which the registry refuses.
    WrongTenant,
    /// The account does not exist in the tenant: AADSTS50020.
    Guest,
    /// A policy of conditional access blocks the sign-in: AADSTS53003.
    ConditionalAccess,
    /// Multi-factor authentication is needed, which only an interactive sign-in can do: AADSTS50076.
    MultiFactor,
    /// The redirect URI counts as not registered: AADSTS50011.
    RedirectUri,
    /// The authority's clock is two hours slow, so that tokens have expired when they are issued.
    ClockSkew,
    /// The redirect carries another state than the request.
    WrongState,
    /// The ID token carries another nonce than the request.
    WrongNonce,
}
