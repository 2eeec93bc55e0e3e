//! Administration: everybody's accounts, as admins see and change them. What is in an account
//! (documents, topics, texts, keys) is nowhere here.
//!
//! Every change is made in a unit of work that first locks the admins' rows, so that the vault always
//! keeps an admin who can sign in, and whoever stopped being one a moment ago changes nothing more.

mod changes;

use crate::{Services, accounts::of_account_write, fault, notices::Notice};
use database::{ActiveAdmin, NewUser, UnitOfWork};
use domain::{
    AuditEvent, Caller, EmailAddress, Error, Handle, Kind, ManagedUser, Month, Page, PerPage,
    UserId,
    policy::{Action, authorise},
};
use secrecy::SecretString;
use time::Duration;
use uuid::Uuid;

/// How long the owner of an account that an admin made has to choose a password.
const FIRST_PASSWORD_LIFETIME: Duration = Duration::days(7);

/// How long a link to choose a new password works that an admin passes on.
const PASSWORD_LINK_LIFETIME: Duration = Duration::hours(24);

const DEFAULT_PER_PAGE: i64 = 20;

/// The longest text that is searched for: no address is longer.
const MAX_SEARCH_CHARS: usize = 254;

/// The use cases of administration.
pub struct Users<'a> {
    pub(crate) services: &'a Services,
}

fn not_found() -> Error {
    Error::not_found(
        "user_not_found",
        "There is no such account. It may have been deleted.",
    )
}

pub(crate) fn last_admin() -> Error {
    Error::new(
        Kind::Conflict,
        "last_admin",
        "This is the vault's only admin who can sign in. Make somebody else an admin first.",
    )
}

/// Whether the vault would be left without an admin who can sign in if that one went.
pub(crate) fn is_last(admins: &[ActiveAdmin], user: UserId) -> bool {
    let is_one = admins.iter().any(|admin| admin.user == user);
    let others = admins
        .iter()
        .any(|admin| admin.user != user && admin.can_sign_in);
    is_one && !others
}

