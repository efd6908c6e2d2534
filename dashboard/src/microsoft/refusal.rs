//! Why a sign-in with Microsoft failed, from the codes of OAuth, of Microsoft Entra ID ("Microsoft Entra authentication and authorization
//! error codes") and of MSAL. Pure.

pub(crate) use super::cause::Cause;
use super::error_code;
use crate::failure::{Failure, FailureKind};
use crate::text::microsoft as text;
use crate::text::session;

impl Cause {
    /// The cause of an error: `code` is OAuth's or MSAL's, `message` holds `AADSTS` and a number where Microsoft Entra ID refused, and
    /// `status` is that of its answer where that was an error.
    pub(crate) fn of(code: &str, message: &str, status: Option<u16>) -> Self {
        let number = error_code::number(message);
        if let Some(cause) = number.and_then(error_code::cause) {
            return cause;
        }
        if matches!(status, Some(429 | 500..)) {
            return Self::Unavailable(status);
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
            | "empty_response" => status.map_or(Self::NoAnswer, |status| Self::Unavailable(Some(status))),
            // MSAL sends no request for a while after an answer that asked for patience, and names no code.
            "temporarily_unavailable" | "" => Self::Unavailable(None),
            "crypto_nonexistent" | "no_crypto_object" | "pkce_not_created" => Self::UnsafePage,
            "module_missing" => Self::PartMissing,
            _ => Self::Refused(number),
        }
    }

    /// The cause of a registry's refusal. `authority` is where the user signed in, `tenant` whose token came of it; `clock_offset` is by
    /// how many milliseconds Microsoft's clock was ahead of this computer's.
    pub(crate) fn of_registry(authority: &str, tenant: Option<&str>, clock_offset: Option<i64>) -> Self {
        // Registries accept five minutes, and the offset is known to within the minutes that tokens are dated back by.
        const TOLERANCE: u64 = 10 * 60 * 1_000;
        let wanted = tenant_of(authority);
        // A domain, or `organizations`, does not determine which id to expect.
        let is_id = wanted.len() == 36 && wanted.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if is_id && tenant.is_some_and(|tenant| !tenant.eq_ignore_ascii_case(wanted)) {
            return Self::WrongTenant;
        }
        match clock_offset {
            Some(offset) if offset.unsigned_abs() > TOLERANCE => Self::Clock,
            _ => Self::Audience,
        }
    }

    /// Whether a silent attempt failed for no other reason than that a person is needed.
    pub(crate) fn only_needs_person(self) -> bool {
        matches!(self, Self::Ended | Self::Account)
    }
}

/// The tenant that an authority's address ends in.
fn tenant_of(authority: &str) -> &str {
    authority.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// What the sentences name. What is unknown is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around<'a> {
    pub(crate) login_server: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    /// Where the user signed in.
    pub(crate) authority: &'a str,
    /// The tenant that issued the token.
    pub(crate) tenant: &'a str,
    /// The scopes of the tokens that the registry has refused.
    pub(crate) scopes: &'a [&'a str],
}

