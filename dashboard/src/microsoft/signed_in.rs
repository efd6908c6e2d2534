//! The applications that have an account signed in in this page. In a frame this is all there is to know it by: only a page keeps a note of
//! it in the tab.

use std::cell::RefCell;

use crate::config::MicrosoftConfig;

thread_local! {
    static APPLICATIONS: RefCell<Vec<MicrosoftConfig>> = const { RefCell::new(Vec::new()) };
}

/// Whether an account is signed in to an application.
pub(crate) fn is_signed_in(application: &MicrosoftConfig) -> bool {
    APPLICATIONS.with_borrow(|all| all.iter().any(|other| other.identity() == application.identity()))
}

/// Notes that an account is signed in to an application.
pub(crate) fn add(application: &MicrosoftConfig) {
    if !is_signed_in(application) {
        APPLICATIONS.with_borrow_mut(|all| all.push(application.clone()));
    }
}

/// Notes that none is.
pub(crate) fn remove(application: &MicrosoftConfig) {
    APPLICATIONS.with_borrow_mut(|all| all.retain(|other| other.identity() != application.identity()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_signed_in_to_the_applications_of_its_own_alone() {
        let application = |client_id: &str, authority: &str, scope: &str| MicrosoftConfig {
            client_id: client_id.to_owned(),
            authority: authority.to_owned(),
            scope: scope.to_owned(),
            ..MicrosoftConfig::default()
        };
        let contoso = application("app", "https://login.example/contoso", "a");
        let same = application("app", "https://login.example/contoso", "b");
        let elsewhere = application("app", "https://login.example/fabrikam", "a");
        add(&contoso);
        add(&same);
        assert!(is_signed_in(&same));
        assert!(!is_signed_in(&elsewhere));
        remove(&same);
        assert!(!is_signed_in(&contoso));
    }
}
