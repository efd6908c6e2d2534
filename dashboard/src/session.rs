//! The registries that are signed in to. Credentials live in the client, in memory: a reload forgets them.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::sync::Arc;

use acr_client_wasm::{
    Credential, EntraTokenSource, Error, Governor, RegistryClient, RepositoryAttributes, RepositoryName,
    Secret, Transport,
};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use crate::action::dependents::GraphSlot;
use crate::action::kept;
use crate::action::plan::{Action, Plan};
use crate::action::run::Runs;
use crate::action::undo::Untagged;
use crate::config::{MicrosoftConfig, RegistryConfig, SignInMethod};
use crate::descriptions::Descriptions;
use crate::failure::Failure;
use crate::list::listing::{Listing, PAGE, listing};
use crate::query::run_until_cleanup;
use crate::surface::{Kind, Surface, tab_storage};
use crate::text::action as action_text;
use crate::text::session as text;

/// The key of what is left of a plan in the tab's storage.
const KEPT_PLANS: &str = "acr-dashboard.plan";

/// An open registry: its client, and what the screens of the registry share.
#[derive(Clone)]
pub(crate) struct Session {
    /// What the gateway says of the registry.
    pub(crate) config: RegistryConfig,
    /// The client that holds the credential.
    pub(crate) client: RegistryClient,
    /// How it was signed in.
    pub(crate) method: SignInMethod,
    /// The user name, if the credential has one.
    pub(crate) user: Option<String>,
    /// Attributes of repositories seen so far, so that opening one from the list asks nothing again.
    pub(crate) seen: RwSignal<HashMap<String, RepositoryAttributes>>,
    /// What manifests are, where a list states too little.
    pub(crate) descriptions: Descriptions,
    /// Tags removed in this session, so that it can be taken back.
    pub(crate) untagged: RwSignal<Vec<Untagged>>,
    /// The changes in progress.
    pub(crate) runs: Runs,
    /// What an analysis has read of the registry, once there was one.
    pub(crate) graph: GraphSlot,
    surface: Surface,
    number: u32,
    /// Whether it uses a token that the user pasted, which cannot be renewed.
    pasted: bool,
    /// Counts changes made outside the screen that shows what they change.
    pub(crate) changed: RwSignal<u32>,
    catalog: StoredValue<Option<Listing<String>>>,
    /// What screens keep for as long as the session, by its type. The type is erased, so that the first load contains none of it.
    kept: StoredValue<HashMap<TypeId, Box<dyn Any + Send + Sync>>>,
    owner: StoredValue<Owner>,
}

impl Session {
    /// The registry's name.
    pub(crate) fn registry(&self) -> &str {
        &self.config.name
    }

    /// The login server.
    pub(crate) fn login_server(&self) -> &str {
        &self.config.login_server
    }

    /// When it ends for good, in milliseconds since the Unix epoch; `None` where the client renews its tokens by itself.
    pub(crate) fn ends(&self) -> Option<i64> {
        let ends = self.client.session().expires.filter(|_| self.pasted)?;
        i64::try_from(ends.as_millis()).ok()
    }

    /// The registry's repositories: asked for once a session, shared by every screen that shows names.
    pub(crate) fn catalog(&self) -> Listing<String> {
        if let Some(catalog) = self.catalog.get_value() {
            return catalog;
        }
        let client = self.client.clone();
        let open =
            move || client.repositories().list(acr_client_wasm::ListOptions { last: None, n: Some(PAGE) });
        let what = text::catalog_failed(self.login_server());
        let catalog = self.owner.with_value(|owner| owner.with(|| listing(open, |name| name, what)));
        self.catalog.set_value(Some(catalog));
        catalog
    }

    /// What a screen keeps for as long as the session, of whatever type: made when it is first asked for. Signals that `make` creates live
    /// as long.
    pub(crate) fn keep<T: Clone + Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> T {
        let id = TypeId::of::<T>();
        let known =
            self.kept.with_value(|kept| kept.get(&id).and_then(|any| any.downcast_ref::<T>()).cloned());
        if let Some(known) = known {
            return known;
        }
        let made = self.owner.with_value(|owner| owner.with(make));
        self.kept.update_value(|kept| drop(kept.insert(id, Box::new(made.clone()))));
        made
    }

    /// Does something that outlives the screen it was begun on, and ends with the session.
    pub(crate) fn run(&self, future: impl Future<Output = ()> + 'static) {
        self.owner.with_value(|owner| owner.with(|| run_until_cleanup(future)));
    }

    /// Why an action on a repository is not allowed; `None` where nothing is known to forbid it. The gateway's configuration may
    /// forbid it, and so may the permissions in this session's access token.
    pub(crate) fn forbids(&self, repository: &str, action: Action) -> Option<String> {
        let allowed = self.config.allowed_actions.as_ref();
        if allowed.is_some_and(|allowed| !allowed.iter().any(|one| one == action.allowed_action())) {
            let why = match self.surface.kind() {
                Kind::Element => action_text::READ_ONLY,
                Kind::Page | Kind::Frame => action_text::NOT_ALLOWED,
            };
            return Some(why.to_owned());
        }
        let needed = action.permission();
        let granted = self.client.session().granted;
        let mine = granted.iter().find(|access| {
            access.kind == "repository" && (access.name == repository || access.name == "*")
        })?;
        let has = mine.actions.iter().any(|one| one == needed || one == "*");
        (!has).then(|| action_text::lacks(needed))
    }
}

