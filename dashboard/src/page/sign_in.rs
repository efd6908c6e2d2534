//! Signing in to one registry, at the address of the screen that was asked for: afterwards that screen is there.

mod entered;
pub(crate) mod microsoft;

use acr_artifact::command::registry_name;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use entered::Entered;

use crate::component::copy_button::CopyButton;
use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::menu::Choice;
use crate::component::pasted_lines::pasted_lines;
use crate::config::{Config, RegistryConfig, SignInMethod};
use crate::failure::Failure;
use crate::navigation::use_navigation;
use crate::page::doctor::Doctor;
use crate::query::run_until_cleanup;
use crate::route::Route;
use crate::session::{Session, Sessions, use_sessions};
use crate::text::microsoft as microsoft_text;
use crate::text::session as text;

/// What is typed into the form, and what came of it.
#[derive(Clone, Copy)]
struct Form {
    login_server: RwSignal<String>,
    method: RwSignal<SignInMethod>,
    username: RwSignal<String>,
    secret: RwSignal<String>,
    busy: RwSignal<bool>,
    /// Whether the form was sent with a field empty.
    incomplete: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
}

/// The sign-in screen of a registry.
#[component]
pub(crate) fn SignIn(registry: RegistryConfig) -> impl IntoView {
    let methods: Vec<_> = offered(&registry);
    let form = Form {
        login_server: RwSignal::new(registry.login_server.clone()),
        method: RwSignal::new(methods.first().map_or(SignInMethod::Anonymous, |(method, _)| *method)),
        username: RwSignal::new(String::new()),
        secret: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        incomplete: RwSignal::new(false),
        failure: RwSignal::new(None),
    };
    let other_ways = (!methods.is_empty()).then(|| {
        let registry = registry.clone();
        view! { <CredentialForm form methods registry/> }
    });
    let by_microsoft = microsoft::offered(&registry).map(|application| {
        let (registry, failure) = (registry.clone(), form.failure);
        let heading = other_ways.is_some().then(|| view! { <h2>{microsoft_text::OTHER_WAYS}</h2> });
        view! {
            <microsoft::MicrosoftSignIn registry application failure/>
            {heading}
        }
    });
    view! {
        <div class="sign-in">
            <ScreenHeading what=text::heading(registry.title()) registry=registry.name.clone()/>
            <Refusal failure=form.failure/>
            {by_microsoft}
            {other_ways}
            <Doctor registry/>
        </div>
    }
}

/// The form for credentials that the user has.
#[component]
fn CredentialForm(
    form: Form,
    methods: Vec<(SignInMethod, &'static str)>,
    registry: RegistryConfig,
) -> impl IntoView {
    // What `az` knows it by, which is no part of what the gateway calls it.
    let name = registry_name(&registry.login_server).unwrap_or_else(|| registry.name.clone());
    let choice = (methods.len() > 1).then(|| {
        let on_choose = Callback::new(move |method| {
            form.method.set(method);
            form.secret.set(String::new());
            form.incomplete.set(false);
        });
        view! { <Choice name=text::METHOD options=methods chosen=form.method on_choose/> }
    });
    view! {
        <form class="form" on:submit=submit(form, registry) novalidate=true>
            <LoginServer form/>
            {choice}
            {move || credential_fields(form, &name)}
            <button
                type="submit"
                class="button button-primary button-wide"
                aria-busy=move || if form.busy.get() { "true" } else { "false" }
            >
                {move || if form.busy.get() { text::SIGNING_IN } else { text::SIGN_IN }}
            </button>
            <p class="hint">{text::KEPT_IN_MEMORY}</p>
        </form>
    }
}

/// Why signing in failed. Above the fields and scrolled to, as the button that was pressed may be at the window's foot.
#[component]
fn Refusal(failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let place = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get().filter(|_| failure.with(Option::is_some)) {
            place.scroll_into_view();
        }
    });
    view! {
        <div class="refusal" node_ref=place>
            {move || failure.get().map(|failure| view! { <ErrorState failure/> })}
        </div>
    }
}

/// The methods to offer, with their names.
fn offered(registry: &RegistryConfig) -> Vec<(SignInMethod, &'static str)> {
    let all = [
        (SignInMethod::Password, text::METHOD_PASSWORD),
        (SignInMethod::RefreshToken, text::METHOD_REFRESH),
        (SignInMethod::Entra, text::METHOD_ENTRA),
        (SignInMethod::Anonymous, text::METHOD_ANONYMOUS),
    ];
    // A gateway that names none leaves all of them open.
    let named = |method| registry.sign_in.is_empty() || registry.sign_in.contains(&method);
    all.into_iter().filter(|(method, _)| named(*method)).collect()
}

