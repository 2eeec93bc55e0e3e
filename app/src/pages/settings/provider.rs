//! One provider's part of the settings form.

use crate::format;
use domain::ProviderName;
use leptos::prelude::*;
use wire::ProviderSettings;

/// The radio button that chooses the provider, and its fields, which show while it is chosen.
#[component]
pub(super) fn ProviderFields(
    /// Which provider.
    provider: ProviderName,
    /// Its settings.
    settings: ProviderSettings,
    /// Whether it is the one in use.
    active: bool,
    /// Whether somebody else chose.
    fixed: bool,
) -> impl IntoView {
    let name = provider.as_str();
    let fields = (provider != ProviderName::Local).then(|| fields(provider, settings.clone()));
    view! {
        <div class="provider">
            <label class="check">
                <input
                    type="radio"
                    name="active_provider"
                    value=name
                    checked=active
                    disabled=fixed
                    data-testid=format!("provider-{name}")
                />
                <span>
                    <strong>{settings.label}</strong>
                    <span class="hint">{about(provider)}</span>
                </span>
            </label>
            {fields}
        </div>
    }
}

fn about(provider: ProviderName) -> &'static str {
    match provider {
        ProviderName::Local => {
            "Files by your topics' names and descriptions and learns from your corrections. Nothing leaves this machine."
        }
        ProviderName::Anthropic | ProviderName::Openai => {
            "The text of each document is sent to this service."
        }
        ProviderName::Ollama | ProviderName::Lmstudio => "A model that you run yourself.",
    }
}

fn fields(provider: ProviderName, settings: ProviderSettings) -> impl IntoView {
    let name = provider.as_str();
    // A model that is only the default is not pinned by saving the form.
    let default = provider.default_model();
    let model = if settings.model == default {
        String::new()
    } else {
        settings.model
    };
    let used = (settings.calls > 0).then(|| used(settings.calls, settings.used_tokens));
    let hint = if default.is_empty() {
        "The name of the loaded model".to_owned()
    } else {
        default.to_owned()
    };
    view! {
        <div class="provider-fields">
            {settings.base_url.map(|url| view! { <p class="hint">"Reached at " <code>{url}</code></p> })}
            {used.map(|used| view! { <p class="hint" data-testid=format!("used-{name}")>{used}</p> })}
            <label class="field">
                <span>"Model"</span>
                <input type="text" name=format!("models[{name}]") value=model placeholder=hint autocomplete="off" data-testid=format!("model-{name}")/>
            </label>
            {settings.needs_key.then(|| key_fields(name, settings.api_key_set))}
        </div>
    }
}

/// What the provider took this month.
fn used(calls: i64, tokens: i64) -> String {
    format!(
        "This month: {}, {} tokens.",
        format::counted(calls, "document"),
        format::number(tokens)
    )
}

/// A key goes in and never comes out; the field is always empty.
fn key_fields(name: &'static str, set: bool) -> impl IntoView {
    let state = if set {
        "A key is set. Type a new one to replace it."
    } else {
        "No key is set."
    };
    view! {
        <label class="field">
            <span>"API key"</span>
            <input type="password" name=format!("keys[{name}]") value="" autocomplete="new-password" data-testid=format!("key-{name}")/>
            <span class="hint" data-testid=format!("key-state-{name}")>{state}</span>
        </label>
        {set
            .then(|| {
                view! {
                    <label class="check">
                        <input type="checkbox" name="remove_keys[]" value=name/>
                        <span>"Remove the stored key"</span>
                    </label>
                }
            })}
    }
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn what_was_used_is_said_in_words() {
        assert_eq!(used(1, 1_500), "This month: 1 document, 1,500 tokens.");
        assert_eq!(used(12, 0), "This month: 12 documents, 0 tokens.");
    }
}
