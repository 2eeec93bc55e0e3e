//! The settings: which provider files documents, and how; and a test of it.

use super::{
    privacy::{Assigned, Privacy},
    provider::ProviderFields,
};
use crate::{
    AppError,
    server_fns::settings::{UpdateSettings, get_settings, test_provider},
    ui::{banner::ErrorBanner, panel::ErrorPanel, textarea::TextArea, theme::ThemeSwitch},
};
use domain::ProviderName;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::{Settings, TestResult};

/// `/settings`; with `?test=name` it also shows how a test of that provider goes.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query
            .read()
            .get("test")
            .filter(|name| ProviderName::parse(name).is_some())
    });
    let done = move || {
        let query = query.read();
        let saved = query.get("done").is_some() && query.get("__err").is_none();
        saved.then_some("The settings are saved.")
    };
    let settings = Resource::new(|| (), |()| get_settings());
    let tested = Resource::new(move || asked.get(), test_if_asked);
    view! {
        <Title text="Settings"/>
        <header class="page-head"><h1>"Settings"</h1></header>
        <p class="saved good-text" role="status" data-testid="settings-saved">{done}</p>
        <Transition>
            {move || tested.get().flatten().map(result_view)}
            {move || {
                Some(match settings.get()? {
                    Ok(settings) => view! { <SettingsForm settings/> }.into_any(),
                    Err(error) => view! { <ErrorPanel error/> }.into_any(),
                })
            }}
        </Transition>
        <section class="card stack js-only">
            <h2>"Keys"</h2>
            <label class="check">
                <input type="checkbox" data-set-keys autocomplete="off" data-testid="set-keys"/>
                <span>
                    "Keys of one letter do something, such as j for the next document"
                    <span class="hint">"Press ? to see them all. Kept in this browser; Esc, Delete and Ctrl K work either way."</span>
                </span>
            </label>
        </section>
        <section class="card stack appearance">
            <h2>"Colours"</h2>
            <ThemeSwitch/>
        </section>
    }
    .into_any()
}

async fn test_if_asked(provider: Option<String>) -> Option<Result<TestResult, AppError>> {
    match provider {
        Some(provider) => Some(test_provider(Some(provider)).await),
        None => None,
    }
}

fn result_view(result: Result<TestResult, AppError>) -> AnyView {
    match result {
        Ok(result) => {
            let class = if result.ok {
                "banner good"
            } else {
                "banner bad"
            };
            let ok = if result.ok { "true" } else { "false" };
            view! {
                <div class=class role="status" data-testid="test-result" data-ok=ok data-provider=result.provider>
                    <p>{result.detail}</p>
                </div>
            }
            .into_any()
        }
        Err(error) => view! { <ErrorBanner error/> }.into_any(),
    }
}

#[component]
fn SettingsForm(settings: Settings) -> impl IntoView {
    let active = ProviderName::parse(&settings.active_provider).unwrap_or_default();
    let in_use = match settings.local_only {
        true => ProviderName::Local,
        false => active,
    };
    let fixed = settings.assigned.is_some();
    let mut known = settings.providers;
    let providers = ProviderName::ALL
        .into_iter()
        .filter_map(|provider| known.remove(provider.as_str()).map(|settings| (provider, settings)))
        .map(|(provider, settings)| view! { <ProviderFields provider settings active=provider == active fixed/> })
        .collect_view();
    view! {
        <form class="stack settings" method="post" action=UpdateSettings::PATH>
            <fieldset class="card">
                <legend><h2>"Who files your documents"</h2></legend>
                {settings.assigned.map(|assigned| view! { <Assigned assigned/> })}
                {providers}
            </fieldset>
            <Privacy local_only=settings.local_only budget=settings.budget/>
            <section class="card field">
                <h2><label for="system-prompt">"Instructions"</label></h2>
                <TextArea name="system_prompt" id="system-prompt".to_owned() value=settings.system_prompt rows="5" maxlength="4000"/>
                <p class="hint">"Added to what a provider is told; the built-in rules do not read it. Leave it empty if filing works well."</p>
            </section>
            <div><button type="submit" class="button primary" data-testid="save-settings">"Save settings"</button></div>
        </form>
        <TestForm active=in_use/>
    }
    .into_any()
}

/// Tests what is saved. A plain GET back to this page.
#[component]
fn TestForm(active: ProviderName) -> impl IntoView {
    view! {
        <form class="card stack" method="get" action="/settings">
            <h2>"Test"</h2>
            <p class="muted">"Asks the provider in use whether it answers, with the settings as they are saved."</p>
            <p class="save-first warn-text" role="status">"Save first to test another provider."</p>
            <input type="hidden" name="test" value=active.as_str()/>
            <div><button type="submit" class="button" data-testid="test-provider">{test_label(active)}</button></div>
        </form>
    }
}

fn test_label(provider: ProviderName) -> String {
    match provider {
        ProviderName::Local => "Test the built-in rules".to_owned(),
        other => format!("Test {}", other.spoken()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_says_what_is_tested() {
        assert_eq!(test_label(ProviderName::Local), "Test the built-in rules");
        assert_eq!(test_label(ProviderName::Openai), "Test OpenAI");
    }
}