/// What a user or the embedding page signs in with.
pub(crate) enum Credentials {
    Anonymous,
    Password {
        username: String,
        password: String,
    },
    RefreshToken(String),
    /// A Microsoft Entra access token.
    EntraToken(String),
    /// A Microsoft account: its name, and where its tokens come from.
    Microsoft {
        username: String,
        source: Arc<dyn EntraTokenSource>,
    },
    /// What the page around the dashboard gave.
    Credential(SignInMethod, Credential),
}

/// A Microsoft Entra token that a person pasted: there is no other where it came from.
struct Pasted(Secret);

impl EntraTokenSource for Pasted {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        Box::pin(ready(Ok(self.0.clone())))
    }
}

/// All registries open in this page. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Sessions {
    open: RwSignal<BTreeMap<String, Session>>,
    surface: Surface,
    stored_plans: StoredValue<Option<(String, Vec<Plan>)>>,
    /// Tags removed in sessions that ran out, by registry.
    untagged: StoredValue<BTreeMap<String, Vec<Untagged>>>,
    owner: StoredValue<Owner>,
    transport: StoredValue<Option<Arc<dyn Transport>>>,
    prepared: StoredValue<u32>,
}

thread_local! {
    /// One governor per registry, shared by all dashboards of a page.
    static GOVERNORS: RefCell<HashMap<String, Governor>> = RefCell::default();
}

fn governor(login_server: &str) -> Governor {
    GOVERNORS.with_borrow_mut(|all| all.entry(login_server.to_owned()).or_default().clone())
}

/// The sign-in method, the user's name where the credential has one, and the credential in the client's form.
fn resolve(credentials: Credentials) -> (SignInMethod, Option<String>, Credential) {
    match credentials {
        Credentials::Anonymous => (SignInMethod::Anonymous, None, Credential::Anonymous),
        Credentials::Password { username, password } => {
            let credential =
                Credential::Password { username: username.clone(), password: Secret::new(password) };
            (SignInMethod::Password, Some(username), credential)
        }
        Credentials::RefreshToken(token) => {
            (SignInMethod::RefreshToken, None, Credential::RefreshToken(Secret::new(token)))
        }
        Credentials::EntraToken(token) => {
            let source = Arc::new(Pasted(Secret::new(token)));
            (SignInMethod::Entra, None, Credential::Entra { tenant: None, source })
        }
        Credentials::Microsoft { username, source } => {
            (SignInMethod::Microsoft, Some(username), Credential::Entra { tenant: None, source })
        }
        Credentials::Credential(method, credential) => {
            let user = match &credential {
                Credential::Password { username, .. } => Some(username.clone()),
                _ => None,
            };
            (method, user, credential)
        }
    }
}

