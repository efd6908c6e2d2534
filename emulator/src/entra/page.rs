//! The pages of the authority: the choice of an account, and what is refused without a redirect. Pure: texts in, HTML out.

use crate::auth::EntraAccount;

use super::error::EntraError;

/// The page to choose an account on. `request` is the query of the authorization request, which the choice is sent along with;
/// `action` is the path it is sent to.
pub(super) fn choose_account(action: &str, request: &str, hint: Option<EntraAccount>) -> String {
    let button = |account: EntraAccount| {
        let hinted = if hint == Some(account) { " autofocus" } else { "" };
        format!(
            "<p><button name=\"account\" value=\"{}\"{hinted}>{}<br><small>{}</small></button></p>\n",
            account.key(),
            account.name(),
            account.username()
        )
    };
    let buttons: String = EntraAccount::ALL.into_iter().map(button).collect();
    document(
        "Pick an account",
        &format!(
            "<p>This is the authority of the emulator, not Microsoft. No password is needed.</p>\n\
             <form method=\"post\" action=\"{}\">\n<input type=\"hidden\" name=\"request\" value=\"{}\">\n{buttons}\
             <p><button name=\"account\" value=\"cancel\">Cancel</button></p>\n</form>",
            escape(action),
            escape(request)
        ),
    )
}

/// The page of a refusal that the application does not hear of.
pub(super) fn refused(error: &EntraError) -> String {
    document(
        "Sign in",
        &format!(
            "<p>Sorry, but we’re having trouble signing you in.</p>\n<p>{}</p>",
            escape(&error.description())
        ),
    )
}

/// The page after signing out without a redirect.
pub(super) fn signed_out() -> String {
    document("You signed out of your account", "<p>It’s a good idea to close all browser windows.</p>")
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_text_on_the_page() {
        let page = choose_account("/t/login", "state=\"><script>", Some(EntraAccount::Guest));
        assert!(page.contains("value=\"state=&quot;&gt;&lt;script&gt;\""), "{page}");
        assert!(page.contains("value=\"guest\" autofocus"), "{page}");
        let page = refused(&EntraError::new("invalid_request", 50_011, "'<img>'"));
        assert!(page.contains("AADSTS50011: &#39;&lt;img&gt;&#39;"), "{page}");
    }
}
