//! Everybody's accounts, for admins.
//!
//! Their forms are posted as forms always, also where scripts run: a link that is shown once travels in
//! a cookie that no script reads.

use crate::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{ManagedUser, UserList};

/// What an account is, as its form shows and takes it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Account {
    /// `user` or `admin`.
    pub(crate) role: String,
    /// Whether it may sign in.
    pub(crate) is_active: bool,
    /// The number of its room.
    pub(crate) room: String,
    /// The unit of that number.
    pub(crate) unit: String,
}

/// Who files an account's documents, as its form shows and takes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Filing {
    /// The provider's name; empty when its owner chooses.
    pub(crate) provider: String,
    /// The model's name; empty for the usual one.
    pub(crate) model: String,
    /// The budget; empty for any number.
    pub(crate) monthly_tokens: String,
}

/// One page of the accounts whose handle or address holds `search`.
#[server(prefix = "/_fn", endpoint = "admin/users")]
pub(crate) async fn list_users(
    search: Option<String>,
    page: Option<i64>,
) -> Result<UserList, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let query = wire::UserQuery {
        search,
        page,
        per_page: None,
    };
    services.users().list(&caller, &query).await.map_err(fail)
}

/// An account.
#[server(prefix = "/_fn", endpoint = "admin/user")]
pub(crate) async fn get_user(id: Uuid) -> Result<ManagedUser, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let user = services.users().get(&caller, id.into()).await;
    user.map(Into::into).map_err(fail)
}

/// The link that has just been made; a second time there is none.
#[server(prefix = "/_fn", endpoint = "admin/link")]
pub(crate) async fn take_link() -> Result<Option<String>, AppError> {
    use crate::{server_context::take_kept, session_cookies::Kept};
    Ok(take_kept(Kept::Link))
}

/// Makes an account for somebody else. Without a number in `room` it gets what everybody gets.
#[server(prefix = "/_fn", endpoint = "admin/create")]
pub(crate) async fn create_user(
    handle: String,
    email: String,
    role: String,
    #[server(default)] room: String,
    #[server(default)] unit: String,
) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, go_to, keep},
        session_cookies::Kept,
    };
    use secrecy::ExposeSecret;
    let (services, caller) = context()?;
    let limit_bytes = match room.trim() {
        "" => None,
        room => Some(bytes(room, &unit).map_err(fail)?),
    };
    let new = wire::NewUser {
        handle,
        email,
        role,
        limit_bytes,
    };
    let created = services.users().create(&caller, &new).await;
    let (user, link) = created.map_err(fail)?;
    keep(Kept::Link, link.expose_secret());
    go_to(&page_of(user.id.0, "created"));
    Ok(())
}

/// Invites somebody.
#[server(prefix = "/_fn", endpoint = "admin/invite")]
pub(crate) async fn invite(role: String, email: Option<String>) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, go_to, keep},
        session_cookies::Kept,
    };
    use secrecy::ExposeSecret;
    let (services, caller) = context()?;
    let request = wire::NewInvitation { role, email };
    let invited = services.accounts().invite(&caller, &request).await;
    let invited = invited.map_err(fail)?;
    keep(Kept::Link, invited.link.expose_secret());
    go_to(match invited.mailed {
        true => "/admin/users?done=mailed",
        false => "/admin/users?done=invited",
    });
    Ok(())
}

/// Changes what an account is, and its room: what differs from what the form showed. A page that was
/// opened long ago takes back nothing that another admin has changed since.
#[server(prefix = "/_fn", endpoint = "admin/update")]
pub(crate) async fn update_user(id: Uuid, shown: Account, wanted: Account) -> Result<(), AppError> {
    use crate::server_context::fail;
    let room = |account: &Account| bytes(&account.room, &account.unit).map_err(fail);
    let patch = wire::UserPatch {
        role: other(wanted.role.clone(), &shown.role),
        is_active: other(wanted.is_active, &shown.is_active),
        limit_bytes: other(room(&wanted)?, &room(&shown)?),
        ..wire::UserPatch::default()
    };
    change(id, &patch).await
}