impl Users<'_> {
    /// One page of accounts, by handle.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `Invalid` for a page that can't be.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &wire::UserQuery,
    ) -> Result<wire::UserList, Error> {
        authorise(caller, Action::ManageUsers)?;
        let page = Page::parse(query.page.unwrap_or(1))?;
        let per_page = PerPage::parse(query.per_page.unwrap_or(DEFAULT_PER_PAGE))?;
        let search = query.search.as_deref().unwrap_or_default().trim();
        if search.chars().count() > MAX_SEARCH_CHARS || search.contains('\0') {
            return Err(Error::invalid(
                "search",
                "Search for a part of a handle or address.",
            ));
        }
        let database = &self.services.parts.database;
        let (users, total) = database
            .managed_users(search, (page, per_page), self.services.this_month())
            .await
            .map_err(fault::of_database)?;
        Ok(wire::UserList {
            users: users.into_iter().map(Into::into).collect(),
            total,
            page: page.get(),
            per_page: per_page.get(),
        })
    }

    /// An account.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`.
    pub async fn get(&self, caller: &Caller, user: UserId) -> Result<ManagedUser, Error> {
        authorise(caller, Action::ManageUsers)?;
        self.services
            .parts
            .database
            .managed_user(user, self.services.this_month())
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)
    }

    /// Makes an account for somebody else, and the link with which they choose its password. Until then
    /// nobody can sign in to it.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `Invalid`; `Conflict` for a handle or address that is taken.
    pub async fn create(
        &self,
        caller: &Caller,
        given: &wire::NewUser,
    ) -> Result<(ManagedUser, SecretString), Error> {
        authorise(caller, Action::ManageUsers)?;
        let default_quota = self.services.parts.accounts.default_quota_bytes;
        let new = NewUser {
            id: UserId(Uuid::now_v7()),
            handle: Handle::parse(&given.handle)?,
            email: EmailAddress::parse(&given.email)?,
            password_hash: None,
            role: changes::role(&given.role)?,
            limit_bytes: changes::limit_bytes(given.limit_bytes.unwrap_or(default_quota))?,
        };
        let (mut work, _) = self.begin(caller).await?;
        work.insert_user(&new).await.map_err(of_account_write)?;
        let link = self
            .services
            .password_reset_link(
                &mut work,
                new.id,
                FIRST_PASSWORD_LIFETIME,
                caller.owner().ok(),
            )
            .await?;
        let entry = caller
            .did_to(new.id, AuditEvent::AccountCreated)
            .noting("by an admin");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok((self.get(caller, new.id).await?, link))
    }

    /// Deletes an account with everything in it, bytes too. `typed` is the handle as somebody typed it
    /// to be sure, where they were asked to.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`; `Invalid` when something else was typed;
    /// `Conflict` for the vault's last admin.
    pub async fn delete(
        &self,
        caller: &Caller,
        user: UserId,
        typed: Option<&str>,
    ) -> Result<(), Error> {
        let account = self.get(caller, user).await?;
        if typed.is_some_and(|typed| typed.trim() != account.handle.as_str()) {
            return Err(Error::invalid(
                "handle",
                "That is not the handle of this account. Nothing was deleted.",
            ));
        }
        let (mut work, admins) = self.begin(caller).await?;
        if is_last(&admins, user) {
            return Err(last_admin());
        }
        work.lock_administered(user)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        work.delete_user(user).await.map_err(fault::of_database)?;
        let entry = caller
            .did_to(user, AuditEvent::AccountDeleted)
            .noting("by an admin");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }

    /// The link with which an account's owner chooses a new password, for an admin to pass on.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`; `Conflict` for an account that is disabled, and
    /// for one's own.
    pub async fn password_link(
        &self,
        caller: &Caller,
        user: UserId,
    ) -> Result<SecretString, Error> {
        authorise(caller, Action::ManageUsers)?;
        somebody_else(caller, user)?;
        let (mut work, account) = self.begin_with(caller, user).await?;
        if !account.is_active {
            return Err(Error::new(
                Kind::Conflict,
                "account_disabled",
                "This account is disabled, so no link would work. Enable it first.",
            ));
        }
        let link = self
            .services
            .password_reset_link(&mut work, user, PASSWORD_LINK_LIFETIME, caller.owner().ok())
            .await?;
        let entry = caller
            .did_to(user, AuditEvent::PasswordResetRequested)
            .noting("by an admin");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(link)
    }

    /// Takes away everything that an account's owner shows beside the password: for somebody who lost
    /// it. Every session ends, for one may have been begun with what was lost. They are told by mail, if
    /// the vault sends any.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`; `Conflict` for one's own.
    pub async fn reset_second_factor(&self, caller: &Caller, user: UserId) -> Result<(), Error> {
        authorise(caller, Action::ManageUsers)?;
        somebody_else(caller, user)?;
        let (mut work, _) = self.begin_with(caller, user).await?;
        work.delete_second_factors(user)
            .await
            .map_err(fault::of_database)?;
        work.revoke_sessions(user, None, self.services.now())
            .await
            .map_err(fault::of_database)?;
        let entry = caller
            .did_to(user, AuditEvent::SecondFactorDisabled)
            .noting("by an admin");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services
            .notify(caller, user, Notice::SecondFactorReset);
        Ok(())
    }

    /// Ends every session of an account. Its tokens for programs stay.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`.
    pub async fn sign_out(&self, caller: &Caller, user: UserId) -> Result<(), Error> {
        authorise(caller, Action::ManageUsers)?;
        let (mut work, _) = self.begin_with(caller, user).await?;
        work.revoke_sessions(user, None, self.services.now())
            .await
            .map_err(fault::of_database)?;
        let entry = caller
            .did_to(user, AuditEvent::SessionRevoked)
            .noting("everywhere, by an admin");
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }

    /// A unit of work in which the caller surely is an admin, and the admins, who can't change until it
    /// ends.
    pub(crate) async fn begin(
        &self,
        caller: &Caller,
    ) -> Result<(UnitOfWork, Vec<ActiveAdmin>), Error> {
        let owner = caller.owner()?;
        let mut work = self.services.begin().await?;
        let admins = work.lock_admins().await.map_err(fault::of_database)?;
        if !admins.iter().any(|admin| admin.user == owner) {
            return Err(Error::forbidden("You are not allowed to do that."));
        }
        Ok((work, admins))
    }

    /// The same, with an account as it is now.
    async fn begin_with(
        &self,
        caller: &Caller,
        user: UserId,
    ) -> Result<(UnitOfWork, domain::Administered), Error> {
        let (mut work, _) = self.begin(caller).await?;
        let account = work
            .lock_administered(user)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        Ok((work, account))
    }
}

/// One's own account asks for one's own password: on the page Account.
fn somebody_else(caller: &Caller, user: UserId) -> Result<(), Error> {
    if caller.owner()? != user {
        return Ok(());
    }
    Err(Error::new(
        Kind::Conflict,
        "own_account",
        "This is your own account. Change how you sign in on the page Account.",
    ))
}

impl Services {
    /// The month by UTC in which tokens are counted now.
    pub(crate) fn this_month(&self) -> Month {
        Month::of(self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admin(user: u128, can_sign_in: bool) -> ActiveAdmin {
        ActiveAdmin {
            user: UserId(Uuid::from_u128(user)),
            can_sign_in,
        }
    }

    #[test]
    fn who_can_not_sign_in_does_not_look_after_a_vault() {
        let id = |n| UserId(Uuid::from_u128(n));
        assert!(is_last(&[admin(1, true)], id(1)));
        assert!(is_last(&[admin(1, true), admin(2, false)], id(1)));
        assert!(!is_last(&[admin(1, true), admin(2, false)], id(2)));
        assert!(!is_last(&[admin(1, true), admin(2, true)], id(1)));
        assert!(!is_last(&[admin(1, true)], id(3)));
    }
}
