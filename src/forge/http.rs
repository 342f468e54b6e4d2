//! One call over HTTP: to the one host that it is for, with bounds on its time and its answer, and by the host's limits.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Response, redirect};
use serde_json::Value;

use super::error::{BadForge, ForgeError};
use super::limiter::Limiter;
use super::limits::{self, Signs};
use super::reply::{Paging, Reply, shown};
use super::settings::ForgeSettings;
use super::tls;
use crate::domain::credential::Credential;
use crate::domain::forge::{ForgeHost, ForgeKind, PrUrl};

/// The most bytes of an answer.
const BODY_MAX: usize = 4 << 20;
/// How often a read is tried in one call.
const TRIES: u32 = 3;

/// The connection to one host.
pub(super) struct Http {
    host: ForgeHost,
    kind: ForgeKind,
    api: String,
    token: Credential,
    client: reqwest::Client,
    limiter: Limiter,
    pause: Duration,
}

impl Http {
    pub(super) fn new(settings: &ForgeSettings) -> Result<Self, BadForge> {
        let api = settings.checked_api()?;
        let bad = |why: String| BadForge::Client { host: settings.host.clone(), why };
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(settings)?)
            // A redirect may lead to a host that the token is not for.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("sprintgate/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.timeout.min(Duration::from_secs(5)))
            .timeout(settings.timeout)
            .default_headers(headers(settings).map_err(bad)?)
            .build()
            .map_err(|error| bad(error.without_url().to_string()))?;
        Ok(Self {
            host: settings.host.clone(),
            kind: settings.kind,
            api,
            token: settings.token.clone(),
            client,
            limiter: Limiter::new(settings.gap),
            pause: settings.pause,
        })
    }

    pub(super) fn host(&self) -> &ForgeHost {
        &self.host
    }

    pub(super) fn api(&self) -> &str {
        &self.api
    }

    /// That the pull request is at this host.
    pub(super) fn owns(&self, pr: &PrUrl) -> Result<(), ForgeError> {
        if pr.host == self.host && pr.kind == self.kind {
            return Ok(());
        }
        Err(ForgeError::NotAllowed { host: pr.host.clone() })
    }

    /// Reads. A connection that failed and a host that was away are tried again: nothing was changed by them.
    pub(super) async fn get(&self, path: &str) -> Result<Reply, ForgeError> {
        let url = format!("{}{path}", self.api);
        let mut tries = 1;
        loop {
            match self.send(Method::GET, &url, None).await {
                Err(ForgeError::Away { .. }) if tries < TRIES => {
                    tokio::time::sleep(self.pause * tries).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// Changes something, once: whether a change that was cut off happened, only a look at the forge tells.
    pub(super) async fn change(&self, method: Method, path: &str, body: &Value) -> Result<Reply, ForgeError> {
        self.change_at(method, &format!("{}{path}", self.api), body).await
    }

    /// [`Self::change`], by a whole address of this host.
    pub(super) async fn change_at(
        &self,
        method: Method,
        url: &str,
        body: &Value,
    ) -> Result<Reply, ForgeError> {
        let _turn = self.limiter.turn().await;
        self.send(method, url, Some(body)).await
    }

    /// The text without the token, short and on one line.
    pub(super) fn clean(&self, text: &str) -> String {
        shown(&self.token.hide(text))
    }

    async fn send(&self, method: Method, url: &str, body: Option<&Value>) -> Result<Reply, ForgeError> {
        self.limiter.enter().await?;
        let mut request = self.client.request(method.clone(), url);
        if let Some(body) = body.filter(|body| !body.is_null()) {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await.map_err(|error| self.away(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = self.body(response).await?;
        let path = url.strip_prefix(&self.api).unwrap_or(url);
        let path = path.split('?').next().unwrap_or_default();
        let id = text(&headers, "x-github-request-id").or(text(&headers, "x-request-id")).unwrap_or("-");
        tracing::debug!(host = %self.host, %method, path, status, id, "asked a forge");
        let pages = Paging { link: text(&headers, "link"), total: text(&headers, "x-total-count") };
        let reply = Reply::new(status, pages, body, self.token.clone());
        let why = reply.said();
        self.obey(&headers, status, &why)?;
        if (300..400).contains(&status) {
            let to = text(&headers, "location").unwrap_or("elsewhere");
            return Err(ForgeError::Invalid { why: self.clean(&format!("{path} was moved to {to}")) });
        }
        match status {
            401 => Err(ForgeError::Credentials { why }),
            // GitHub has no status of its own for it.
            403 if why.contains("archived") => Err(ForgeError::Invalid { why }),
            403 => Err(ForgeError::Forbidden { why }),
            404 => Err(ForgeError::NotFound { what: path.to_owned() }),
            423 => Err(ForgeError::Invalid { why: format!("the repository is archived: {why}") }),
            500.. => Err(ForgeError::Away { why: format!("status {status}: {why}") }),
            _ => Ok(reply),
        }
    }

    /// Keeps all calls away for as long as the answer asks for.
    fn obey(&self, headers: &HeaderMap, status: u16, why: &str) -> Result<(), ForgeError> {
        if !matches!(status, 403 | 429 | 502..=504) {
            self.limiter.calm();
            return Ok(());
        }
        let mut signs = Signs {
            status,
            retry_after: text(headers, "retry-after"),
            remaining: text(headers, "x-ratelimit-remaining"),
            reset: text(headers, "x-ratelimit-reset"),
            date: text(headers, "date"),
            text: why,
            strikes: 1,
        };
        if limits::wait(&signs).is_some() {
            signs.strikes = self.limiter.strike();
        }
        let Some(wait) = limits::wait(&signs) else { return Ok(()) };
        self.limiter.keep_away(wait, why);
        Err(ForgeError::Wait { why: why.to_owned(), after: Some(wait) })
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, ForgeError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.away(&error))? {
            if body.len() + piece.len() > BODY_MAX {
                return Err(ForgeError::TooLarge { what: "an answer of more than 4 MiB" });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// What went wrong below HTTP, with its causes, for the outermost says the least.
    fn away(&self, error: &reqwest::Error) -> ForgeError {
        let mut why = if error.is_timeout() { "it took too long" } else { "no answer" }.to_owned();
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            why = format!("{why}: {error}");
            cause = error.source();
        }
        ForgeError::Away { why: self.clean(&why) }
    }
}

fn headers(settings: &ForgeSettings) -> Result<HeaderMap, String> {
    let (scheme, accept) = match settings.kind {
        ForgeKind::GitHub => ("Bearer", "application/vnd.github+json"),
        ForgeKind::Forgejo => ("token", "application/json"),
    };
    let token = format!("{scheme} {}", settings.token.expose());
    let mut token = HeaderValue::from_str(&token).map_err(|_| "its token fits no header".to_owned())?;
    token.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, token);
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    if settings.kind == ForgeKind::GitHub {
        headers.insert("x-github-api-version", HeaderValue::from_static("2022-11-28"));
    }
    Ok(headers)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
