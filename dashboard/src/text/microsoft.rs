//! Signing in with Microsoft: what the buttons say, and every refusal in one sentence with what to do about it.

pub(crate) const SIGN_IN: &str = "Sign in with Microsoft";
pub(crate) const OTHER_WAYS: &str = "Other ways to sign in";
pub(crate) const ANOTHER_ACCOUNT: &str = "Use another account";
pub(crate) const SIGN_OUT_OF_MICROSOFT: &str = "Sign out of Microsoft too";
pub(crate) const METHOD: &str = "Microsoft account";
pub(crate) const IN_WINDOW: &str =
    "Continue in the window that opens. If it is closed or does not appear, press the button again.";

pub(crate) const TRY_AGAIN: &str = "Try again.";
pub(crate) const ASK_ADMINISTRATOR: &str = "Ask an administrator of your organization.";

pub(crate) const CONSENT: &str = "Consent to this application is missing.";
pub(crate) const NOT_ASSIGNED: &str = "Your account is not assigned to this application.";
pub(crate) const NOT_ASSIGNED_REMEDY: &str =
    "Ask an administrator to assign you to it, or use another account.";
pub(crate) const WRONG_TENANT_REMEDY: &str = "Use an account of the registry's tenant. The gateway's setting entra.tenant decides where users sign in.";
pub(crate) const NO_TENANT: &str = "The tenant that this gateway names does not exist.";
pub(crate) const NO_TENANT_REMEDY: &str = "Correct the gateway's setting entra.tenant.";
pub(crate) const NO_APPLICATION: &str =
    "The application that this gateway names is not registered in the tenant.";
pub(crate) const NO_APPLICATION_REMEDY: &str = "Correct the gateway's settings entra.client_id and entra.tenant; `acr-gateway entra-setup` prints how to register it.";
pub(crate) const GUEST: &str =
    "Your account does not exist in the tenant of this registry, and has not been invited as a guest.";
pub(crate) const GUEST_REMEDY: &str = "Use another account, or ask the registry's owner for an invitation.";
pub(crate) const PENDING_GUEST: &str = "Your invitation as a guest of this tenant has not been accepted yet.";
pub(crate) const PENDING_GUEST_REMEDY: &str =
    "Follow the link in the invitation, which came by e-mail, then try again.";
pub(crate) const ACCOUNT: &str = "Microsoft cannot tell which account to use: several are signed in, or the one that is does not exist in this tenant.";
pub(crate) const ACCOUNT_REMEDY: &str = "Choose an account with \"Use another account\".";
pub(crate) const DISABLED: &str = "An administrator has disabled your account.";
pub(crate) const DISABLED_REMEDY: &str = "Use another account, or ask an administrator of your organization.";
pub(crate) const EXTERNAL_CHALLENGE: &str =
    "The tenant requires a check that accounts of another organization cannot pass.";
pub(crate) const EXTERNAL_CHALLENGE_REMEDY: &str =
    "Use an account of the registry's tenant, or ask an administrator of that tenant.";
pub(crate) const CROSS_TENANT: &str =
    "A policy on access between your organization and the registry's blocks this sign-in.";
pub(crate) const TENANT_RESTRICTIONS: &str =
    "Your network or device may not sign in to the tenant of this registry.";
pub(crate) const CONDITIONAL_ACCESS: &str =
    "A Conditional Access policy of your organization blocks this sign-in.";
pub(crate) const MULTI_FACTOR: &str = "Your organization requires multi-factor authentication.";
pub(crate) const MULTI_FACTOR_REMEDY: &str = "Sign in with Microsoft again to complete it.";
pub(crate) const POPUP_BLOCKED: &str = "The browser blocked the sign-in window.";
pub(crate) const POPUP_BLOCKED_REMEDY: &str = "Allow pop-ups for this page, then try again.";
pub(crate) const CANCELLED: &str = "The sign-in was cancelled.";
pub(crate) const WINDOW_CLOSED: &str = "The sign-in window was closed before the sign-in was complete.";
pub(crate) const NOT_FINISHED: &str = "The sign-in with Microsoft was not completed.";
pub(crate) const REDIRECT_URI: &str = "The redirect URI of this page is not registered with the application.";
pub(crate) const REDIRECT_PAGE: &str = "The page that Microsoft redirects to is not on this page's origin.";
pub(crate) const NOT_SPA: &str = "The redirect URI is not registered as that of a single-page application.";
pub(crate) const PERMISSION: &str = "The application may not request tokens for this registry.";
pub(crate) const PERMISSION_REMEDY: &str = "Add the permission user_impersonation to its registration; `acr-gateway entra-setup` prints the command.";
pub(crate) const NO_RESOURCE: &str =
    "The tenant has no service principal of the service that the token is for, or has disabled it.";
