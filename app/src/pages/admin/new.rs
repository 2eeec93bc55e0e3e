//! The forms that bring somebody into the vault: an invitation, or an account made for them.

use crate::{
    server_fns::admin::{CreateUser, Invite},
    ui::icon::{Icon, Picture},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the person becomes.
#[component]
fn RoleField(testid: &'static str) -> impl IntoView {
    view! {
        <label class="field">
            <span>"Role"</span>
            <select name="role" data-testid=testid>
                <option value="user">"Member"</option>
                <option value="admin">"Admin"</option>
            </select>
        </label>
    }
}

/// A link with which somebody makes their own account.
#[component]
pub(super) fn InviteForm() -> impl IntoView {
    view! {
        <details class="card new-topic" data-testid="invite">
            <summary><Icon picture=Picture::Add/> <span>"Invite somebody"</span></summary>
            <form class="stack" method="post" action=Invite::PATH>
                <label class="field">
                    <span>"E-mail address"</span>
                    <input type="email" name="email" maxlength="254" autocomplete="off" data-testid="invite-email"/>
                    <span class="hint">
                        "If you name one, the invitation can be used with this address alone, and is sent there if the vault sends mail."
                    </span>
                </label>
                <RoleField testid="invite-role"/>
                <div>
                    <button type="submit" class="button primary" data-testid="invite-submit">"Make the invitation"</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// An account whose owner only has to choose a password.
#[component]
pub(super) fn CreateForm() -> impl IntoView {
    view! {
        <details class="card new-topic" data-testid="create">
            <summary><Icon picture=Picture::Add/> <span>"Create an account"</span></summary>
            <form class="stack" method="post" action=CreateUser::PATH>
                <label class="field">
                    <span>"Handle"</span>
                    <input
                        type="text"
                        name="handle"
                        required
                        minlength="2"
                        maxlength="32"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        data-testid="create-handle"
                    />
                </label>
                <label class="field">
                    <span>"E-mail address"</span>
                    <input type="email" name="email" required maxlength="254" autocomplete="off" data-testid="create-email"/>
                </label>
                <RoleField testid="create-role"/>
                <p class="hint">"You get a link for its owner, with which they choose a password."</p>
                <div>
                    <button type="submit" class="button primary" data-testid="create-submit">"Create the account"</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}
