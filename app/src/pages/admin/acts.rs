//! What an admin does to an account besides changing it.

use crate::{
    server_fns::admin::{DeleteUser, MakePasswordLink, ResetSecondFactor, SignOutUser},
    ui::confirm::Confirm,
};
use leptos::{prelude::*, server_fn::ServerFn};
use wire::ManagedUser;

/// For an owner who can't sign in, or should not be signed in somewhere.
#[component]
pub(super) fn SignInActs(
    /// The account.
    user: ManagedUser,
) -> impl IntoView {
    let id = user.id.to_string();
    let (for_link, for_reset) = (id.clone(), id.clone());
    let link = user.is_active.then(|| {
        view! {
            <form method="post" action=MakePasswordLink::PATH>
                <input type="hidden" name="id" value=for_link/>
                <button type="submit" class="button" data-testid="password-link">"Make a link for a new password"</button>
            </form>
        }
    });
    let reset = (user.totp || user.passkeys > 0).then(|| {
        view! {
            <Confirm
                id="reset-second-factor".to_owned()
                button="Reset second factor"
                label="Reset the second factor".to_owned()
                testid="reset-second-factor"
                question=format!("Reset the second factor of {}?", user.handle)
                consequence="The authenticator app, recovery codes and passkeys of this account work no more. Make sure that it is really its owner who asks."
            >
                <form method="post" action=ResetSecondFactor::PATH>
                    <input type="hidden" name="id" value=for_reset/>
                    <button type="submit" class="button danger" data-testid="confirm-reset-second-factor">"Reset"</button>
                </form>
            </Confirm>
        }
    });
    view! {
        <section class="card stack account-card">
            <h2>"Signing in"</h2>
            <div class="actions">
                {link}
                <form method="post" action=SignOutUser::PATH>
                    <input type="hidden" name="id" value=id/>
                    <button type="submit" class="button" data-testid="sign-out-user">"Sign out everywhere"</button>
                </form>
                {reset}
            </div>
        </section>
    }
    .into_any()
}

/// The end of an account, once its handle was typed.
#[component]
pub(super) fn DeleteForm(
    /// The account.
    user: ManagedUser,
) -> impl IntoView {
    let handle = user.handle;
    view! {
        <section class="card stack account-card">
            <h2>"Delete this account"</h2>
            <p class="muted">"Its documents, topics and settings are removed with it, for good. To lock somebody out, disable the account."</p>
            <div>
                <Confirm
                    id="delete-user".to_owned()
                    button="Delete account"
                    label="Delete this account".to_owned()
                    testid="delete-user"
                    question=format!("Delete the account {handle}?")
                    consequence="Its documents, topics and settings are removed for good. Nobody can bring them back."
                >
                    <form class="stack wide" method="post" action=DeleteUser::PATH>
                        <input type="hidden" name="id" value=user.id.to_string()/>
                        <label class="field">
                            <span>{format!("Type {handle} to be sure")}</span>
                            <input
                                type="text"
                                name="handle"
                                required
                                autocomplete="off"
                                autocapitalize="none"
                                spellcheck="false"
                                data-testid="delete-user-handle"
                            />
                        </label>
                        <button type="submit" class="button danger" data-testid="confirm-delete-user">"Delete for good"</button>
                    </form>
                </Confirm>
            </div>
        </section>
    }
    .into_any()
}
