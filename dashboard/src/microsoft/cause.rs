//! Why a sign-in with Microsoft failed, as far as the page tells the causes apart.

/// Why it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Neither the user nor an administrator has consented.
    Consent,
    /// The account is not assigned to the application.
    NotAssigned,
    /// The tenant does not exist.
    NoTenant,
    /// The application is not registered.
    NoApplication,
    /// The account is no member and no guest of the tenant.
    Guest,
    /// The account has not accepted its invitation as a guest.
    PendingGuest,
    /// There are several accounts at Microsoft, or the one that is signed in does not exist in the tenant.
    Account,
    /// An administrator has disabled the account.
    Disabled,
    /// The tenant asks for a check that accounts of another tenant cannot pass.
    ExternalChallenge,
    /// A policy on access between tenants.
    CrossTenant,
    /// The network or the device may not sign in to the tenant.
    TenantRestrictions,
    /// A policy of Conditional Access.
    ConditionalAccess,
    /// Multi-factor authentication is to be done.
    MultiFactor,
    /// The redirect URI is not registered.
    RedirectUri,
    /// The redirect URI is registered for another platform.
    NotSinglePage,
    /// The redirect URI is not of the page's origin.
    RedirectPage,
    /// The application lacks the permission for the resource.
    Permission,
    /// The tenant has no service principal of the resource.
    NoResource,
    /// The application is that of one tenant, and the authority that of all.
    SharedEndpoint,
    /// The registry refused the token of another tenant than the configured one.
    WrongTenant,
    /// The registry refused the token.
    Audience,
    /// The clocks differ.
    Clock,
    /// Microsoft's session has ended, or there is none.
    Ended,
    /// The browser blocked the window.
    PopupBlocked,
    /// The user pressed "Cancel".
    Cancelled,
    /// The user closed the window.
    WindowClosed,
    /// The user came back without an answer.
    NotFinished,
    /// State or nonce are those of another request.
    OtherRequest,
    /// One sign-in at a time.
    InProgress,
    /// The code was used before, or has expired.
    Spent,
    /// Too many sign-ins in a short time.
    Loop,
    /// No answer, or none in time.
    NoAnswer,
    /// Microsoft answered with an error of its own, with the HTTP status where it is known.
    Unavailable(Option<u16>),
    /// The page is not a secure context.
    UnsafePage,
    /// The module could not be loaded.
    PartMissing,
    /// Any other, with the number after `AADSTS`.
    Refused(Option<u32>),
}
