//! Why a sign-in with Microsoft failed, from the codes of OAuth, of Microsoft Entra ID ("Microsoft Entra authentication and authorization
//! error codes") and of MSAL. Pure.

use crate::failure::{Failure, FailureKind};
use crate::text::microsoft as text;
use crate::text::session;

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
    /// The registry trusts another tenant.
    WrongTenant,
    /// The registry accepts the tokens of neither scope.
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
    /// No answer, or none in time.
    NoAnswer,
    /// The page is not a secure context.
    UnsafePage,
    /// The module could not be loaded.
    PartMissing,
    /// Any other, with the number after `AADSTS`.
    Refused(Option<u32>),
}

impl Cause {
    /// The cause of an error: `code` is OAuth's or MSAL's, `message` holds `AADSTS` and a number where Microsoft Entra ID refused.
    pub(crate) fn of(code: &str, message: &str) -> Self {
        let number = number(message);
        if let Some(cause) = number.and_then(of_number) {
            return cause;
        }
        match code {
            "consent_required" => Self::Consent,
            "login_required"
            | "no_account_error"
            | "no_account_found"
            | "no_account_in_silent_request"
            | "no_tokens_found"
            | "refresh_token_expired" => Self::Ended,
            "interaction_required" => Self::Ended,
            "popup_window_error" | "empty_window_error" | "block_nested_popups" => Self::PopupBlocked,
            "user_cancelled" | "user_canceled" => Self::Cancelled,
            "access_denied" if number.is_none() => Self::Cancelled,
            "state_mismatch"
            | "state_not_found"
            | "invalid_state"
            | "unable_to_parse_state"
            | "no_state_in_hash"
            | "nonce_mismatch"
            | "state_interaction_type_mismatch"
            | "no_token_request_cache_error" => Self::OtherRequest,
            "redirect_page_elsewhere" => Self::RedirectPage,
            "interaction_in_progress" | "interaction_in_progress_cancelled" => Self::InProgress,
            "endpoints_resolution_error"
            | "openid_config_error"
            | "network_error"
            | "no_network_connectivity"
            | "post_request_failed"
            | "get_request_failed"
            | "failed_to_parse_response"
            | "timed_out"
            | "empty_response"
            | "temporarily_unavailable" => Self::NoAnswer,
            "crypto_nonexistent" | "no_crypto_object" | "pkce_not_created" => Self::UnsafePage,
            "module_missing" => Self::PartMissing,
            _ => Self::Refused(number),
        }
    }

    /// The cause of a registry's refusal. `authority` is where the user signed in, `tenant` whose token came of it; `issued_at` is when
    /// it was issued and `now` the time of this computer, both in milliseconds since the Unix epoch.
    pub(crate) fn of_registry(
        authority: &str,
        tenant: Option<&str>,
        issued_at: Option<i64>,
        now: i64,
    ) -> Self {
        const TOLERANCE: u64 = 5 * 60 * 1_000;
        let wanted = authority.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        // A domain, or `organizations`, does not determine which id to expect.
        let is_id = wanted.len() == 36 && wanted.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if is_id && tenant.is_some_and(|tenant| !tenant.eq_ignore_ascii_case(wanted)) {
            return Self::WrongTenant;
        }
        match issued_at {
            Some(issued_at) if issued_at.abs_diff(now) > TOLERANCE => Self::Clock,
            _ => Self::Audience,
        }
    }

    /// Whether a silent attempt failed for no other reason than that a person is needed.
    pub(crate) fn only_needs_person(self) -> bool {
        matches!(self, Self::Ended)
    }
}

fn of_number(number: u32) -> Option<Cause> {
    Some(match number {
        65_001 | 90_094 | 90_093 | 90_095 => Cause::Consent,
        65_004 => Cause::Cancelled,
        50_105 | 50_177 => Cause::NotAssigned,
        90_002 | 900_023 | 90_072 | 50_059 => Cause::NoTenant,
        700_016 => Cause::NoApplication,
        50_020 | 50_034 | 51_004 => Cause::Guest,
        53_000..=53_004 | 50_005 | 50_097 | 50_131 | 530_003 => Cause::ConditionalAccess,
        50_072 | 50_074 | 50_076 | 50_078 | 50_079 => Cause::MultiFactor,
        50_011 | 500_112 => Cause::RedirectUri,
        9_002_325..=9_002_327 => Cause::NotSinglePage,
        65_005 | 500_011 | 500_014 | 650_052 | 650_057 | 70_011 => Cause::Permission,
        16_000 | 50_058 | 50_173 | 70_043 | 70_008 | 700_082 | 700_084 => Cause::Ended,
        90_033 | 90_055 | 90_100 => Cause::NoAnswer,
        _ => return None,
    })
}

