//! Calls to a provider: bounded answers, no redirects, retries.

use crate::{
    Config, Failure, Spent,
    faults::{self, Fault},
    retry::{self, Patience},
    tls,
};
use domain::ProviderName;
use reqwest::{Client, RequestBuilder, Response, Url, header::HeaderMap, redirect::Policy};
use serde_json::Value;
use std::time::Duration;

/// An answer is a few lines; the longest lists of models are some hundred kilobytes.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A call to be made, perhaps several times.
pub(crate) struct Call {
    /// What comes after the address, one piece for each `/`.
    pub path: Vec<String>,
    /// What is sent; a call without it is a GET.
    pub body: Option<Value>,
}

impl Call {
    pub(crate) fn get(path: &[&str]) -> Self {
        Self {
            path: path.iter().map(|piece| (*piece).to_owned()).collect(),
            body: None,
        }
    }

    pub(crate) fn post(path: &[&str], body: Value) -> Self {
        Self {
            body: Some(body),
            ..Self::get(path)
        }
    }
}

/// A connection to one provider.
pub(crate) struct Connection {
    provider: ProviderName,
    client: Client,
    base: Url,
    patience: Patience,
}

impl Connection {
    pub(crate) fn new(config: &Config, base: Url, headers: HeaderMap) -> Result<Self, Failure> {
        let name = config.provider.spoken();
        let broken = || {
            Failure::Rejected(format!(
                "The connection to {name} can't be set up. Check it in Settings."
            ))
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls::config().map_err(|_| broken())?)
            .redirect(Policy::none())
            .timeout(config.timeout)
            .connect_timeout(CONNECT_TIMEOUT.min(config.timeout))
            .default_headers(headers)
            .user_agent(concat!("DocuVault/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| broken())?;
        let patience = Patience {
            retries: config.retries,
            max_wait: config.max_wait,
        };
        Ok(Self {
            provider: config.provider,
            client,
            base,
            patience,
        })
    }

    /// Makes a call until it succeeds, can't succeed, or has been tried often enough. What a provider
    /// may have worked on without our seeing an answer is `spent` from then on: it is paid for.
    pub(crate) async fn send(
        &self,
        call: &Call,
        model: &str,
        spent: &mut Spent,
    ) -> Result<Value, Failure> {
        let mut retry = 0;
        loop {
            let (sentence, wait) = match self.attempt(call, model, spent).await {
                Ok(answer) => return Ok(answer),
                Err(Fault::Final(failure)) => return Err(failure),
                Err(Fault::Passing { sentence, wait }) => (sentence, wait),
            };
            if let Some(wait) = wait.filter(|wait| *wait > self.patience.max_wait) {
                let (name, wait) = (self.provider.spoken(), retry::spoken(wait));
                return Err(Failure::Unavailable(format!(
                    "{name} asks to wait {wait}. Classify again after that."
                )));
            }
            if retry >= self.patience.retries {
                return Err(Failure::Unavailable(gave_up(&sentence, retry + 1)));
            }
            let wait = wait.unwrap_or_else(|| self.patience.backoff(retry));
            retry += 1;
            tracing::debug!(
                provider = self.provider.as_str(),
                retry,
                ?wait,
                "calling a provider again"
            );
            tokio::time::sleep(wait).await;
        }
    }

    async fn attempt(&self, call: &Call, model: &str, spent: &mut Spent) -> Result<Value, Fault> {
        let response = self.request(call)?.send().await.map_err(|error| {
            if !error.is_connect() && !error.is_builder() {
                *spent = Spent::Unknown;
            }
            faults::of_network(self.provider, &error)
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() {
            *spent = Spent::Unknown;
        }
        let body = self.body(response).await?;
        if !status.is_success() {
            let body = String::from_utf8_lossy(&body);
            return Err(faults::of_status(
                self.provider,
                model,
                status,
                &headers,
                &body,
            ));
        }
        serde_json::from_slice(&body).map_err(|_| {
            let name = self.provider.spoken();
            Fault::Final(Failure::Nonsense(format!(
                "{name} sent an answer that is not JSON. Check the address in Settings."
            )))
        })
    }

    fn request(&self, call: &Call) -> Result<RequestBuilder, Fault> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| {
                Fault::rejected("The address can't be used. Check it in Settings.".to_owned())
            })?
            .pop_if_empty()
            .extend(&call.path);
        Ok(match &call.body {
            Some(body) => self.client.post(url).json(body),
            None => self.client.get(url),
        })
    }

    /// The body, read piece by piece so that an endless one ends.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| faults::of_network(self.provider, &error))?
        {
            if body.len() + piece.len() > MAX_ANSWER_BYTES {
                let name = self.provider.spoken();
                return Err(Fault::Final(Failure::Nonsense(format!(
                    "{name} sent an answer that is far too long."
                ))));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

fn gave_up(sentence: &str, tries: u32) -> String {
    match tries {
        1 => format!("{sentence} It was tried once. Classify again later."),
        _ => format!("{sentence} It was tried {tries} times. Classify again later."),
    }
}
