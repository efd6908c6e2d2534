//! What the catalog does not say of a repository: asked for while its row rests on the screen, and given up when it leaves.

use std::collections::HashMap;

use acr_client_wasm::RepositoryName;
use futures_util::future::AbortHandle;
use leptos::prelude::*;

use crate::query::run;
use crate::session::Session;

/// The look-ups of one list. Cheap to copy; they end with the reactive owner that made them.
#[derive(Clone, Copy)]
pub(crate) struct LookUps {
    session: StoredValue<Session>,
    on_screen: StoredValue<Vec<String>>,
    /// Of those on the screen, the ones that were asked for, whether or not they have answered.
    asked: StoredValue<HashMap<String, AbortHandle>>,
}

impl LookUps {
    /// None yet.
    pub(crate) fn new(session: Session) -> Self {
        let this = Self {
            session: StoredValue::new(session),
            on_screen: StoredValue::new(Vec::new()),
            asked: StoredValue::new(HashMap::new()),
        };
        on_cleanup(move || this.give_up(|_| true));
        this
    }

    /// These repositories are on the screen, and no others.
    pub(crate) fn show(self, names: Vec<String>) {
        self.give_up(|name| !names.contains(name));
        self.session.with_value(|session| {
            let known = |name: &&String| session.seen.with_untracked(|seen| seen.contains_key(*name));
            let unknown: Vec<RepositoryName> =
                names.iter().filter(|name| !known(name)).filter_map(|name| name.parse().ok()).collect();
            session.client.share_tokens(&unknown);
        });
        names.iter().for_each(|name| self.ask(name));
        self.on_screen.set_value(names);
    }

    /// Forgets what was found out, and finds it out again for what is on the screen.
    pub(crate) fn again(self) {
        self.give_up(|_| true);
        self.session.with_value(|session| session.seen.update(|seen| seen.clear()));
        self.show(self.on_screen.get_value());
    }

    fn give_up(self, left: impl Fn(&String) -> bool) {
        let _ = self.asked.try_update_value(|asked| {
            asked.extract_if(|name, _| left(name)).for_each(|(_, request)| request.abort());
        });
    }

    fn ask(self, name: &str) {
        let (session, asked) =
            (self.session.get_value(), self.asked.with_value(|asked| asked.contains_key(name)));
        let seen = session.seen;
        if asked || seen.with_untracked(|seen| seen.contains_key(name)) {
            return;
        }
        let Ok(repository) = name.parse() else { return };
        let request = run(async move {
            // A row without numbers is still a row: its failure shows when the repository is opened.
            if let Ok(attributes) = session.client.repositories().attributes(&repository).await {
                let _ = seen.try_update(|seen| seen.insert(repository.as_str().to_owned(), attributes));
            }
        });
        self.asked.update_value(|asked| drop(asked.insert(name.to_owned(), request)));
    }
}