/// The number after the first `AADSTS`.
fn number(message: &str) -> Option<u32> {
    let (_, rest) = message.split_once("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What the sentences name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'a> {
    pub(crate) login_server: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
}

/// The cause as the page shows it: one sentence, and what to do.
pub(crate) fn explain(cause: Cause, around: Around<'_>) -> Failure {
    let (why, remedy): (&str, String) = match cause {
        Cause::Consent => (text::CONSENT, text::consent_remedy(around.client_id)),
        Cause::NotAssigned => (text::NOT_ASSIGNED, text::NOT_ASSIGNED_REMEDY.to_owned()),
        Cause::NoTenant => (text::NO_TENANT, text::NO_TENANT_REMEDY.to_owned()),
        Cause::NoApplication => (text::NO_APPLICATION, text::NO_APPLICATION_REMEDY.to_owned()),
        Cause::Guest => (text::GUEST, text::GUEST_REMEDY.to_owned()),
        Cause::ConditionalAccess => (text::CONDITIONAL_ACCESS, text::ASK_ADMINISTRATOR.to_owned()),
        Cause::MultiFactor => (text::MULTI_FACTOR, text::MULTI_FACTOR_REMEDY.to_owned()),
        Cause::RedirectUri => (text::REDIRECT_URI, text::register(around.redirect_uri)),
        Cause::NotSinglePage => (text::NOT_SPA, text::register(around.redirect_uri)),
        Cause::RedirectPage => (text::REDIRECT_PAGE, text::redirect_page_remedy(around.redirect_uri)),
        Cause::Permission => (text::PERMISSION, text::PERMISSION_REMEDY.to_owned()),
        Cause::WrongTenant => (text::WRONG_TENANT, text::WRONG_TENANT_REMEDY.to_owned()),
        Cause::Audience => (text::AUDIENCE, text::AUDIENCE_REMEDY.to_owned()),
        Cause::Clock => (text::CLOCK, text::CLOCK_REMEDY.to_owned()),
        Cause::Ended => (text::ENDED, session::SIGN_IN_AGAIN.to_owned() + "."),
        Cause::PopupBlocked => (text::POPUP_BLOCKED, text::POPUP_BLOCKED_REMEDY.to_owned()),
        Cause::Cancelled => (text::CANCELLED, text::TRY_AGAIN.to_owned()),
        Cause::WindowClosed => (text::WINDOW_CLOSED, text::TRY_AGAIN.to_owned()),
        Cause::NotFinished => (text::NOT_FINISHED, text::not_finished(around.redirect_uri)),
        Cause::OtherRequest => (text::OTHER_REQUEST, text::OTHER_REQUEST_REMEDY.to_owned()),
        Cause::InProgress => (text::IN_PROGRESS, text::OTHER_REQUEST_REMEDY.to_owned()),
        Cause::NoAnswer => (text::NO_ANSWER, text::NO_ANSWER_REMEDY.to_owned()),
        Cause::UnsafePage => (text::UNSAFE_PAGE, text::UNSAFE_PAGE_REMEDY.to_owned()),
        Cause::PartMissing => (text::PART_MISSING, text::PART_MISSING_REMEDY.to_owned()),
        Cause::Refused(code) => {
            let why = text::refused(code);
            return failure(around, &why, text::ASK_ADMINISTRATOR.to_owned());
        }
    };
    failure(around, why, remedy)
}

fn failure(around: Around<'_>, why: &str, remedy: String) -> Failure {
    Failure { kind: FailureKind::SignIn, ..Failure::local(session::failed(around.login_server), why, remedy) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: Around<'static> = Around {
        login_server: "contoso.azurecr.io",
        client_id: "app",
        redirect_uri: "https://registry.example/redirect.html",
    };

    #[test]
    fn a_number_of_entra_wins_over_the_code_of_oauth() {
        for (code, message, cause) in [
            ("consent_required", "AADSTS65001: not consented", Cause::Consent),
            ("invalid_grant", "AADSTS65001: not consented", Cause::Consent),
            ("access_denied", "AADSTS65004: declined", Cause::Cancelled),
            ("access_denied", "AADSTS50020: no such account", Cause::Guest),
            ("access_denied", "AADSTS53003: blocked", Cause::ConditionalAccess),
            ("interaction_required", "AADSTS50076: MFA", Cause::MultiFactor),
            ("login_required", "AADSTS50058: no session", Cause::Ended),
            ("invalid_request", "AADSTS9002326 cross-origin", Cause::NotSinglePage),
            ("invalid_grant", "AADSTS700084", Cause::Ended),
            ("unauthorized_client", "AADSTS700016: not found", Cause::NoApplication),
        ] {
            assert_eq!(Cause::of(code, message), cause, "{code} {message}");
        }
    }

    #[test]
    fn codes_of_msal_have_their_cause() {
        for (code, cause) in [
            ("popup_window_error", Cause::PopupBlocked),
            ("user_cancelled", Cause::Cancelled),
            ("access_denied", Cause::Cancelled),
            ("state_mismatch", Cause::OtherRequest),
            ("nonce_mismatch", Cause::OtherRequest),
            ("endpoints_resolution_error", Cause::NoAnswer),
            ("timed_out", Cause::NoAnswer),
            ("crypto_nonexistent", Cause::UnsafePage),
            ("no_account_error", Cause::Ended),
            ("module_missing", Cause::PartMissing),
            ("redirect_page_elsewhere", Cause::RedirectPage),
            ("something_new", Cause::Refused(None)),
        ] {
            assert_eq!(Cause::of(code, ""), cause, "{code}");
        }
        assert_eq!(Cause::of("server_error", "AADSTS123456: unknown"), Cause::Refused(Some(123_456)));
        assert_eq!(Cause::of("server_error", "AADSTS99999999999999999999"), Cause::Refused(None));
    }

    #[test]
    fn a_wrong_clock_explains_a_refusal_of_the_registry() {
        let now = 1_700_000_000_000;
        let of = |issued_at| Cause::of_registry("https://login.example/organizations", None, issued_at, now);
        assert_eq!(of(Some(now - 7_200_000)), Cause::Clock);
        assert_eq!(of(Some(now + 7_200_000)), Cause::Clock);
        assert_eq!(of(Some(now - 60_000)), Cause::Audience);
        assert_eq!(of(None), Cause::Audience);
    }

    #[test]
    fn another_tenant_than_the_configured_one_explains_it_too() {
        const TENANT: &str = "2f8c1d60-6a1b-4c7e-9d35-0b7e4a1c5f90";
        let of = |authority: &str, tenant| Cause::of_registry(authority, Some(tenant), None, 0);
        let authority = format!("https://login.example/{TENANT}");
        assert_eq!(of(&authority, TENANT), Cause::Audience);
        assert_eq!(of(&authority, "7e3a9c52-0d4b-4f16-a8e7-6b1d2c5f8a90"), Cause::WrongTenant);
        assert_eq!(of("https://login.example/contoso.com", TENANT), Cause::Audience);
    }

    #[test]
    fn an_explanation_names_what_is_to_be_registered_and_repeats_nothing_of_the_message() {
        let failure = explain(Cause::RedirectUri, AROUND);
        assert!(failure.remedy.contains(AROUND.redirect_uri), "{failure:?}");
        assert!(explain(Cause::NotFinished, AROUND).remedy.contains(AROUND.redirect_uri));
        assert!(explain(Cause::Consent, AROUND).remedy.contains("admin-consent --id app"));
        let hostile = explain(Cause::of("x", "AADSTS12: <script>secret"), AROUND);
        assert_eq!(hostile.why, "Microsoft refused the sign-in (AADSTS12).");
    }
}
