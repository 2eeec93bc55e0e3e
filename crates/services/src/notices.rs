//! What people are told by mail about their own account, so that nobody changes it behind their back.

use crate::Services;
use domain::{Caller, EmailAddress, User, UserId};
use mail::Mail;

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Its owner changed the password.
    PasswordChanged,
    /// The password was chosen anew with a link.
    PasswordReset,
    /// Signing in takes a second factor from now on.
    SecondFactorEnabled,
    /// Its owner switched the second factor off.
    SecondFactorDisabled,
    /// An admin switched the second factor off.
    SecondFactorReset,
    /// A passkey was added.
    PasskeyCreated,
    /// A token for programs was made.
    ApiTokenCreated,
    /// Another address was asked for.
    AddressRequested,
    /// Mail goes to another address from now on.
    AddressChanged,
}

impl Notice {
    /// The mail's subject.
    fn subject(self) -> &'static str {
        match self {
            Self::PasswordChanged => "Your password was changed",
            Self::PasswordReset => "Your password was chosen anew",
            Self::SecondFactorEnabled => "Your second factor was switched on",
            Self::SecondFactorDisabled | Self::SecondFactorReset => {
                "Your second factor was switched off"
            }
            Self::PasskeyCreated => "A passkey was added",
            Self::ApiTokenCreated => "A token was made",
            Self::AddressRequested => "Another address was asked for",
            Self::AddressChanged => "Your address was changed",
        }
    }

    /// What happened, in full.
    fn sentence(self) -> &'static str {
        match self {
            Self::PasswordChanged => "The password was changed. Every other sign-in has ended.",
            Self::PasswordReset => {
                "A new password was chosen with a link. Every sign-in has ended, and every personal token \
                 is gone."
            }
            Self::SecondFactorEnabled => {
                "A second factor was switched on. Signing in with the password takes a code of the \
                 authenticator app from now on."
            }
            Self::SecondFactorDisabled => {
                "The second factor was switched off. The password alone is enough to sign in."
            }
            Self::SecondFactorReset => {
                "An admin of the vault switched the second factor off. The password alone is enough to sign \
                 in, until you switch it on again."
            }
            Self::PasskeyCreated => {
                "A passkey was added. Whoever has it can sign in without the password."
            }
            Self::ApiTokenCreated => {
                "A personal token was made. A program that has it acts in your name, without your password."
            }
            Self::AddressRequested => {
                "Another e-mail address was asked for. It counts once the link sent there is opened."
            }
            Self::AddressChanged => {
                "The e-mail address was changed. This is the last mail to this one."
            }
        }
    }

    /// What to do for somebody who knows nothing of it.
    fn otherwise(self) -> &'static str {
        match self {
            Self::AddressRequested => {
                "If it was not you, somebody knows your password: sign in and change it, which withdraws \
                 the change."
            }
            Self::SecondFactorEnabled
            | Self::SecondFactorDisabled
            | Self::PasskeyCreated
            | Self::ApiTokenCreated => {
                "If it was not you, change your password, look through the page Account, and tell the \
                 vault's admin."
            }
            Self::SecondFactorReset => "If you did not ask for that, tell the vault's admin.",
            Self::PasswordChanged | Self::PasswordReset | Self::AddressChanged => {
                "If it was not you, tell the vault's admin at once."
            }
        }
    }
}

impl Services {
    /// Tells an account's owner by mail what was done to it, beside the request; call it once it is
    /// done. A vault that sends no mail tells nobody.
    pub(crate) fn notify(&self, caller: &Caller, user: UserId, notice: Notice) {
        if !self.sends_mail() {
            return;
        }
        let (services, caller) = (self.clone(), caller.clone());
        self.tasks.spawn(async move {
            match services.parts.database.user(user).await {
                Ok(Some(account)) => {
                    services.notify_at(&caller, &account, &account.email, notice);
                }
                // Gone by now.
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, account = %user, "account {user} could not be told of a change");
                }
            }
        });
    }

    /// The same, at an address that may no longer be the account's.
    pub(crate) fn notify_at(
        &self,
        caller: &Caller,
        account: &User,
        address: &EmailAddress,
        notice: Notice,
    ) {
        if !self.sends_mail() {
            return;
        }
        let text = format!(
            "{}\n\n{}{}\n\n{}\n",
            notice.sentence(),
            self.where_it_is(account),
            from_where(caller, account.id),
            notice.otherwise(),
        );
        let mail = Mail {
            to: address.to_string(),
            subject: notice.subject().to_owned(),
            text,
        };
        self.post(account.id, mail);
    }

    /// Which account, in which vault.
    fn where_it_is(&self, account: &User) -> String {
        format!(
            "Account: {}\nVault: {}\n",
            account.handle.as_str(),
            self.parts.accounts.public_url
        )
    }
}

/// Where it was done from; an admin's address is nobody else's business.
fn from_where(caller: &Caller, user: UserId) -> String {
    let own = caller
        .identity()
        .is_none_or(|identity| identity.user == user);
    match caller.address {
        Some(address) if own => format!("From: {address}\n"),
        _ => String::new(),
    }
}
