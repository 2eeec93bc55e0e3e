//! What went wrong, where it is seen.

use crate::{
    AppError,
    ui::icon::{Icon, Picture},
};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use leptos_router::hooks::use_location;

/// An error as a sentence, with the fields that were refused.
#[component]
pub(crate) fn ErrorBanner(
    /// The error.
    error: AppError,
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
        <div class="banner bad" role="alert" data-testid="flash-error">
            <Icon picture=Picture::Attention/>
            <div>
                <p>{error.detail}</p>
                {others.into_iter().map(|message| view! { <p>{message}</p> }).collect_view()}
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// The error of a form posted without JavaScript: leptos leaves it in the address.
#[component]
pub(crate) fn Flash() -> impl IntoView {
    let location = use_location();
    move || {
        let coded = location.query.read().get("__err")?;
        let error = ServerFnUrlError::<AppError>::decode_err(&coded);
        let here = location.pathname.get();
        Some(view! {
            <ErrorBanner error>
                <a class="button quiet small" href=here>"Dismiss"</a>
            </ErrorBanner>
        })
    }
}

/// The error of the last call of an action made on this page.
#[component]
pub(crate) fn ActionError<S>(
    /// The action.
    action: ServerAction<S>,
) -> impl IntoView
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    move || {
        // What came in the address is `Flash`'s to show.
        if action.version().get() == 0 {
            return None;
        }
        action
            .value()
            .get()
            .and_then(Result::err)
            .map(|error| view! { <ErrorBanner error/> })
    }
}
