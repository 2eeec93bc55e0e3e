//! A provider behind HTTP. What differs from one to the next is its [`Dialect`].

use crate::{
    Config, Failure, Request, Spent, answer,
    excerpt::Excerpt,
    faults,
    guard::{Answer, Backend},
    http::{Call, Connection},
    prompt::Prompt,
};
use async_trait::async_trait;
use domain::ProviderName;
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use secrecy::ExposeSecret;
use serde_json::Value;

/// Enough for five topics and the thoughts of a model that can't be told not to think.
pub(crate) const MAX_ANSWER_TOKENS: u32 = 4_096;

/// What an answer usually takes, with room for a few thoughts: a part of the estimate.
const USUAL_ANSWER_TOKENS: u64 = 512;

/// How one provider wants to be spoken to.
pub(crate) trait Dialect: Send + Sync {
    /// Where it is when the settings do not say.
    fn default_base(&self) -> &'static str;
    /// The part of the path that belongs to the address; people leave it out or write it.
    fn base_path(&self) -> &'static str;
    /// The header that carries the key, and its value.
    fn key_header(&self, key: &str) -> (HeaderName, String);
    /// Headers that every call has.
    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    /// The question.
    fn ask(&self, model: &str, prompt: &Prompt) -> Call;
    /// What the model wrote, or `None` when the answer has another form.
    fn written(&self, answer: &Value) -> Option<Written>;
    /// How many tokens question and answer took, if the answer says it.
    fn tokens(&self, answer: &Value) -> Option<u64>;
    /// A call that costs nothing and fails when key, address or model are wrong.
    fn check(&self, model: &str) -> Call;
    /// Whether the answer to `check` means that the model is there.
    fn knows(&self, _answer: &Value, _model: &str) -> bool {
        true
    }
    /// How to find a model when none is chosen.
    fn list(&self) -> Option<Call> {
        None
    }
    /// The model to take from the answer to `list`.
    fn pick(&self, _list: &Value) -> Option<String> {
        None
    }
}

/// What a model wrote.
pub(crate) enum Written {
    /// All of it.
    Whole(String),
    /// Only a beginning: it ran out of room.
    CutOff,
    /// It declined.
    Refused,
}

/// A provider behind HTTP.
pub(crate) struct Remote<D> {
    dialect: D,
    provider: ProviderName,
    model: String,
    connection: Connection,
}

impl<D: Dialect> Remote<D> {
    pub(crate) fn new(dialect: D, config: Config) -> Result<Self, Failure> {
        let base = base(&dialect, &config)?;
        let headers = headers(&dialect, &config)?;
        let provider = config.provider;
        let model = config
            .model
            .as_deref()
            .map(str::trim)
            .filter(|model| !model.is_empty());
        Ok(Self {
            model: model.unwrap_or(provider.default_model()).to_owned(),
            connection: Connection::new(&config, base, headers)?,
            provider,
            dialect,
        })
    }

    /// The model that was chosen, else the first that the provider has.
    async fn model(&self) -> Result<String, Failure> {
        let Some(list) = self.dialect.list().filter(|_| self.model.is_empty()) else {
            return Ok(self.model.clone());
        };
        let answer = self.connection.send(&list, "", &mut Spent::Nothing).await?;
        self.dialect.pick(&answer).ok_or_else(|| {
            let name = self.provider.spoken();
            Failure::Rejected(format!(
                "{name} has no model. Load one there, or name one in Settings."
            ))
        })
    }

    fn text(&self, answer: &Value) -> Result<String, Failure> {
        let name = self.provider.spoken();
        match self.dialect.written(answer) {
            Some(Written::Whole(text)) => Ok(text),
            Some(Written::CutOff) => Err(Failure::Nonsense(format!(
                "The answer of {name} was cut off. Try again, or choose another model in Settings."
            ))),
            Some(Written::Refused) => Err(Failure::Nonsense(format!(
                "{name} declined to file this document."
            ))),
            None => Err(answer::unreadable(self.provider)),
        }
    }
}

#[async_trait]
impl<D: Dialect> Backend for Remote<D> {
    fn name(&self) -> ProviderName {
        self.provider
    }

    fn estimate(&self, request: &Request<'_>, excerpt: &Excerpt<'_>) -> u64 {
        Prompt::of(request, excerpt).tokens() + USUAL_ANSWER_TOKENS
    }

    async fn suggest(
        &self,
        request: &Request<'_>,
        excerpt: &Excerpt<'_>,
        spent: &mut Spent,
    ) -> Result<Answer, Failure> {
        let model = self.model().await?;
        let call = self.dialect.ask(&model, &Prompt::of(request, excerpt));
        let answer = self.connection.send(&call, &model, spent).await?;
        *spent = self
            .dialect
            .tokens(&answer)
            .map_or(Spent::Unknown, Spent::Tokens);
        answer::read(self.provider, &self.text(&answer)?, request.topics)
    }

    async fn health(&self) -> Result<(), Failure> {
        let model = self.model().await?;
        let answer = self
            .connection
            .send(&self.dialect.check(&model), &model, &mut Spent::Nothing)
            .await?;
        if self.dialect.knows(&answer, &model) {
            return Ok(());
        }
        Err(Failure::Rejected(faults::unknown_model(
            self.provider,
            &model,
        )))
    }
}

/// The address, with the provider's own path where only a host was given.
fn base(dialect: &impl Dialect, config: &Config) -> Result<Url, Failure> {
    let name = config.provider.spoken();
    let written = config
        .base_url
        .as_deref()
        .map(str::trim)
        .filter(|base| !base.is_empty());
    let broken = || {
        Failure::Rejected(format!(
            "The address of {name} can't be used. Write it like {}.",
            dialect.default_base()
        ))
    };
    let mut url = Url::parse(written.unwrap_or(dialect.default_base())).map_err(|_| broken())?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !web || !bare {
        return Err(broken());
    }
    if matches!(url.path(), "" | "/") {
        url.set_path(dialect.base_path());
    }
    Ok(url)
}

fn headers(dialect: &impl Dialect, config: &Config) -> Result<HeaderMap, Failure> {
    let mut headers: HeaderMap = dialect
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect();
    let key = config
        .api_key
        .as_ref()
        .map(|key| key.expose_secret().trim())
        .filter(|key| !key.is_empty());
    if let Some(key) = key {
        let (name, value) = dialect.key_header(key);
        let mut value = HeaderValue::from_str(&value).map_err(|_| {
            let name = config.provider.spoken();
            Failure::Rejected(format!(
                "The API key of {name} has characters that no key has. Enter it again in Settings."
            ))
        })?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}
