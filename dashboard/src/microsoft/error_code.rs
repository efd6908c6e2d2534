//! The numbers after `AADSTS`, from "Microsoft Entra authentication and authorization error codes". Numbers that are not listed are shown as
//! they are.

use super::cause::Cause;

/// What each number means to the user of a page.
#[rustfmt::skip]
pub(super) const TABLE: &[(u32, Cause)] = &[
    // The account.
    (16_000, Cause::Account),
    (16_003, Cause::Guest),
    (50_014, Cause::PendingGuest),
    (50_020, Cause::Guest),
    (50_034, Cause::Guest),
    (50_057, Cause::Disabled),
    (50_105, Cause::NotAssigned),
    (50_177, Cause::ExternalChallenge),
    (50_178, Cause::ExternalChallenge),
    (51_004, Cause::Guest),
    (90_072, Cause::Guest),
    // Its session.
    (50_058, Cause::Ended),
    (50_132, Cause::Ended),
    (50_133, Cause::Ended),
    (50_173, Cause::Ended),
    (70_008, Cause::Ended),
    (70_043, Cause::Ended),
    (700_082, Cause::Ended),
    (700_084, Cause::Ended),
    // Policies.
    (50_005, Cause::ConditionalAccess),
    (50_097, Cause::ConditionalAccess),
    (50_131, Cause::ConditionalAccess),
    (53_000, Cause::ConditionalAccess),
    (53_001, Cause::ConditionalAccess),
    (53_002, Cause::ConditionalAccess),
    (53_003, Cause::ConditionalAccess),
    (53_004, Cause::ConditionalAccess),
    (53_010, Cause::ConditionalAccess),
    (53_011, Cause::ConditionalAccess),
    (530_003, Cause::ConditionalAccess),
    (530_032, Cause::ConditionalAccess),
    (530_035, Cause::ConditionalAccess),
    (50_072, Cause::MultiFactor),
    (50_074, Cause::MultiFactor),
    (50_076, Cause::MultiFactor),
    (50_078, Cause::MultiFactor),
    (50_079, Cause::MultiFactor),
    (500_021, Cause::TenantRestrictions),
    (500_022, Cause::TenantRestrictions),
    (500_212, Cause::CrossTenant),
    (500_213, Cause::CrossTenant),
    // Consent.
    (65_001, Cause::Consent),
    (65_004, Cause::Cancelled),
    (90_093, Cause::Consent),
    (90_094, Cause::Consent),
    (90_095, Cause::Consent),
    // The application and its registration.
    (50_011, Cause::RedirectUri),
    (500_112, Cause::RedirectUri),
    (500_113, Cause::RedirectUri),
    (900_971, Cause::RedirectUri),
    (9_002_325, Cause::NotSinglePage),
    (9_002_326, Cause::NotSinglePage),
    (9_002_327, Cause::NotSinglePage),
    (50_194, Cause::SharedEndpoint),
    (65_005, Cause::Permission),
    (70_011, Cause::Permission),
    (650_057, Cause::Permission),
    (700_016, Cause::NoApplication),
    // The tenant.
    (50_059, Cause::NoTenant),
    (90_002, Cause::NoTenant),
    (900_023, Cause::NoTenant),
    (500_011, Cause::NoResource),
    (500_014, Cause::NoResource),
    (650_052, Cause::NoResource),
    // One attempt.
    (50_196, Cause::Loop),
    (54_005, Cause::Spent),
    (70_000, Cause::Spent),
    (501_481, Cause::OtherRequest),
    (90_033, Cause::Unavailable(None)),
    (90_055, Cause::Unavailable(None)),
];

/// The cause that a number names.
pub(super) fn cause(number: u32) -> Option<Cause> {
    TABLE.iter().find(|(listed, _)| *listed == number).map(|(_, cause)| *cause)
}

/// The number after the first `AADSTS`.
pub(super) fn number(message: &str) -> Option<u32> {
    let (_, rest) = message.split_once("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
