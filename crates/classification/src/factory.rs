//! The one place where a provider's name becomes a provider.

use crate::{
    Classifier, Config, Failure,
    anthropic::Anthropic,
    excerpt::LOCAL_TEXT_CHARS,
    guard::Guarded,
    lmstudio::LmStudio,
    local::Local,
    ollama::Ollama,
    openai::OpenAi,
    remote::{Dialect, Remote},
};
use domain::ProviderName;
use secrecy::ExposeSecret;

/// The provider that `config` names.
///
/// Fails when a cloud provider has no key or an address can't be one; nothing is sent.
pub fn build(config: Config) -> Result<Box<dyn Classifier>, Failure> {
    match config.provider {
        ProviderName::Local => Ok(Box::new(Guarded::new(Local, LOCAL_TEXT_CHARS))),
        ProviderName::Anthropic => remote(Anthropic, config),
        ProviderName::Openai => remote(OpenAi, config),
        ProviderName::Ollama => remote(Ollama, config),
        ProviderName::Lmstudio => remote(LmStudio, config),
    }
}

fn remote(dialect: impl Dialect + 'static, config: Config) -> Result<Box<dyn Classifier>, Failure> {
    let has_key = config
        .api_key
        .as_ref()
        .is_some_and(|key| !key.expose_secret().trim().is_empty());
    if config.provider.needs_key() && !has_key {
        let name = config.provider.spoken();
        return Err(Failure::Rejected(format!(
            "{name} has no API key. Add one in Settings."
        )));
    }
    let limit = config.max_text_chars;
    Ok(Box::new(Guarded::new(Remote::new(dialect, config)?, limit)))
}
