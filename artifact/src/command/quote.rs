//! Quoting for a POSIX shell.

use std::borrow::Cow;

/// A word as a POSIX shell has to read it: as it is where it is safe, else in single quotes. Line breaks and other control characters are
/// left out, since a terminal would act on them when the line is pasted.
///
/// ```
/// use acr_artifact::command::quote;
///
/// assert_eq!(quote("contoso.azurecr.io/team/app:1.2"), "contoso.azurecr.io/team/app:1.2");
/// assert_eq!(quote("a; rm -rf '/'"), r"'a; rm -rf '\''/'\'''");
/// ```
#[must_use]
pub fn quote(text: &str) -> Cow<'_, str> {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
    if !text.is_empty() && text.bytes().all(safe) {
        return Cow::Borrowed(text);
    }
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    Cow::Owned(format!("'{}'", clean.replace('\'', r"'\''")))
}