pub(crate) const NO_RESOURCE_REMEDY: &str = "Check that the gateway's setting entra.tenant is the registry's tenant, and register the resource provider Microsoft.ContainerRegistry in one of its subscriptions.";
pub(crate) const SHARED_ENDPOINT: &str =
    "The application signs in accounts of one tenant, and this page does not say of which.";
pub(crate) const SHARED_ENDPOINT_REMEDY: &str =
    "Set the gateway's entra.tenant to the id of the tenant that the application is registered in.";
pub(crate) const REFUSED_TOKEN_REMEDY: &str = "Check that this is the registry's tenant, and that your account has a role such as AcrPull on the registry.";
pub(crate) const CLOCK: &str =
    "The clock of this computer differs from Microsoft's by more than ten minutes.";
pub(crate) const CLOCK_REMEDY: &str = "Set the clock, then try again.";
pub(crate) const ENDED: &str = "Your session with Microsoft has ended.";
pub(crate) const NO_ANSWER: &str = "Microsoft did not answer.";
pub(crate) const NO_ANSWER_REMEDY: &str = "Check the network connection, then try again.";
pub(crate) const UNAVAILABLE: &str = "Microsoft cannot complete the sign-in at the moment.";
pub(crate) const UNAVAILABLE_REMEDY: &str = "Wait a minute, then try again.";
pub(crate) const SPENT: &str = "Microsoft's answer has expired or was used before.";
pub(crate) const LOOP: &str =
    "Microsoft has stopped signing you in, since there were too many sign-ins in a short time.";
pub(crate) const LOOP_REMEDY: &str = "Wait a few minutes, then try again.";
pub(crate) const STILL_AT_MICROSOFT: &str =
    "You are signed out here, and Microsoft's own session has not ended";
pub(crate) const STILL_AT_MICROSOFT_REMEDY: &str =
    "On a shared computer, close all windows of the browser before you leave it.";
pub(crate) const UNSAFE_PAGE: &str =
    "The browser allows this sign-in only for pages that are served over https.";
pub(crate) const UNSAFE_PAGE_REMEDY: &str = "Open the page by its https address.";
pub(crate) const OTHER_REQUEST: &str = "The answer belongs to another sign-in.";
pub(crate) const OTHER_REQUEST_REMEDY: &str = "Close other tabs that are signing in, then try again.";
pub(crate) const IN_PROGRESS: &str = "Another sign-in is in progress.";
pub(crate) const PART_MISSING: &str =
    "The part of the page that signs in with Microsoft could not be loaded.";
pub(crate) const PART_MISSING_REMEDY: &str = "Check that the gateway is running, then try again.";

pub(crate) fn consent_remedy(client_id: &str) -> String {
    format!("An administrator can consent for everyone: az ad app permission admin-consent --id {client_id}")
}

pub(crate) fn register(redirect_uri: &str) -> String {
    format!(
        "Register {redirect_uri} as a single-page application's redirect URI; `acr-gateway entra-setup` prints the command."
    )
}

pub(crate) fn redirect_page_remedy(redirect_uri: &str) -> String {
    format!(
        "Serve redirect.html of the package on the origin of this page, and name it in place of {redirect_uri}."
    )
}

pub(crate) fn not_finished(redirect_uri: &str) -> String {
    format!(
        "Try again. If Microsoft's page showed the error AADSTS50011, register the redirect URI {redirect_uri} with the application."
    )
}

pub(crate) fn unavailable(status: u16) -> String {
    format!("Microsoft answered with an error (HTTP {status}).")
}

pub(crate) fn wrong_tenant(tenant: &str, configured: &str) -> String {
    format!("The token was issued by tenant {tenant}, but the gateway is configured for tenant {configured}.")
}

/// What a registry refused: the scopes of the tokens, and the tenant that issued them where it is known.
pub(crate) fn refused_token(login_server: &str, scopes: &[&str], tenant: &str) -> String {
    let audiences: Vec<&str> = scopes.iter().map(|scope| scope.trim_end_matches("/.default")).collect();
    let (tokens, audiences) = (if scopes.len() > 1 { "tokens" } else { "token" }, audiences.join(" and "));
    let issued = if tenant.is_empty() { String::new() } else { format!(" that the tenant {tenant} issued") };
    format!("{login_server} refused the {tokens} for {audiences}{issued}.")
}

pub(crate) fn refused(code: Option<u32>) -> String {
    match code {
        Some(code) => format!("Microsoft refused the sign-in (AADSTS{code})."),
        None => "Microsoft refused the sign-in.".to_owned(),
    }
}

pub(crate) fn other_scope(login_server: &str, scope: &str) -> String {
    let audience = scope.trim_end_matches("/.default");
    format!(
        "{login_server} accepts tokens for {audience} only. Set entra.scope to save a request at each sign-in."
    )
}
