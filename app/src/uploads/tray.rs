//! The tray at the lower right: what is being uploaded, and the sign that a drop will be taken.

use super::{State, Upload, Uploads};
use crate::{
    format,
    ui::icon::{Icon, Picture},
};
use leptos::prelude::*;

/// Every upload that runs or ran. Empty, and so invisible, until there is one.
#[island]
pub(crate) fn Tray() -> impl IntoView {
    let uploads = Uploads::begin();
    let any = move || uploads.list.with(|list| !list.is_empty());
    let all_over = move || {
        uploads
            .list
            .with(|list| list.iter().all(|upload| upload.state.with(State::is_over)))
    };
    view! {
        <div class="drop-hint" class:shown=move || uploads.dragging.get() aria-hidden="true">
            <p><Icon picture=Picture::Upload/> "Drop to upload"</p>
        </div>
        <Show when=any>
            <section class="tray" data-testid="upload-tray" aria-label="Uploads">
                <header class="tray-head">
                    <h2>{move || heading(uploads)}</h2>
                    <Show when=all_over>
                        <button type="button" class="button quiet small" on:click=move |_| uploads.tidy()>
                            "Clear"
                        </button>
                    </Show>
                </header>
                <Show when=move || uploads.signed_out.get()>
                    <SignedOut uploads/>
                </Show>
                <ul class="tray-list" aria-live="polite" aria-relevant="additions text">
                    <For each=move || uploads.list.get() key=|upload| upload.id let:upload>
                        <TrayItem uploads upload/>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

fn heading(uploads: Uploads) -> String {
    uploads.list.with(|list| {
        let of = |wanted: fn(&State) -> bool| {
            let these = list.iter().filter(|upload| upload.state.with(wanted));
            these.count()
        };
        let stored = of(|state| matches!(state, State::Stored(_)));
        words(list.len(), of(State::is_over), stored)
    })
}

fn words(total: usize, over: usize, stored: usize) -> String {
    if over < total {
        format!("Uploading {} of {total}", over + 1)
    } else if stored < total {
        format!("{stored} of {total} stored")
    } else {
        "Uploads finished".to_owned()
    }
}

/// Why nothing goes on. The page to sign in on opens beside this one, which holds the files.
#[component]
fn SignedOut(uploads: Uploads) -> impl IntoView {
    view! {
        <div class="tray-note" role="alert" data-testid="uploads-wait">
            <p>"You are signed out, so these files wait. Sign in in another tab, then go on here."</p>
            <p class="actions">
                <a class="button small" href="/login" target="_blank" rel="noopener">"Sign in"</a>
                <button type="button" class="button small" data-testid="uploads-go-on" on:click=move |_| uploads.go_on()>
                    "Go on"
                </button>
            </p>
        </div>
    }
}

#[component]
fn TrayItem(uploads: Uploads, upload: Upload) -> impl IntoView {
    let state = upload.state.clone();
    let word = {
        let state = state.clone();
        move || state.with(state_word)
    };
    let over = {
        let state = state.clone();
        Memo::new(move |_| state.with(State::is_over))
    };
    let name = upload.name.clone();
    let label = format!("Cancel the upload of {name}");
    let again = {
        let state = state.clone();
        move || state.with(|state| matches!(state, State::Failed { again: true, .. }))
    };
    let try_again = format!("Try {name} again");
    let upload = StoredValue::new(upload);
    view! {
        <li class="tray-item" data-testid="upload-item" data-state=word>
            <span class="tray-name" title=name.clone()>{name.clone()}</span>
            <Show when=move || !over.get()>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=label.clone()
                    on:click=move |_| upload.with_value(|upload| uploads.cancel(upload))
                >
                    <Icon picture=Picture::Close/>
                </button>
            </Show>
            <div class="tray-state">{move || state.with(state_view)}</div>
            <Show when=again>
                <button
                    type="button"
                    class="button small tray-again"
                    aria-label=try_again.clone()
                    data-testid="upload-again"
                    on:click=move |_| upload.with_value(|upload| uploads.try_again(upload))
                >
                    "Try again"
                </button>
            </Show>
        </li>
    }
}

fn state_word(state: &State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Sending { .. } => "sending",
        State::Stored(_) => "stored",
        State::Failed { .. } => "failed",
        State::Cancelled => "cancelled",
    }
}

fn state_view(state: &State) -> AnyView {
    match state {
        State::Waiting => view! { <span class="muted">"Waiting"</span> }.into_any(),
        State::Sending { sent, total, speed } => {
            let numbers = format!(
                "{} of {} · {}/s",
                format::size(*sent),
                format::size(*total),
                format::size(*speed)
            );
            view! {
                <progress max=(*total).max(1).to_string() value=sent.to_string() aria-label="Progress"></progress>
                <span class="muted tabular" aria-hidden="true">{numbers}</span>
            }
            .into_any()
        }
        State::Stored(id) => {
            view! { <a class="quiet-link" href=format!("/documents/{id}")>"Stored. Open it"</a> }
                .into_any()
        }
        State::Failed { reason, .. } => {
            view! { <span class="bad-text" data-testid="failure">{reason.clone()}</span> }
                .into_any()
        }
        State::Cancelled => view! { <span class="muted">"Cancelled"</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn only_what_is_stored_counts_as_finished() {
        assert_eq!(words(3, 1, 1), "Uploading 2 of 3");
        assert_eq!(words(2, 2, 1), "1 of 2 stored");
        assert_eq!(words(2, 2, 2), "Uploads finished");
    }
}