#[component]
fn LoginServer(form: Form) -> impl IntoView {
    view! {
        <div class="field">
            <label for="login-server">{text::LOGIN_SERVER}</label>
            <input
                id="login-server"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="login-server-hint"
                prop:value=form.login_server
                on:input:target=move |event| form.login_server.set(event.target().value())
            />
            <p class="hint" id="login-server-hint">{text::LOGIN_SERVER_HINT}</p>
        </div>
    }
}

/// The fields of the chosen method.
fn credential_fields(form: Form, name: &str) -> AnyView {
    match form.method.get() {
        SignInMethod::Password => view! {
            <p class="hint">{text::PASSWORD_HINT}</p>
            <Field form id="username" label=text::USERNAME value=form.username autocomplete="username"/>
            <Field form id="password" label=text::PASSWORD value=form.secret autocomplete="current-password" secret=true/>
        }
        .into_any(),
        SignInMethod::RefreshToken => {
            token_fields(form, text::REFRESH_HINT, text::command(name), ("refresh-token", text::REFRESH_TOKEN))
        }
        SignInMethod::Entra => {
            token_fields(form, text::ENTRA_HINT, text::ENTRA_COMMAND.to_owned(), ("entra-token", text::ENTRA_TOKEN))
        }
        _ => view! { <p class="hint">{text::ANONYMOUS_HINT}</p> }.into_any(),
    }
}

/// A token to be pasted, with the command that prints it.
fn token_fields(
    form: Form,
    hint: &'static str,
    command: String,
    field: (&'static str, &'static str),
) -> AnyView {
    let (id, label) = field;
    view! {
        <p class="hint">{hint}</p>
        <div class="command">
            <code>{command.clone()}</code>
            <CopyButton value=command name=text::COPY_COMMAND/>
        </div>
        <Field form id label value=form.secret autocomplete="off" secret=true is_token=true/>
    }
    .into_any()
}

#[component]
fn Field(
    form: Form,
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    autocomplete: &'static str,
    #[prop(optional)] secret: bool,
    /// A token may have been wrapped by the terminal that it was copied from.
    #[prop(optional)]
    is_token: bool,
) -> impl IntoView {
    let missing = move || form.incomplete.get() && value.with(String::is_empty);
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                type=if secret { "password" } else { "text" }
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || missing().then_some("true")
                aria-describedby=move || missing().then(|| format!("{id}-missing"))
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
                on:paste=move |event| {
                    if let Some(lines) = is_token.then(|| pasted_lines(&event)).flatten() {
                        value.set(lines);
                    }
                }
            />
            {move || missing().then(|| view! { <p class="field-error" id=format!("{id}-missing")>{text::MISSING_FIELD}</p> })}
        </div>
    }
}

/// Sends the form: the credential is tried against the registry, and only what works becomes the session.
fn submit(form: Form, registry: RegistryConfig) -> impl Fn(SubmitEvent) + 'static {
    let sessions = use_sessions();
    let navigation = use_navigation();
    let config: Config = expect_context();
    let owner = Owner::current().unwrap_or_default();
    move |event| {
        event.prevent_default();
        if form.busy.get_untracked() {
            return;
        }
        form.failure.set(None);
        let entered = Entered {
            login_server: form.login_server.get_untracked(),
            method: form.method.get_untracked(),
            username: form.username.get_untracked(),
            secret: form.secret.get_untracked(),
        };
        if entered.is_incomplete() {
            form.incomplete.set(true);
            return;
        }
        let (here, config) = (registry.name.clone(), config.clone());
        form.busy.set(true);
        owner.with(|| {
            run_until_cleanup(async move {
                let answer = try_it(sessions, &config, entered).await;
                form.busy.set(false);
                match answer {
                    Err(failure) => form.failure.set(Some(failure)),
                    Ok(session) => {
                        form.secret.set(String::new());
                        if session.registry() != here {
                            navigation.go(Route::repositories(session.registry()));
                        }
                        sessions.add(session);
                    }
                }
            });
        });
    }
}

/// A session with the credential, which the registry has accepted.
async fn try_it(sessions: Sessions, config: &Config, entered: Entered) -> Result<Session, Failure> {
    let (target, credentials) = entered.read(config).await?;
    let session = sessions.prepare(&target, credentials)?;
    match session.client.check_support().await {
        Ok(_) => Ok(session),
        Err(error) => Err(refused(&target, &error)),
    }
}

fn refused(registry: &RegistryConfig, error: &acr_client_wasm::Error) -> Failure {
    let mut failure = Failure::of(text::failed(&registry.login_server), error);
    if error.kind() == acr_client_wasm::ErrorKind::Unauthorized {
        failure.why = text::WRONG_CREDENTIAL.to_owned();
        failure.remedy = text::WRONG_CREDENTIAL_REMEDY.to_owned();
    }
    failure
}
