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
pub(crate) const REFRESH_HINT: &str = "Run this where you are signed in to Azure, and paste what it prints. The token is valid for three hours.";
pub(crate) const ENTRA_HINT: &str = "Run this where you are signed in to Azure, and paste the token it prints. The registry exchanges it for a token of its own.";
pub(crate) const ENTRA_COMMAND: &str = "az account get-access-token --resource https://containerregistry.azure.net --query accessToken --output tsv";
pub(crate) const ENTRA_TOKEN: &str = "Access token";
pub(crate) const ANONYMOUS_HINT: &str =
    "Works only if anonymous pull is enabled for the registry. You can view everything but change nothing.";
pub(crate) const KEPT_IN_MEMORY: &str =
    "Credentials are kept in memory only and never stored. After a reload you have to sign in again.";
pub(crate) const MISSING_FIELD: &str = "This field is required.";
pub(crate) const COPY_COMMAND: &str = "Copy command";
pub(crate) const WRONG_CREDENTIAL: &str = "The registry refused these credentials.";
pub(crate) const WRONG_CREDENTIAL_REMEDY: &str = "Check the username and password, or paste a new token. Passwords of tokens can be regenerated, and refresh tokens expire after three hours. Anonymous access works only if the registry allows it.";
pub(crate) const TOKEN_REMEDY: &str =
    "Run the command again, and paste all of its output or the token alone.";
pub(crate) const METHOD_HOST: &str = "The embedding page";
pub(crate) const NO_CREDENTIAL_REMEDY: &str =
    "The page that embeds this dashboard provides the credentials. Sign in there, then try again.";
pub(crate) const SESSION: &str = "Session";
pub(crate) const WHO: &str = "Signed in as";
pub(crate) const HOW: &str = "Sign-in method";
pub(crate) const UNTIL: &str = "Signed in until";
pub(crate) const UNTIL_RENEWED: &str = "Access token expires";
pub(crate) const RENEWED: &str = ", renewed automatically";
pub(crate) const HELD_BACK: &str = "throttled until";
pub(crate) const RIGHTS: &str = "Permissions granted so far";
pub(crate) const NO_RIGHTS: &str = "No access token has been requested yet.";
pub(crate) const BUDGET: &str = "Rate limit";
pub(crate) const NO_BUDGET: &str = "The registry has not reported how much is left.";

pub(crate) fn heading(registry: &str) -> String {
    format!("Sign in to {registry}")
}

pub(crate) fn command(name: &str) -> String {
    format!("az acr login --name {name} --expose-token --output tsv --query accessToken")
}

pub(crate) fn failed(login_server: &str) -> String {
    format!("Could not sign in to {login_server}")
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
    format!("{left:.0} calls per second left")
}

pub(crate) fn ended(login_server: &str) -> String {
    format!("The session at {login_server} has expired. Sign in again to continue on this page.")
}

pub(crate) fn signed_out(login_server: &str) -> String {
    format!("Signed out of {login_server}")
}
