//! Where one is signed in.

use super::device::device;
use crate::{
    AppError,
    server_fns::accounts::{LogOutEverywhere, RevokeSession},
    ui::{panel::ErrorPanel, when::When},
};
use leptos::{prelude::*, server_fn::ServerFn};
use wire::{Session, SessionList};

/// The list, each with a way to end it, and a way to end all.
#[component]
pub(super) fn Sessions(
    /// The sessions.
    sessions: Resource<Result<SessionList, AppError>>,
) -> impl IntoView {
    let rows = move |list: SessionList| {
        let rows = list.sessions.into_iter();
        rows.map(|session| view! { <SessionRow session/> })
            .collect_view()
    };
    view! {
        <section class="card stack account-card">
            <h2>"Where you are signed in"</h2>
            <Transition>
                {move || sessions.get().and_then(Result::err).map(|error| view! { <ErrorPanel error/> })}
                <ul class="entries" data-testid="sessions" aria-label="Sessions">
                    {move || sessions.get().and_then(Result::ok).map(rows)}
                </ul>
            </Transition>
            <form method="post" action=LogOutEverywhere::PATH>
                <button type="submit" class="button" data-testid="sign-out-everywhere">"Sign out everywhere"</button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn SessionRow(session: Session) -> impl IntoView {
    let name = device(&session.device);
    let label = format!("Sign out {name}");
    let id = session.id.to_string();
    let end = (!session.current).then(|| {
        view! {
            <form method="post" action=RevokeSession::PATH>
                <input type="hidden" name="id" value=session.id.to_string()/>
                <button type="submit" class="button small" data-testid="session-revoke" aria-label=label>
                    "Sign out"
                </button>
            </form>
        }
    });
    let this = session
        .current
        .then(|| view! { <span class="mark" data-testid="this-session">"This session"</span> });
    let from = session
        .address
        .map(|address| view! { "from " <span class="tabular">{address}</span> ", " });
    view! {
        <li class="entry" data-testid="session-row" data-id=id>
            <div class="entry-main">
                <p class="entry-name" title=session.device>{name} {this}</p>
                <p class="muted">{from} "last used " <When at=session.last_used_at/></p>
            </div>
            {end}
        </li>
    }
    .into_any()
}