impl Sessions {
    /// None open. The current reactive owner outlives them all. Requests go through `transport`, or through the browser's own.
    pub(crate) fn new(surface: Surface, transport: Option<Arc<dyn Transport>>) -> Self {
        Self {
            transport: StoredValue::new(transport),
            prepared: StoredValue::new(0),
            open: RwSignal::new(BTreeMap::new()),
            surface,
            stored_plans: StoredValue::new(None),
            untagged: StoredValue::new(BTreeMap::new()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// The session of a registry, tracked.
    pub(crate) fn get(&self, registry: &str) -> Option<Session> {
        self.open.with(|open| open.get(registry).cloned())
    }

    /// The session of a registry, untracked.
    pub(crate) fn get_untracked(&self, registry: &str) -> Option<Session> {
        self.open.with_untracked(|open| open.get(registry).cloned())
    }

    /// Every open session, untracked.
    pub(crate) fn all_untracked(&self) -> Vec<Session> {
        self.open.with_untracked(|open| open.values().cloned().collect())
    }

    /// Which session of a registry is open, tracked: another number is another session.
    pub(crate) fn open_number(&self, registry: &str) -> Option<u32> {
        self.open.with(|open| open.get(registry).map(|session| session.number))
    }

    /// Makes a session without asking the registry anything; it is open once [`Sessions::add`] has it.
    pub(crate) fn prepare(
        &self,
        config: &RegistryConfig,
        credentials: Credentials,
    ) -> Result<Session, Failure> {
        let pasted = matches!(credentials, Credentials::RefreshToken(_) | Credentials::EntraToken(_));
        let (method, user, credential) = resolve(credentials);
        let builder = RegistryClient::builder(&config.endpoint)
            .login_server(&config.login_server)
            .credential(credential)
            .governor(governor(&config.login_server))
            .one_token_a_repository(true);
        let client = match self.transport.get_value() {
            Some(transport) => builder.shared_transport(transport),
            None => builder,
        };
        let client =
            client.build().map_err(|error| Failure::of(text::open_failed(&config.login_server), &error))?;
        let owner = self.owner.with_value(Owner::child);
        let seen = owner.with(|| RwSignal::new(HashMap::new()));
        let descriptions = owner.with(|| Descriptions::new(client.clone()));
        let untagged = owner.with(|| RwSignal::new(Vec::new()));
        let changed = owner.with(|| RwSignal::new(0));
        let catalog = owner.with(|| StoredValue::new(None));
        let kept = owner.with(|| StoredValue::new(HashMap::new()));
        let graph = owner.with(GraphSlot::new);
        let surface = self.surface;
        let runs = self.owner.with_value(|parent| {
            parent.with(|| Runs::new(client.clone(), surface, graph, untagged, changed))
        });
        Ok(Session {
            config: config.clone(),
            client,
            runs,
            graph,
            surface,
            method,
            user,
            seen,
            descriptions,
            untagged,
            number: self.count(),
            pasted,
            changed,
            catalog,
            kept,
            owner: self.owner.with_value(|parent| parent.with(|| StoredValue::new(owner))),
        })
    }

    /// Does something that outlives the screen it was begun on, and ends with the app.
    pub(crate) fn run(&self, future: impl Future<Output = ()> + 'static) {
        self.owner.with_value(|owner| owner.with(|| run_until_cleanup(future)));
    }

    fn count(&self) -> u32 {
        let number = self.prepared.get_value();
        self.prepared.set_value(number.wrapping_add(1));
        number
    }

    /// Ends a session that has run out, to be signed in anew: what was untagged in it can still be taken back then.
    pub(crate) fn renew(&self, registry: &str) {
        if let Some(session) = self.get_untracked(registry) {
            let untagged = session.untagged.get_untracked();
            self.untagged.update_value(|all| drop(all.insert(registry.to_owned(), untagged)));
        }
        self.end(registry);
    }

    /// Keeps what is left to do in a registry over a new sign-in.
    pub(crate) fn store_plans(&self, registry: &str, plans: Vec<Plan>) {
        if !plans.is_empty() {
            self.stored_plans.set_value(Some((registry.to_owned(), plans)));
        }
    }

    /// What was left to do in a repository, once.
    pub(crate) fn take_plan(&self, registry: &str, repository: &RepositoryName) -> Option<Plan> {
        self.take_plans(registry, |plan| plan.repository == *repository).into_iter().next()
    }

    /// What was left to do in a registry of what is `wanted`, once.
    pub(crate) fn take_plans(&self, registry: &str, wanted: impl Fn(&Plan) -> bool) -> Vec<Plan> {
        let here = |(of, _): &(String, Vec<Plan>)| *of == registry;
        let kept = || kept::parse(&tab_storage::read(KEPT_PLANS)?).filter(here);
        let Some((_, plans)) = self.stored_plans.get_value().filter(here).or_else(kept) else {
            return Vec::new();
        };
        let (taken, rest): (Vec<Plan>, Vec<Plan>) = plans.into_iter().partition(wanted);
        if !taken.is_empty() {
            tab_storage::remove(KEPT_PLANS);
            let rest = (!rest.is_empty()).then(|| (registry.to_owned(), rest));
            self.stored_plans.set_value(rest);
        }
        taken
    }

    /// Keeps what is left to do over a reload of the page: what waits for a new sign-in, else what is in progress.
    pub(crate) fn keep_over_reload(&self) {
        let in_progress = || {
            let open = self.open.get_untracked();
            let left = open.into_iter().map(|(registry, session)| (registry, session.runs.rests()));
            left.into_iter().find(|(_, plans)| !plans.is_empty())
        };
        let Some((registry, plans)) = self.stored_plans.get_value().or_else(in_progress) else { return };
        tab_storage::write(KEPT_PLANS, &kept::print(&registry, &plans));
    }

    /// Opens a session.
    pub(crate) fn add(&self, session: Session) {
        let kept = self.untagged.try_update_value(|all| all.remove(session.registry())).flatten();
        session.untagged.update(|all| all.extend(kept.unwrap_or_default()));
        self.open.update(|open| {
            open.insert(session.registry().to_owned(), session);
        });
    }

    /// The sessions that are open with a Microsoft account of an application.
    pub(crate) fn of_application(&self, application: &MicrosoftConfig) -> Vec<Session> {
        let is_same = |other: &MicrosoftConfig| other.identity() == application.identity();
        let is_of = |session: &Session| {
            session.method == SignInMethod::Microsoft && session.config.entra.as_ref().is_some_and(is_same)
        };
        self.open.with_untracked(|open| open.values().filter(|session| is_of(session)).cloned().collect())
    }

    /// Forgets a session and its credential.
    pub(crate) fn end(&self, registry: &str) {
        let ended = self.open.try_update(|open| open.remove(registry)).flatten();
        if let Some(session) = ended {
            session.runs.end();
            session.owner.with_value(Owner::cleanup);
        }
    }
}

/// The dashboard's sessions.
pub(crate) fn use_sessions() -> Sessions {
    expect_context()
}

/// The session of the registry on the screen.
pub(crate) fn use_session() -> Session {
    expect_context()
}
