//! Signing in and out, who one is, and what is wrong when it does not work.

pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again";
pub(crate) const SIGNING_IN: &str = "Signing in…";
pub(crate) const LOGIN_SERVER: &str = "Login server";
pub(crate) const LOGIN_SERVER_HINT: &str = "The registry's host name, for example contoso.azurecr.io";
pub(crate) const METHOD: &str = "Sign in with";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const REFRESH_TOKEN: &str = "Refresh token";
pub(crate) const METHOD_PASSWORD: &str = "Token or access keys";
pub(crate) const METHOD_REFRESH: &str = "az acr login --expose-token";
pub(crate) const METHOD_ANONYMOUS: &str = "Anonymous";
pub(crate) const METHOD_ENTRA: &str = "Microsoft Entra ID";
pub(crate) const METHOD_GATEWAY: &str = "The gateway's identity";
pub(crate) const PASSWORD_HINT: &str =
    "A repository-scoped token and one of its passwords, or the admin user from the registry's Access keys.";
pub(crate) const REFRESH_HINT: &str = "Run this where you are signed in to Azure, and paste the accessToken it prints. It is good for three hours.";
pub(crate) const ENTRA_HINT: &str = "Run this where you are signed in to Azure, and paste the token it prints. The registry exchanges it for a token of its own.";
pub(crate) const ENTRA_COMMAND: &str = "az account get-access-token --resource https://containerregistry.azure.net --query accessToken --output tsv";
pub(crate) const ENTRA_TOKEN: &str = "Access token";
pub(crate) const ANONYMOUS_HINT: &str =
    "Works where the registry's owner has enabled anonymous pull. You can look, but change nothing.";
pub(crate) const KEPT_IN_MEMORY: &str =
    "What you enter stays in this page's memory. It is never stored: after a reload you are asked again.";
pub(crate) const MISSING_FIELD: &str = "Fill this in.";
pub(crate) const COPY_COMMAND: &str = "Copy command";
pub(crate) const WRONG_CREDENTIAL: &str = "The registry refused this credential.";
pub(crate) const WRONG_CREDENTIAL_REMEDY: &str = "Check user name and password or paste a fresh token: passwords of tokens can be regenerated, and refresh tokens end after \
     three hours. Anonymous works only where the registry allows it.";
pub(crate) const METHOD_HOST: &str = "The page around this";
pub(crate) const NO_CREDENTIAL_REMEDY: &str =
    "The page around this dashboard signs in for you: sign in there, then try again.";
pub(crate) const SESSION: &str = "Session";
pub(crate) const WHO: &str = "Signed in as";
pub(crate) const HOW: &str = "With";
pub(crate) const UNTIL: &str = "Signed in until";
pub(crate) const UNTIL_RENEWED: &str = "Access token until";
pub(crate) const RENEWED: &str = "renewed by itself";
pub(crate) const HELD_BACK: &str = "throttled: the registry asks to wait until";
pub(crate) const RIGHTS: &str = "What this session has been granted so far";
pub(crate) const NO_RIGHTS: &str = "No token has been asked for yet.";
pub(crate) const BUDGET: &str = "Rate budget";
pub(crate) const NO_BUDGET: &str = "The registry has not said what is left of it.";

pub(crate) fn heading(registry: &str) -> String {
    format!("Sign in to {registry}")
}

pub(crate) fn command(name: &str) -> String {
    format!("az acr login --name {name} --expose-token --output tsv --query accessToken")
}

pub(crate) fn failed(login_server: &str) -> String {
    format!("Signing in to {login_server} did not work")
}

pub(crate) fn open_failed(login_server: &str) -> String {
    format!("{login_server} could not be opened")
}

pub(crate) fn catalog_failed(login_server: &str) -> String {
    format!("The repositories of {login_server} could not be listed")
}

pub(crate) fn not_served(login_server: &str, served: &str) -> String {
    format!("This gateway does not serve {login_server}. It serves {served}.")
}

pub(crate) fn budget(left: f64) -> String {
    format!("{left:.0} calls a second left")
}

pub(crate) fn ended(login_server: &str) -> String {
    format!("The session at {login_server} has ended. After signing in again you come back to this place.")
}

pub(crate) fn signed_out(login_server: &str) -> String {
    format!("Signed out of {login_server}")
}
