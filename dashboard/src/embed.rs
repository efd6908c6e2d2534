//! The dashboard as an element of another page: what the bindings of the custom element are built on. It exports nothing to JavaScript.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use acr_client_wasm::{Credential, Transport};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::app::{App, Setup};
use crate::config::{Config, MicrosoftConfig, RegistryConfig, SignInMethod};
use crate::navigation::{Holder, Navigation};
use crate::page::host_sign_in::CredentialSource;
use crate::palette::PaletteEntries;
use crate::preferences::Preferences;
use crate::route::Route;
use crate::surface::event::Event;
use crate::surface::{HostParts, Surface};
use crate::theme::{Density, Theme};

/// Where users of the public cloud sign in, and the address of any organization's authority there.
const PUBLIC_CLOUD: &str = "https://login.microsoftonline.com/";
const DEFAULT_AUTHORITY: &str = "https://login.microsoftonline.com/organizations";

/// The scope of tokens for registries, in every cloud.
const REGISTRY_SCOPE: &str = "https://containerregistry.azure.net/.default";

/// That of Azure Resource Manager in the public cloud, whose tokens a registry accepts unless its policy says otherwise.
const RESOURCE_MANAGER_SCOPE: &str = "https://management.azure.com/.default";

/// Supplies a credential whenever one is needed, or the reason why there is none.
pub type AskCredential = Rc<dyn Fn() -> LocalBoxFuture<'static, Result<Credential, String>>>;

/// Reports an event to the embedding page: its name, its detail as JSON, whether it can be prevented. Returns whether it was not prevented.
pub type EmitToHost = Rc<dyn Fn(&str, &str, bool) -> bool>;

/// Starts the worker that reads layers, and returns the `Worker`. An error is the exception's value.
pub type StartWorker = Rc<dyn Fn() -> Result<JsValue, JsValue>>;

/// Loads the module that signs in with Microsoft, and returns a promise of it. An error is the exception's value.
pub type LoadMicrosoft = Rc<dyn Fn() -> Result<JsValue, JsValue>>;

/// An application that is registered with Microsoft Entra ID. Members that are empty have their default.
#[derive(Default)]
pub struct MicrosoftApplication {
    /// Its id.
    pub client_id: String,
    /// The address of the tenant's authority; any organization's of the public cloud by default.
    pub authority: String,
    /// The scope of tokens for the registry; that of registries by default.
    pub scope: String,
    /// The address of `redirect.html` on the page's own origin; next to the page by default.
    pub redirect_uri: String,
}

/// The options that the element's attributes and properties set.
pub struct Options {
    /// Where the registry answers: an absolute URL, or a path on the page's origin.
    pub endpoint: String,
    /// The registry's login server; empty for the endpoint's host.
    pub login_server: String,
    /// What is shown first: a path without the registry's name, such as `team/app:1.2?tab=layers`; empty for the repositories.
    pub route: String,
    /// Whether routes are held by the page's own router: the element then asks to navigate, and navigates when the router does.
    pub host_routing: bool,
    /// What links begin with: where the page itself has an address for each route.
    pub links: String,
    /// `light`, `dark`, or anything else for the system's.
    pub theme: String,
    /// `compact`, or anything else for comfortable.
    pub density: String,
    /// Whether the dashboard is read-only.
    pub read_only: bool,
    /// Supplies credentials; anonymous where there is none.
    pub credential: Option<AskCredential>,
    /// Carries requests in the place of the browser's own `fetch`.
    pub transport: Option<Arc<dyn Transport>>,
    /// The application that signs users in with Microsoft. A supplied credential takes its place.
    pub microsoft: Option<MicrosoftApplication>,
    /// Starts the worker that reads the layers of images. Without it the files of an image cannot be shown.
    pub start_worker: Option<StartWorker>,
    /// Loads the module that signs in with Microsoft, and returns a promise of it.
    pub load_microsoft: Option<LoadMicrosoft>,
    /// Called with each event: its name, its detail as JSON, and whether it can be prevented. Returns whether it was not prevented.
    pub emit: EmitToHost,
}

/// A dashboard in an element. Taken down when it is dropped: its requests are aborted, its listeners removed, its memory freed.
pub struct Mounted {
    /// The view; its type is of no interest.
    view: Option<Box<dyn Any>>,
    owner: Owner,
    registry: String,
    parts: Option<Parts>,
}

/// The parts of the app that the element controls.
#[derive(Clone, Copy)]
struct Parts {
    navigation: Navigation,
    preferences: Preferences,
    palette: PaletteEntries,
}

