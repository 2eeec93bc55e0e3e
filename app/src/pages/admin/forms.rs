//! The forms that change an account.

use crate::{
    format, room,
    server_fns::admin::{UpdateFiling, UpdateUser},
};
use domain::ProviderName;
use leptos::{prelude::*, server_fn::ServerFn};
use wire::ManagedUser;

fn choices(choices: Vec<(&'static str, &'static str)>, chosen: &str) -> Vec<AnyView> {
    choices
        .into_iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }.into_any()
        })
        .collect()
}

/// What a field shows when the page is opened, so that only what was changed is sent on.
fn shown(field: &str, value: String) -> AnyView {
    view! { <input type="hidden" name=format!("shown[{field}]") value=value/> }.into_any()
}

/// What the account is, and its room.
#[component]
pub(super) fn AccountForm(
    /// The account.
    user: ManagedUser,
) -> impl IntoView {
    let (amount, unit) = room::split(user.limit_bytes);
    let roles = choices(vec![("user", "Member"), ("admin", "Admin")], &user.role);
    let active = if user.is_active { "true" } else { "false" };
    let states = choices(vec![("true", "Active"), ("false", "Disabled")], active);
    let units = choices(room::UNITS.map(|(unit, _)| (unit, unit)).to_vec(), unit);
    view! {
        <section class="card stack account-card">
            <h2>"Account"</h2>
            <form class="stack" method="post" action=UpdateUser::PATH>
                <input type="hidden" name="id" value=user.id.to_string()/>
                {shown("role", user.role.clone())}
                {shown("is_active", active.to_owned())}
                {shown("room", amount.clone())}
                {shown("unit", unit.to_owned())}
                <div class="token-choices">
                    <label class="field">
                        <span>"Role"</span>
                        <select name="wanted[role]" data-testid="user-role">{roles}</select>
                    </label>
                    <label class="field">
                        <span>"It is"</span>
                        <select name="wanted[is_active]" data-testid="user-active">{states}</select>
                    </label>
                </div>
                <p class="hint">"Whoever is disabled is signed out everywhere, and their tokens stop at once."</p>
                <div class="token-choices">
                    <label class="field">
                        <span>"Room for documents"</span>
                        <input
                            type="text"
                            name="wanted[room]"
                            required
                            value=amount
                            inputmode="decimal"
                            autocomplete="off"
                            data-testid="user-room"
                        />
                    </label>
                    <label class="field">
                        <span>"Unit"</span>
                        <select name="wanted[unit]" data-testid="user-unit">{units}</select>
                    </label>
                </div>
                <div><button type="submit" class="button primary" data-testid="save-user">"Save account"</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// Who files the account's documents, and how much may be sent for it.
#[component]
pub(super) fn FilingForm(
    /// The account.
    user: ManagedUser,
) -> impl IntoView {
    let mut providers = vec![("", "Whoever its owner chooses")];
    providers.extend(ProviderName::ALL.map(|provider| (provider.as_str(), provider.spoken())));
    let providers = choices(providers, user.ai_provider.as_deref().unwrap_or_default());
    let tokens = user.ai_monthly_tokens.map(format::number);
    let local_only = user.ai_local_only.then(|| {
        view! {
            <p class="banner plain">
                <span>"Its owner allows the built-in provider only. That goes before what you choose here."</span>
            </p>
        }
    });
    view! {
        <section class="card stack account-card">
            <h2>"Filing"</h2>
            {local_only}
            <form class="stack" method="post" action=UpdateFiling::PATH>
                <input type="hidden" name="id" value=user.id.to_string()/>
                {shown("provider", user.ai_provider.clone().unwrap_or_default())}
                {shown("model", user.ai_model.clone().unwrap_or_default())}
                {shown("monthly_tokens", tokens.clone().unwrap_or_default())}
                <div class="token-choices">
                    <label class="field">
                        <span>"Documents are filed by"</span>
                        <select name="wanted[provider]" data-testid="user-provider">{providers}</select>
                    </label>
                    <label class="field">
                        <span>"Model"</span>
                        <input
                            type="text"
                            name="wanted[model]"
                            value=user.ai_model.unwrap_or_default()
                            maxlength="200"
                            autocomplete="off"
                            placeholder="The usual one"
                            data-testid="user-model"
                        />
                    </label>
                </div>
                <label class="field">
                    <span>"Tokens a month"</span>
                    <input
                        type="text"
                        name="wanted[monthly_tokens]"
                        value=tokens.unwrap_or_default()
                        inputmode="numeric"
                        autocomplete="off"
                        placeholder="Any number"
                        data-testid="user-tokens"
                    />
                    <span class="hint">
                        "A letter of a page takes about 1,500. The built-in provider takes none. Empty for any number."
                    </span>
                </label>
                <div><button type="submit" class="button primary" data-testid="save-filing">"Save filing"</button></div>
            </form>
        </section>
    }
    .into_any()
}
