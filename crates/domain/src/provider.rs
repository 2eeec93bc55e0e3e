//! The classification providers, as a closed list.

use serde::{Deserialize, Serialize};

/// A provider that files documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderName {
    /// Our own: no key, no network; learns from corrections.
    #[default]
    Local,
    /// Anthropic's API.
    Anthropic,
    /// OpenAI's API.
    Openai,
    /// A model served by Ollama.
    Ollama,
    /// A model served by LM Studio.
    Lmstudio,
}

impl ProviderName {
    /// Every provider, the default first.
    pub const ALL: [Self; 5] = [
        Self::Local,
        Self::Anthropic,
        Self::Openai,
        Self::Ollama,
        Self::Lmstudio,
    ];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Anthropic => "anthropic",
            Self::Openai => "openai",
            Self::Ollama => "ollama",
            Self::Lmstudio => "lmstudio",
        }
    }

    /// The provider of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }

    /// What people call it.
    pub fn spoken(self) -> &'static str {
        match self {
            Self::Local => "Built in",
            Self::Anthropic => "Anthropic",
            Self::Openai => "OpenAI",
            Self::Ollama => "Ollama",
            Self::Lmstudio => "LM Studio",
        }
    }

    /// Whether it wants an API key.
    pub fn needs_key(self) -> bool {
        matches!(self, Self::Anthropic | Self::Openai)
    }

    /// The model that is used when none is chosen; empty where there is nothing to choose or
    /// only its user can know.
    pub fn default_model(self) -> &'static str {
        match self {
            Self::Local | Self::Lmstudio => "",
            Self::Anthropic => "claude-haiku-4-5",
            Self::Openai => "gpt-5-mini",
            Self::Ollama => "llama3.2",
        }
    }
}