/// Puts a dashboard into `place`, which lies in the shadow root.
pub fn mount(shadow: web_sys::ShadowRoot, place: web_sys::HtmlElement, options: Options) -> Mounted {
    let registry = name_of(&options);
    let made = Rc::new(RefCell::new(None));
    let (name, making) = (registry.clone(), made.clone());
    let view = mount_to(place.clone(), move || {
        let (setup, parts) = setup(shadow, place, &name, options);
        *making.borrow_mut() = Some((parts, Owner::current().unwrap_or_default()));
        view! { <App setup/> }
    });
    let (parts, owner) = made.take().unzip();
    Mounted { view: Some(Box::new(view)), owner: owner.unwrap_or_default(), registry, parts }
}

fn setup(
    shadow: web_sys::ShadowRoot,
    place: web_sys::HtmlElement,
    registry: &str,
    options: Options,
) -> (Setup, Parts) {
    let config = Config { registries: vec![registry_config(registry, &options)], ..Config::default() };
    let emit = options.emit;
    let emit = move |event: &Event| {
        // A detail consists of strings, numbers, booleans and lists of them, which always serialise.
        let detail = serde_json::to_string(&event.detail).unwrap_or_default();
        emit(event.name, &detail, event.cancelable)
    };
    let parts = HostParts { start_worker: options.start_worker, load_microsoft: options.load_microsoft };
    let surface = Surface::element(shadow, place.into(), Rc::new(emit), parts);
    let holder = if options.host_routing { Holder::Host } else { Holder::Memory };
    let links = if options.links.is_empty() { "#".to_owned() } else { options.links };
    let start = Route::within(registry, &options.route);
    let navigation = Navigation::within(surface, start, holder, links);
    let preferences =
        Preferences::fixed(surface, Theme::named(&options.theme), Density::named(&options.density));
    let credentials = options.credential.map(CredentialSource::new);
    let palette = PaletteEntries::new();
    let parts = Parts { navigation, preferences, palette };
    let setup = Setup {
        surface,
        navigation,
        preferences,
        palette,
        config: Some(config),
        parent: None,
        credentials,
        transport: options.transport,
    };
    (setup, parts)
}

/// The registry's name in routes: the first label of its login server.
fn name_of(options: &Options) -> String {
    let server = options.login_server.trim();
    let name = server.split(['.', ':']).next().unwrap_or_default();
    if name.is_empty() { "registry".to_owned() } else { name.to_owned() }
}

fn registry_config(name: &str, options: &Options) -> RegistryConfig {
    RegistryConfig {
        name: name.to_owned(),
        login_server: options.login_server.trim().to_owned(),
        endpoint: options.endpoint.clone(),
        display_name: None,
        sign_in: vec![match (&options.credential, &options.microsoft) {
            (Some(_), _) => SignInMethod::Host,
            (None, Some(_)) => SignInMethod::Microsoft,
            (None, None) => SignInMethod::Anonymous,
        }],
        pinned_repositories: Vec::new(),
        entra: options.microsoft.as_ref().map(microsoft_config),
        allowed_actions: options.read_only.then(Vec::new),
    }
}

fn microsoft_config(application: &MicrosoftApplication) -> MicrosoftConfig {
    let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
    let (authority, scope) =
        (or(&application.authority, DEFAULT_AUTHORITY), or(&application.scope, REGISTRY_SCOPE));
    let other_scope = if scope != REGISTRY_SCOPE {
        REGISTRY_SCOPE
    } else if authority.starts_with(PUBLIC_CLOUD) {
        RESOURCE_MANAGER_SCOPE
    } else {
        ""
    };
    MicrosoftConfig {
        client_id: application.client_id.clone(),
        other_scope: other_scope.to_owned(),
        redirect_uri: application.redirect_uri.clone(),
        authority,
        scope,
    }
}

impl Mounted {
    /// Shows a screen, by its route without the registry's name. No event is emitted, since the caller asked for it.
    pub fn navigate(&self, route: &str) {
        if let Some(parts) = self.parts {
            self.owner.with(|| parts.navigation.show(Route::within(&self.registry, route)));
        }
    }

    /// Loads anew what is shown.
    pub fn refresh(&self) {
        if let Some(parts) = self.parts {
            self.owner.with(|| parts.palette.refresh());
        }
    }

    /// Chooses the theme: `light`, `dark`, or anything else for the system's.
    pub fn set_theme(&self, name: &str) {
        if let Some(parts) = self.parts {
            parts.preferences.set_theme(Theme::named(name));
        }
    }

    /// Chooses the density: `compact`, or anything else for comfortable.
    pub fn set_density(&self, name: &str) {
        if let Some(parts) = self.parts {
            parts.preferences.set_density(Density::named(name));
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.view.take();
        // What is stored below the owner holds on to the owner: it would never be freed by itself.
        self.owner.cleanup();
    }
}
