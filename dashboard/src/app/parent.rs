//! The connection between a dashboard in a frame and its parent: the messages it posts, and those it accepts. Only a parent whose origin the
//! gateway's configuration names is talked to; its messages are data, and nothing in them is ever run or drawn as markup.

use std::cell::RefCell;
use std::rc::Rc;

use acr_client_wasm::{Credential, CredentialOptions};
use leptos::ev;
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::config::{Config, RegistryConfig, SignInMethod};
use crate::navigation::Navigation;
use crate::palette::PaletteEntries;
use crate::preferences::Preferences;
use crate::route::Route;
use crate::session::{Credentials, Sessions};
use crate::surface::document::referrer_origin;
use crate::surface::event::Event;
use crate::surface::{Emit, Surface};
use crate::theme::Theme;

/// Marks the messages of the dashboard among those of other scripts.
const SOURCE: &str = "acr-dashboard";

/// A message of the parent.
enum Command {
    /// Signs in to the registry on the screen.
    Credential(Credentials),
    /// Shows a screen: a route as `acr-navigate` has it.
    Navigate(String),
    /// Loads anew what is shown.
    Refresh,
    /// Chooses the theme.
    Theme(Theme),
}

/// A message as it comes. Its type says which field counts; an enum with serde's own tag would weigh several kilobytes more.
#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    credential: Option<CredentialOptions>,
    route: Option<String>,
    theme: Option<Theme>,
}

impl Command {
    /// Nothing where it is not for the dashboard, of a later version, or lacks what it needs.
    fn read(text: &str) -> Option<Self> {
        let message: Message = serde_json::from_str(text).ok()?;
        match message.kind.as_str() {
            "acr-credential" => credentials(message.credential?).map(Self::Credential),
            "acr-navigate" => message.route.map(Self::Navigate),
            "acr-refresh" => Some(Self::Refresh),
            "acr-theme" => message.theme.map(Self::Theme),
            _ => None,
        }
    }
}

/// The credential of a message; `None` if a message cannot carry it.
fn credentials(options: CredentialOptions) -> Option<Credentials> {
    match options.into_credential(None).ok()? {
        Credential::Anonymous => Some(Credentials::Anonymous),
        Credential::Password { username, password } => {
            Some(Credentials::Password { username, password: password.expose().to_owned() })
        }
        token @ Credential::RefreshToken(_) => {
            Some(Credentials::Credential(SignInMethod::RefreshToken, token))
        }
        _ => None,
    }
}

/// The connection to the parent. Nothing is posted before its origin is known and allowed by the configuration.
#[derive(Clone, Default)]
pub(crate) struct Parent(Rc<RefCell<Option<String>>>);

impl Parent {
    /// Posts the events of the surface to the parent. A parent cannot prevent an event: its answer would come too late.
    pub(crate) fn emitter(&self) -> Emit {
        let this = self.clone();
        Rc::new(move |event| {
            if let Some(origin) = this.0.borrow().as_deref() {
                post(event, origin);
            }
            true
        })
    }

    /// Connects, once the configuration says which origins to trust, for as long as the current reactive owner lives.
    pub(crate) fn connect(&self, config: &Config, surface: Surface, navigation: Navigation) {
        let ready = Event::new("acr-ready", false).with("version", config.version.as_str());
        let candidates = match parent_origin() {
            Some(origin) => config.frame_ancestors.iter().filter(|one| **one == origin).cloned().collect(),
            None => config.frame_ancestors.clone(),
        };
        if let [only] = candidates.as_slice() {
            *self.0.borrow_mut() = Some(only.clone());
        }
        // A browser delivers a message only to the origin it is meant for.
        candidates.iter().for_each(|origin| post(&ready, origin));
        let (this, config) = (self.clone(), config.clone());
        let (sessions, preferences): (Sessions, Preferences) = (expect_context(), expect_context());
        let palette: PaletteEntries = expect_context();
        let listener = window_event_listener(ev::message, move |event| {
            let from_parent = event.source().is_some_and(|source| is_parent(&source));
            if !from_parent || !config.frame_ancestors.contains(&event.origin()) {
                return;
            }
            *this.0.borrow_mut() = Some(event.origin());
            let text = js_sys::JSON::stringify(&event.data()).ok().and_then(|text| text.as_string());
            match text.and_then(|text| Command::read(&text)) {
                Some(Command::Credential(credentials)) => {
                    let registry = shown(&config, navigation);
                    if let Some(session) = registry.and_then(|one| sessions.prepare(&one, credentials).ok()) {
                        sessions.end(session.registry());
                        sessions.add(session);
                    }
                }
                Some(Command::Navigate(route)) => {
                    if let Some(registry) = shown(&config, navigation) {
                        navigation.show(Route::within(&registry.name, &route));
                    }
                }
                Some(Command::Refresh) => palette.refresh(),
                Some(Command::Theme(theme)) => preferences.set_theme(theme),
                // What is not for the dashboard, or of a later version.
                None => {}
            }
        });
        on_cleanup(move || listener.remove());
        post_size(surface);
    }
}

