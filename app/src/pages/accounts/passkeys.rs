//! One's own passkeys.

use super::{card::Username, passkey_button::PasskeyStatus};
use crate::{
    AppError,
    server_fns::passkeys::{BeginPasskey, CreatePasskey, DeletePasskey, RenamePasskey},
    ui::{
        confirm::Confirm,
        icon::{Icon, Picture},
        panel::ErrorPanel,
        when::When,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use wire::{Passkey, PasskeyList};

/// The account's card about them.
#[component]
pub(super) fn PasskeysCard(
    /// The list.
    passkeys: Resource<Result<PasskeyList, AppError>>,
    /// Whose they are.
    handle: Signal<String>,
) -> impl IntoView {
    let query = use_query_map();
    let done = move || match query.read().get("done").as_deref() {
        Some("passkey-added") => Some("The passkey is added."),
        Some("passkey-renamed") => Some("The passkey has its new name."),
        Some("passkey-removed") => {
            Some("The passkey is removed. Everywhere else you are signed out.")
        }
        _ => None,
    };
    view! {
        <section class="card stack account-card" id="passkeys" data-testid="passkeys">
            <h2>"Passkeys"</h2>
            <p class="saved good-text" role="status">{done}</p>
            <p class="muted">
                "With a passkey you sign in by your finger, face or PIN, without name and password. Once you have one, the password alone is not enough to sign in any more."
            </p>
            <Transition>{move || passkeys.get().map(|answer| body(answer, handle))}</Transition>
        </section>
    }
    .into_any()
}

fn body(answer: Result<PasskeyList, AppError>, handle: Signal<String>) -> AnyView {
    let list = match answer {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(list) => list,
    };
    let rows = (!list.passkeys.is_empty()).then(|| {
        let rows = list.passkeys.into_iter();
        let rows = rows.map(|passkey| view! { <PasskeyRow passkey handle/> });
        view! { <ul class="entries" aria-label="Passkeys">{rows.collect_view()}</ul> }
    });
    let more = if list.possible {
        view! {
            <p class="muted nojs-only">"Adding a passkey takes JavaScript, which does not run here."</p>
            <NewPasskey handle/>
        }
        .into_any()
    } else {
        view! {
            <p class="muted">"None can be added: browsers know passkeys only where a vault is reached by a name and https."</p>
        }
        .into_any()
    };
    view! { {rows} {more} }.into_any()
}

#[component]
fn PasskeyRow(passkey: Passkey, handle: Signal<String>) -> impl IntoView {
    let id = passkey.id.to_string();
    let name = passkey.name;
    let used = match passkey.last_used_at {
        Some(at) => view! { ", last used " <When at/> }.into_any(),
        None => ", never used".into_any(),
    };
    view! {
        <li class="entry" data-testid="passkey-row" data-name=name.clone()>
            <div class="entry-main">
                <p class="entry-name">{name.clone()}</p>
                <p class="muted">"Added " <When at=passkey.created_at/> {used}</p>
                <details class="edit" data-testid="passkey-edit">
                    <summary aria-label=format!("Rename the passkey {name}")>"Rename"</summary>
                    <form class="token-line" method="post" action=RenamePasskey::PATH>
                        <input type="hidden" name="id" value=id.clone()/>
                        <input
                            type="text"
                            name="name"
                            value=name.clone()
                            required
                            maxlength="80"
                            autocomplete="off"
                            aria-label="New name"
                            data-testid="passkey-new-name"
                        />
                        <button type="submit" class="button" data-testid="passkey-rename">"Rename"</button>
                    </form>
                </details>
            </div>
            <Confirm
                id=format!("delete-{id}")
                button="Remove"
                label=format!("Remove the passkey {name}")
                testid="passkey-delete"
                question=format!("Remove the passkey “{name}”?")
                consequence="It no longer lets anybody in. Everywhere else you are signed out."
            >
                <form class="stack wide" method="post" action=DeletePasskey::PATH>
                    <input type="hidden" name="id" value=id/>
                    <Username handle/>
                    <label class="field">
                        <span>"Your password"</span>
                        <input
                            type="password"
                            name="password"
                            required
                            autocomplete="current-password"
                            data-testid="passkey-delete-password"
                        />
                    </label>
                    <button type="submit" class="button danger" data-testid="confirm-passkey-delete">"Remove passkey"</button>
                </form>
            </Confirm>
        </li>
    }
    .into_any()
}

/// The form that adds one. The password goes ahead, and is not in the form that is posted: it has no
/// name.
#[component]
fn NewPasskey(handle: Signal<String>) -> impl IntoView {
    view! {
        <form
            class="stack js-only"
            method="post"
            action=CreatePasskey::PATH
            data-passkey=BeginPasskey::PATH
            data-testid="passkey-form"
        >
            <input type="hidden" name="ceremony"/>
            <input type="hidden" name="credential"/>
            <label class="field">
                <span>"Name"</span>
                <input type="text" name="name" required maxlength="80" autocomplete="off" data-testid="passkey-name"/>
                <span class="hint">"Where it is: this phone, the key on the key ring."</span>
            </label>
            <Username handle/>
            <label class="field">
                <span>"Your password"</span>
                <input
                    type="password"
                    required
                    autocomplete="current-password"
                    data-testid="passkey-password"
                />
            </label>
            <PasskeyStatus/>
            <div>
                <button type="submit" class="button" data-testid="passkey-submit">
                    <Icon picture=Picture::Add/> "Add a passkey"
                </button>
            </div>
        </form>
    }
    .into_any()
}