/// Changes who files an account's documents, and how much may be sent for it: what differs from what
/// the form showed. An empty field takes away.
#[server(prefix = "/_fn", endpoint = "admin/update_filing")]
pub(crate) async fn update_filing(
    id: Uuid,
    #[server(default)] shown: Filing,
    #[server(default)] wanted: Filing,
) -> Result<(), AppError> {
    use crate::server_context::fail;
    let tokens = |filing: &Filing| {
        given(&filing.monthly_tokens)
            .map(|text| tokens(&text))
            .transpose()
            .map_err(fail)
    };
    let patch = wire::UserPatch {
        ai_provider: other(given(&wanted.provider), &given(&shown.provider)),
        ai_model: other(given(&wanted.model), &given(&shown.model)),
        ai_monthly_tokens: other(tokens(&wanted)?, &tokens(&shown)?),
        ..wire::UserPatch::default()
    };
    change(id, &patch).await
}

/// Makes a link with which an account's owner chooses a new password.
#[server(prefix = "/_fn", endpoint = "admin/password_link")]
pub(crate) async fn make_password_link(id: Uuid) -> Result<(), AppError> {
    use crate::{
        server_context::{context, fail, go_to, keep},
        session_cookies::Kept,
    };
    use secrecy::ExposeSecret;
    let (services, caller) = context()?;
    let link = services.users().password_link(&caller, id.into()).await;
    keep(Kept::Link, link.map_err(fail)?.expose_secret());
    go_to(&page_of(id, "link"));
    Ok(())
}

/// Signs an account out everywhere.
#[server(prefix = "/_fn", endpoint = "admin/sign_out")]
pub(crate) async fn sign_out_user(id: Uuid) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let done = services.users().sign_out(&caller, id.into()).await;
    done.map_err(fail)?;
    go_to(&page_of(id, "signed-out"));
    Ok(())
}

/// Takes away what an account's owner shows beside the password.
#[server(prefix = "/_fn", endpoint = "admin/reset_second_factor")]
pub(crate) async fn reset_second_factor(id: Uuid) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let users = services.users();
    let done = users.reset_second_factor(&caller, id.into()).await;
    done.map_err(fail)?;
    go_to(&page_of(id, "second-factor"));
    Ok(())
}

/// Deletes an account with everything in it, once its handle was typed.
#[server(prefix = "/_fn", endpoint = "admin/delete")]
pub(crate) async fn delete_user(id: Uuid, handle: String) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let users = services.users();
    let done = users.delete(&caller, id.into(), Some(&handle)).await;
    done.map_err(fail)?;
    go_to("/admin/users?done=deleted");
    Ok(())
}

#[cfg(feature = "ssr")]
async fn change(id: Uuid, patch: &wire::UserPatch) -> Result<(), AppError> {
    use crate::server_context::{context, fail, go_to};
    let (services, caller) = context()?;
    let done = services.users().update(&caller, id.into(), patch).await;
    done.map_err(fail)?;
    go_to(&page_of(id, "saved"));
    Ok(())
}

#[cfg(feature = "ssr")]
fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What is wanted, where it is something else than what was shown.
#[cfg(feature = "ssr")]
fn other<T: PartialEq>(wanted: T, shown: &T) -> Option<T> {
    (wanted != *shown).then_some(wanted)
}

#[cfg(feature = "ssr")]
fn page_of(id: Uuid, done: &str) -> String {
    format!("/admin/users/{id}?done={done}")
}

#[cfg(feature = "ssr")]
fn bytes(room: &str, unit: &str) -> Result<i64, domain::Error> {
    crate::room::parse(room, unit).ok_or_else(|| {
        domain::Error::invalid(
            "room",
            "The room for documents is a number such as `500` or `1.5`, with its unit.",
        )
    })
}

#[cfg(feature = "ssr")]
fn tokens(text: &str) -> Result<i64, domain::Error> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    digits.parse().map_err(|_| {
        domain::Error::invalid(
            "monthly_tokens",
            "The budget is a whole number of tokens, or empty for any number.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_may_be_typed_as_it_is_shown() {
        assert_eq!(tokens("1,000,000"), Ok(1_000_000));
        assert_eq!(tokens("5 000"), Ok(5_000));
        for refused in ["", "many", "1.5", "99999999999999999999"] {
            assert!(tokens(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn room_needs_a_number_and_a_unit() {
        assert_eq!(bytes("1.5", "GB"), Ok(1_500_000_000));
        assert_eq!(bytes("much", "GB").unwrap_err().fields[0].field, "room");
    }
}
