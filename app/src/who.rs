//! Who is signed in.

use crate::{AppError, response, server_fns::accounts::get_account, sign_in::is_open_page};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wire::Account;

/// Whose vault this is; a context. Asked once for everything that stands on a page.
#[derive(Clone, Copy)]
pub(crate) struct Who(Resource<Option<Result<Account, AppError>>>);

impl Who {
    /// Makes it known to every page.
    pub(crate) fn provide() -> Self {
        let path = use_location().pathname;
        let who = Self(Resource::new(move || path.get(), ask));
        provide_context(who);
        who
    }

    /// What is known: `None` while it is not, `Some(None)` when nobody is signed in.
    pub(crate) fn answer(self) -> Option<Option<Result<Account, AppError>>> {
        self.0.get()
    }

    /// Whether somebody is signed in, even if no more can be said of them now.
    pub(crate) fn is_somebody(self) -> bool {
        self.answer().flatten().is_some()
    }

    /// Their account.
    pub(crate) fn account(self) -> Option<Account> {
        self.answer().flatten().and_then(Result::ok)
    }
}

async fn ask(path: String) -> Option<Result<Account, AppError>> {
    if is_open_page(&path) || !response::may_be_signed_in() {
        return None;
    }
    match get_account().await {
        Err(error) if error.status == 401 => None,
        answer => Some(answer),
    }
}
