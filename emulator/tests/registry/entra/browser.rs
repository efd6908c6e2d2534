//! A browser in front of the authority, and the page's requests to it.

use std::sync::Arc;

use acr_emulator::{
    Emulator, EntraRefusal, EntraSettings, Fault, FaultPlan, FaultRule, ManualClock, RunningEmulator, Time,
};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, StatusCode};
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::redirects::ask;

pub const REDIRECT_URI: &str = "https://page.example/redirect.html";
pub const ORIGIN: &str = "https://page.example";
pub const SCOPE: &str = "openid profile offline_access https://containerregistry.azure.net/.default";

/// A verifier and its challenge (RFC 7636, appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub fn settings() -> EntraSettings {
    EntraSettings {
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        reader_repository: "team/app".to_owned(),
        ..EntraSettings::default()
    }
}

/// A browser in front of the authority.
pub struct Browser {
    pub running: RunningEmulator,
    pub clock: Arc<ManualClock>,
    pub cookie: Option<String>,
    /// The first segment of every path.
    pub tenant: String,
    /// What is asked for.
    pub scope: String,
}

impl Browser {
    pub async fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
        let running = Emulator::builder().entra(settings()).clock(clock.clone()).start().await.unwrap();
        Self::in_front_of(running, clock)
    }

    pub fn in_front_of(running: RunningEmulator, clock: Arc<ManualClock>) -> Self {
        Self { running, clock, cookie: None, tenant: settings().tenant, scope: SCOPE.to_owned() }
    }

    pub fn url(&self, endpoint: &str) -> String {
        let authority = self.running.entra_authority().unwrap();
        format!("{}/{endpoint}", authority.replace(&settings().tenant, &self.tenant))
    }

    pub fn refuse(&self, refusal: EntraRefusal) {
        let rules = vec![FaultRule::always(Fault::Entra { refusal })];
        self.running.emulator().set_faults(FaultPlan { rules, ..FaultPlan::default() });
    }

    pub async fn send(&mut self, request: http::request::Builder, body: String) -> Answer {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", format!("other=1; {cookie}")),
            None => request,
        };
        let answer = ask(request.body(Body::from(body)).unwrap()).await;
        if let Some(cookie) = answer.headers.get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        answer
    }

    pub fn request(&self, more: &str) -> String {
        format!(
            "client_id={}&response_type=code&response_mode=fragment&redirect_uri={REDIRECT_URI}&scope={}&state=st&nonce=no\
             &code_challenge_method=S256&code_challenge={CHALLENGE}{more}",
            settings().client_id,
            self.scope.replace(' ', "+")
        )
    }

    pub async fn authorize(&mut self, more: &str) -> Answer {
        let url = self.url(&format!("oauth2/v2.0/authorize?{}", self.request(more)));
        self.send(Request::get(url), String::new()).await
    }

    /// Chooses an account on the page, and answers the parameters of the redirect.
    pub async fn choose(&mut self, account: &str) -> Redirected {
        let url = self.url("oauth2/v2.0/login");
        let request = self.request("&prompt=select_account");
        let request = request.replace('%', "%25").replace('&', "%26").replace('+', "%2B");
        Redirected::of(&self.send(Request::post(url), format!("account={account}&request={request}")).await)
    }

    pub async fn token(&mut self, form: &str) -> Answer {
        let url = self.url("oauth2/v2.0/token");
        let form = format!("client_id={}&{form}", settings().client_id);
        self.send(Request::post(url).header("origin", ORIGIN), form).await
    }

    pub async fn redeem(&mut self, code: &str) -> Answer {
        self.token(&format!(
            "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}"
        ))
        .await
    }

    /// The tokens of an account.
    pub async fn sign_in(&mut self, account: &str) -> Value {
        let code = self.choose(account).await.get("code");
        let answer = self.redeem(&code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// The registry's answer to an access token.
    pub async fn exchange(&self, access_token: &str) -> Answer {
        let form = format!("grant_type=access_token&service=contoso.azurecr.io&access_token={access_token}");
        Client::over_socket(&self.running).form("/oauth2/exchange", form).await
    }

    /// What the registry grants to an account.
    pub async fn granted(&mut self, account: &str, scope: &str) -> Value {
        let tokens = self.sign_in(account).await;
        let answer = self.exchange(tokens["access_token"].as_str().unwrap()).await;
        let refresh_token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
        let scope = scope.replace(':', "%3A").replace(' ', "+");
        let form = format!(
            "grant_type=refresh_token&service=contoso.azurecr.io&scope={scope}&refresh_token={refresh_token}"
        );
        let answer = Client::over_socket(&self.running).form("/oauth2/token", form).await;
        claims(answer.json()["access_token"].as_str().unwrap())["access"].clone()
    }
}

/// The parameters that a redirect carries in its fragment.
pub struct Redirected(Vec<(String, String)>);

impl Redirected {
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
        let (address, fragment) = answer.header("location").split_once('#').unwrap();
        assert_eq!(address, REDIRECT_URI);
        let pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.replace("%20", " "))).collect())
    }

    pub fn get(&self, name: &str) -> String {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.unwrap_or_else(|| panic!("{name} in {:?}", self.0)).1.clone()
    }
}

pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
