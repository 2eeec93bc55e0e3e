//! What stands at an address that names nothing.

use crate::{AppError, response, ui::panel::ErrorPanel};
use leptos::prelude::*;
use leptos_meta::Title;

/// A true 404.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    let error = AppError::not_found();
    response::set_status(error.status);
    view! {
        <Title text="Not found"/>
        <ErrorPanel error/>
    }
    .into_any()
}