/// The registry on the screen, or the only one there is.
fn shown(config: &Config, navigation: Navigation) -> Option<RegistryConfig> {
    match navigation.route_untracked().screen.registry() {
        Some(name) => config.registry(name).cloned(),
        None => config.registries.first().cloned(),
    }
}

fn post(event: &Event, origin: &str) {
    let message = event.clone().with("source", SOURCE).with("type", event.name).detail;
    let message = serde_json::to_string(&message).ok().and_then(|text| js_sys::JSON::parse(&text).ok());
    if let (Some(message), Ok(Some(parent))) = (message, window().parent()) {
        // Fails only where the origin is no origin; the gateway has checked that.
        let _ = parent.post_message(&message, origin);
    }
}

fn is_parent(source: &js_sys::Object) -> bool {
    let parent = window().parent().ok().flatten();
    parent.is_some_and(|parent| js_sys::Object::is(source, parent.as_ref()))
}

/// The origin of the page around the frame, if the browser reports it.
fn parent_origin() -> Option<String> {
    let location: JsValue = window().location().into();
    let ancestors = js_sys::Reflect::get(&location, &"ancestorOrigins".into()).ok();
    let nearest = ancestors.filter(JsValue::is_object).and_then(|all| js_sys::Reflect::get_u32(&all, 0).ok());
    nearest.and_then(|origin| origin.as_string()).or_else(referrer_origin)
}

/// Posts the height of the dashboard to the parent, now and whenever it changes.
fn post_size(surface: Surface) {
    let Some(frame) = surface.find(".app") else { return };
    let posted = std::cell::Cell::new(0.0_f64);
    let measured = frame.clone();
    let resized = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || {
        let height = measured.get_bounding_client_rect().height().ceil();
        if (posted.replace(height) - height).abs() >= 1.0 {
            surface.emit(&Event::new("acr-resize", false).with("height", height));
        }
    });
    let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) else { return };
    observer.observe(&frame);
    let kept = StoredValue::new_local((observer, Some(resized)));
    on_cleanup(move || {
        kept.update_value(|(observer, closure)| {
            observer.disconnect();
            closure.take();
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_messages_of_the_protocol_are_accepted() {
        assert!(matches!(Command::read(r#"{"type":"acr-refresh"}"#), Some(Command::Refresh)));
        let dark = r#"{"type":"acr-theme","theme":"dark"}"#;
        assert!(matches!(Command::read(dark), Some(Command::Theme(Theme::Dark))));
        let route = r#"{"type":"acr-navigate","route":"app:1"}"#;
        assert!(matches!(Command::read(route), Some(Command::Navigate(route)) if route == "app:1"));
        let token = r#"{"type":"acr-credential","credential":{"kind":"refreshToken","refreshToken":"t"}}"#;
        assert!(matches!(
            Command::read(token),
            Some(Command::Credential(Credentials::Credential(SignInMethod::RefreshToken, Credential::RefreshToken(token))))
                if token.expose() == "t"
        ));
        let password =
            r#"{"type":"acr-credential","credential":{"kind":"password","username":"u","password":"p"}}"#;
        assert!(matches!(
            Command::read(password),
            Some(Command::Credential(Credentials::Password { username, password })) if username == "u" && password == "p"
        ));
        for other in [
            "1",
            "null",
            r#"{"type":"acr-eval","code":"1"}"#,
            r#"{"type":"acr-navigate"}"#,
            r#"{"type":"acr-credential","credential":{"kind":"magic"}}"#,
            r#"{"type":"acr-credential","credential":{"kind":"password","username":"u"}}"#,
        ] {
            assert!(Command::read(other).is_none(), "{other}");
        }
    }
}
