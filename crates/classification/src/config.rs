//! How a provider is to be set up. The composition root fills this from the settings.

use domain::ProviderName;
use secrecy::SecretString;
use std::time::Duration;

/// Which provider, and how to reach it. Its `Debug` form never shows the key.
#[derive(Clone, Debug)]
pub struct Config {
    /// The provider.
    pub provider: ProviderName,
    /// The model; the provider's default when absent or empty.
    pub model: Option<String>,
    /// The API key. LM Studio and Ollama send it when there is one, for servers behind a gate.
    pub api_key: Option<SecretString>,
    /// The address; the provider's own when absent or empty.
    pub base_url: Option<String>,
    /// How long one try may take.
    pub timeout: Duration,
    /// The longest text that is sent, in characters.
    pub max_text_chars: usize,
    /// How often a failed try is repeated.
    pub retries: u32,
    /// The longest wait that a provider may ask for before the next try.
    pub max_wait: Duration,
}

impl Config {
    /// A provider with everything else as usual.
    pub fn new(provider: ProviderName) -> Self {
        Self {
            provider,
            model: None,
            api_key: None,
            base_url: None,
            timeout: Duration::from_secs(60),
            max_text_chars: 12_000,
            retries: 3,
            max_wait: Duration::from_secs(20),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new(ProviderName::default())
    }
}
