//! What went wrong, where it is seen.

use crate::{
    AppError,
    sign_in::without_error,
    ui::{
        icon::{Icon, Picture},
        refusal::MESSAGE,
    },
};
use leptos::{prelude::*, server_fn::error::ServerFnUrlError};
use leptos_router::hooks::use_location;

/// An error as a sentence, with the fields that were refused.
#[component]
pub(crate) fn ErrorBanner(
    /// The error.
    error: AppError,
    /// By which fields refer to it.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What follows the sentence.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let others: Vec<String> = error
        .fields
        .into_iter()
        .map(|field| field.message)
        .filter(|message| *message != error.detail)
        .collect();
    view! {
        <div class="banner bad" id=id role="alert" data-testid="flash-error">
            <Icon picture=Picture::Attention/>
            <div>
                <p>{error.detail}</p>
                {others.into_iter().map(|message| view! { <p>{message}</p> }).collect_view()}
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// The error of a form: leptos leaves it in the address.
#[component]
pub(crate) fn Flash() -> impl IntoView {
    let location = use_location();
    move || {
        let coded = location.query.read().get("__err")?;
        let error = ServerFnUrlError::<AppError>::decode_err(&coded);
        let here = without_error(&location.pathname.get(), &location.search.get());
        Some(view! {
            <ErrorBanner error id=MESSAGE>
                <a class="button quiet small" href=here>"Dismiss"</a>
            </ErrorBanner>
        })
    }
}
