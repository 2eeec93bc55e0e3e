//! The settings: which provider files documents, and how; and a test of it.

use super::{
    privacy::{Assigned, Privacy},
    provider::ProviderFields,
};
use crate::{
    AppError,
    server_fns::settings::{TestProvider, UpdateSettings, get_settings, test_provider},
    ui::{
        banner::{ErrorBanner, LastCall, LastError},
        panel::{ErrorPanel, Skeleton},
        textarea::TextArea,
        theme::ThemeSwitch,
    },
};
use domain::ProviderName;
use leptos::{form::ActionForm, html::Form, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement, SubmitEvent};
use wire::{Settings, TestResult};

/// `/settings`; with `?test=name` it also shows how a test of that provider goes, so that the test
/// works without JavaScript.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query
            .read()
            .get("test")
            .filter(|name| ProviderName::parse(name).is_some())
    });
    let update = ServerAction::<UpdateSettings>::new();
    let test = ServerAction::<TestProvider>::new();
    let settings = Resource::new(move || update.version().get(), |_| get_settings());
    let tested = Resource::new(move || asked.get(), test_if_asked);
    view! {
        <Title text="Settings"/>
        <header class="page-head"><h1>"Settings"</h1></header>
        <LastError of=LastCall::new().of(update)/>
        <Saved update/>
        <Transition fallback=|| view! { <Skeleton rows=4/> }>
            {move || {
                Some(match settings.get()? {
                    Ok(settings) => view! { <SettingsForm settings update test/> }.into_any(),
                    Err(error) => view! { <ErrorPanel error/> }.into_any(),
                })
            }}
            {move || tested.get().flatten().filter(|_| test.version().get() == 0).map(result_view)}
        </Transition>
        <section class="card stack appearance">
            <h2>"Colours"</h2>
            <ThemeSwitch/>
        </section>
        {move || test.pending().get().then(|| view! { <p class="muted" role="status">"Testing the provider …"</p> })}
        {move || test.value().get().filter(|_| test.version().get() > 0 && !test.pending().get()).map(result_view)}
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
fn Saved(update: ServerAction<UpdateSettings>) -> impl IntoView {
    let saved = move || update.value().with(|value| matches!(value, Some(Ok(_))));
    view! {
        <p class="saved good-text" role="status" data-testid="settings-saved">
            {move || saved().then_some("The settings are saved.")}
        </p>
    }
}

#[component]
fn SettingsForm(
    settings: Settings,
    update: ServerAction<UpdateSettings>,
    test: ServerAction<TestProvider>,
) -> impl IntoView {
    let form: NodeRef<Form> = NodeRef::new();
    Effect::new(move || {
        let saved =
            update.version().get() > 0 && update.value().with(|value| matches!(value, Some(Ok(_))));
        if let (true, Some(form)) = (saved, form.get_untracked()) {
            forget_keys(&form);
        }
    });
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
        <ActionForm action=update node_ref=form attr:class="stack settings">
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
        </ActionForm>
        <TestForm active=in_use test/>
    }
    .into_any()
}

/// A key that was saved does not stay in the page.
fn forget_keys(form: &HtmlFormElement) {
    let Ok(fields) = form.query_selector_all("input[type=password]") else {
        return;
    };
    for index in 0..fields.length() {
        if let Some(field) = fields
            .get(index)
            .and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
        {
            field.set_value("");
        }
    }
}

/// Tests what is saved. A plain GET back to this page; with JavaScript the answer comes in place.
#[component]
fn TestForm(active: ProviderName, test: ServerAction<TestProvider>) -> impl IntoView {
    let name = active.as_str();
    let in_place = move |event: SubmitEvent| {
        event.prevent_default();
        test.dispatch(TestProvider {
            provider: Some(name.to_owned()),
        });
    };
    view! {
        <form class="card stack" method="get" action="/settings" on:submit=in_place>
            <h2>"Test"</h2>
            <p class="muted">"Asks the provider in use whether it answers, with the settings as they are saved."</p>
            <p class="save-first warn-text" role="status">"Save first to test another provider."</p>
            <input type="hidden" name="test" value=name/>
            <div>
                <button type="submit" class="button" data-testid="test-provider" disabled=move || test.pending().get()>
                    {test_label(active)}
                </button>
            </div>
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