/// The cause as the page shows it: one sentence, and what to do.
pub(crate) fn explain(cause: Cause, around: Around<'_>) -> Failure {
    let (why, remedy): (&str, String) = match cause {
        Cause::Consent => (text::CONSENT, text::consent_remedy(around.client_id)),
        Cause::NotAssigned => (text::NOT_ASSIGNED, text::NOT_ASSIGNED_REMEDY.to_owned()),
        Cause::NoTenant => (text::NO_TENANT, text::NO_TENANT_REMEDY.to_owned()),
        Cause::NoApplication => (text::NO_APPLICATION, text::NO_APPLICATION_REMEDY.to_owned()),
        Cause::Guest => (text::GUEST, text::GUEST_REMEDY.to_owned()),
        Cause::PendingGuest => (text::PENDING_GUEST, text::PENDING_GUEST_REMEDY.to_owned()),
        Cause::Account => (text::ACCOUNT, text::ACCOUNT_REMEDY.to_owned()),
        Cause::Disabled => (text::DISABLED, text::DISABLED_REMEDY.to_owned()),
        Cause::ExternalChallenge => (text::EXTERNAL_CHALLENGE, text::EXTERNAL_CHALLENGE_REMEDY.to_owned()),
        Cause::CrossTenant => (text::CROSS_TENANT, text::ASK_ADMINISTRATOR.to_owned()),
        Cause::TenantRestrictions => (text::TENANT_RESTRICTIONS, text::ASK_ADMINISTRATOR.to_owned()),
        Cause::ConditionalAccess => (text::CONDITIONAL_ACCESS, text::ASK_ADMINISTRATOR.to_owned()),
        Cause::MultiFactor => (text::MULTI_FACTOR, text::MULTI_FACTOR_REMEDY.to_owned()),
        Cause::RedirectUri => (text::REDIRECT_URI, text::register(around.redirect_uri)),
        Cause::NotSinglePage => (text::NOT_SPA, text::register(around.redirect_uri)),
        Cause::RedirectPage => (text::REDIRECT_PAGE, text::redirect_page_remedy(around.redirect_uri)),
        Cause::Permission => (text::PERMISSION, text::PERMISSION_REMEDY.to_owned()),
        Cause::NoResource => (text::NO_RESOURCE, text::NO_RESOURCE_REMEDY.to_owned()),
        Cause::SharedEndpoint => (text::SHARED_ENDPOINT, text::SHARED_ENDPOINT_REMEDY.to_owned()),
        Cause::WrongTenant => {
            let why = text::wrong_tenant(around.tenant, tenant_of(around.authority));
            return failure(around, &why, text::WRONG_TENANT_REMEDY.to_owned());
        }
        Cause::Audience => {
            let why = text::refused_token(around.login_server, around.scopes, around.tenant);
            return failure(around, &why, text::REFUSED_TOKEN_REMEDY.to_owned());
        }
        Cause::Clock => (text::CLOCK, text::CLOCK_REMEDY.to_owned()),
        Cause::Ended => (text::ENDED, session::SIGN_IN_AGAIN.to_owned() + "."),
        Cause::PopupBlocked => (text::POPUP_BLOCKED, text::POPUP_BLOCKED_REMEDY.to_owned()),
        Cause::Cancelled => (text::CANCELLED, text::TRY_AGAIN.to_owned()),
        Cause::WindowClosed => (text::WINDOW_CLOSED, text::not_finished(around.redirect_uri)),
        Cause::NotFinished => (text::NOT_FINISHED, text::not_finished(around.redirect_uri)),
        Cause::OtherRequest => (text::OTHER_REQUEST, text::OTHER_REQUEST_REMEDY.to_owned()),
        Cause::InProgress => (text::IN_PROGRESS, text::OTHER_REQUEST_REMEDY.to_owned()),
        Cause::Spent => (text::SPENT, text::TRY_AGAIN.to_owned()),
        Cause::Loop => (text::LOOP, text::LOOP_REMEDY.to_owned()),
        Cause::NoAnswer => (text::NO_ANSWER, text::NO_ANSWER_REMEDY.to_owned()),
        Cause::Unavailable(None) => (text::UNAVAILABLE, text::UNAVAILABLE_REMEDY.to_owned()),
        Cause::Unavailable(Some(status)) => {
            return failure(around, &text::unavailable(status), text::UNAVAILABLE_REMEDY.to_owned());
        }
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
        authority: "https://login.example/contoso.example",
        tenant: "2f8c1d60-6a1b-4c7e-9d35-0b7e4a1c5f90",
        scopes: &["https://containerregistry.azure.net/.default"],
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
            assert_eq!(Cause::of(code, message, None), cause, "{code} {message}");
            assert_eq!(Cause::of(code, message, Some(400)), cause, "{code} {message}");
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
            assert_eq!(Cause::of(code, "", None), cause, "{code}");
        }
        assert_eq!(Cause::of("server_error", "AADSTS123456: unknown", None), Cause::Refused(Some(123_456)));
        assert_eq!(Cause::of("server_error", "AADSTS99999999999999999999", None), Cause::Refused(None));
    }

    #[test]
    fn an_answer_that_is_an_error_differs_from_none() {
        for (code, message, status, cause) in [
            ("openid_config_error", "", None, Cause::NoAnswer),
            ("openid_config_error", "AADSTS90002 ", Some(400), Cause::NoTenant),
            ("openid_config_error", "", Some(404), Cause::Unavailable(Some(404))),
            ("failed_to_parse_response", "", Some(500), Cause::Unavailable(Some(500))),
            ("server_error", "", Some(429), Cause::Unavailable(Some(429))),
            ("", "", None, Cause::Unavailable(None)),
            ("invalid_grant", "", Some(400), Cause::Refused(None)),
        ] {
            assert_eq!(Cause::of(code, message, status), cause, "{code} {message} {status:?}");
        }
        assert_eq!(
            explain(Cause::Unavailable(Some(429)), AROUND).why,
            "Microsoft answered with an error (HTTP 429)."
        );
    }

    #[test]
    fn a_wrong_clock_explains_a_refusal_of_the_registry() {
        let of = |offset| Cause::of_registry("https://login.example/organizations", None, offset);
        assert_eq!(of(Some(-7_200_000)), Cause::Clock);
        assert_eq!(of(Some(7_200_000)), Cause::Clock);
        assert_eq!(of(Some(-300_000)), Cause::Audience);
        assert_eq!(of(Some(300_000)), Cause::Audience);
        assert_eq!(of(None), Cause::Audience);
    }

    #[test]
    fn another_tenant_than_the_configured_one_explains_it_too() {
        const TENANT: &str = "2f8c1d60-6a1b-4c7e-9d35-0b7e4a1c5f90";
        let of = |authority: &str, tenant| Cause::of_registry(authority, Some(tenant), None);
        let authority = format!("https://login.example/{TENANT}");
        assert_eq!(of(&authority, TENANT), Cause::Audience);
        assert_eq!(of(&authority, "7e3a9c52-0d4b-4f16-a8e7-6b1d2c5f8a90"), Cause::WrongTenant);
        assert_eq!(of("https://login.example/contoso.com", TENANT), Cause::Audience);
    }

    #[test]
    fn a_refused_token_is_described_by_what_is_known_of_it() {
        let one = "contoso.azurecr.io refused the token for https://containerregistry.azure.net that the tenant \
                   2f8c1d60-6a1b-4c7e-9d35-0b7e4a1c5f90 issued.";
        assert_eq!(explain(Cause::Audience, AROUND).why, one);
        let scopes =
            ["https://containerregistry.azure.net/.default", "https://management.azure.com/.default"];
        let both = Around { tenant: "", scopes: &scopes, ..AROUND };
        assert_eq!(
            explain(Cause::Audience, both).why,
            "contoso.azurecr.io refused the tokens for https://containerregistry.azure.net and https://management.azure.com."
        );
        let why = explain(Cause::WrongTenant, AROUND).why;
        assert!(why.contains(AROUND.tenant) && why.contains("contoso.example"), "{why}");
    }

    #[test]
    fn an_explanation_names_what_is_to_be_registered_and_repeats_nothing_of_the_message() {
        let failure = explain(Cause::RedirectUri, AROUND);
        assert!(failure.remedy.contains(AROUND.redirect_uri), "{failure:?}");
        assert!(explain(Cause::NotFinished, AROUND).remedy.contains(AROUND.redirect_uri));
        assert!(explain(Cause::WindowClosed, AROUND).remedy.contains(AROUND.redirect_uri));
        assert!(explain(Cause::Consent, AROUND).remedy.contains("admin-consent --id app"));
        let hostile = explain(Cause::of("x", "AADSTS12: <script>secret", None), AROUND);
        assert_eq!(hostile.why, "Microsoft refused the sign-in (AADSTS12).");
    }

    /// The sentence for each number, apart from the table, so that neither changes alone.
    const SENTENCES: &[(&str, &[u32])] = &[
        (text::ACCOUNT, &[16_000]),
        (text::GUEST, &[16_003, 50_020, 50_034, 51_004, 90_072]),
        (text::PENDING_GUEST, &[50_014]),
        (text::DISABLED, &[50_057]),
        (text::NOT_ASSIGNED, &[50_105]),
        (text::EXTERNAL_CHALLENGE, &[50_177, 50_178]),
        (text::ENDED, &[50_058, 50_132, 50_133, 50_173, 70_008, 70_043, 700_082, 700_084]),
        (
            text::CONDITIONAL_ACCESS,
            &[
                50_005, 50_097, 50_131, 53_000, 53_001, 53_002, 53_003, 53_004, 53_010, 53_011, 530_003,
                530_032, 530_035,
            ],
        ),
        (text::MULTI_FACTOR, &[50_072, 50_074, 50_076, 50_078, 50_079]),
        (text::TENANT_RESTRICTIONS, &[500_021, 500_022]),
        (text::CROSS_TENANT, &[500_212, 500_213]),
        (text::CONSENT, &[65_001, 90_093, 90_094, 90_095]),
        (text::CANCELLED, &[65_004]),
        (text::REDIRECT_URI, &[50_011, 500_112, 500_113, 900_971]),
        (text::NOT_SPA, &[9_002_325, 9_002_326, 9_002_327]),
        (text::SHARED_ENDPOINT, &[50_194]),
        (text::PERMISSION, &[65_005, 70_011, 650_057]),
        (text::NO_APPLICATION, &[700_016]),
        (text::NO_TENANT, &[50_059, 90_002, 900_023]),
        (text::NO_RESOURCE, &[500_011, 500_014, 650_052]),
        (text::LOOP, &[50_196]),
        (text::OTHER_REQUEST, &[501_481]),
        (text::SPENT, &[54_005, 70_000]),
        (text::UNAVAILABLE, &[90_033, 90_055]),
    ];

    #[test]
    fn every_number_has_its_sentence() {
        for (sentence, numbers) in SENTENCES {
            for number in *numbers {
                let cause = error_code::cause(*number).unwrap_or_else(|| panic!("{number} is not listed"));
                assert_eq!(explain(cause, Around::default()).why, *sentence, "{number}");
            }
        }
        let count: usize = SENTENCES.iter().map(|(_, numbers)| numbers.len()).sum();
        assert_eq!(error_code::TABLE.len(), count, "a number is listed twice, or without a sentence");
    }
}
