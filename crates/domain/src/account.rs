//! Accounts: what people are called, what they may do, and what they signed in with.

use crate::{ApiTokenId, Error, SessionId, UserId};
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr};
use time::OffsetDateTime;

/// The name by which others know a person: 2 to 32 of `a`-`z`, `0`-`9`, `-`, `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    /// Takes a handle; capitals become small.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let handle = raw.trim().to_ascii_lowercase();
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let begins_well =
            handle.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !(2..=32).contains(&handle.len()) || !begins_well || !handle.chars().all(allowed) {
            return Err(Error::invalid(
                "handle",
                "A handle has 2 to 32 letters (a to z), digits, `-` or `_`, and begins with a letter or digit.",
            ));
        }
        Ok(Self(handle))
    }

    /// The handle.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, in lower case: two accounts can't differ in capitals alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Takes an address of the usual form (RFC 5321 without quoted local parts and address literals).
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn parse(raw: &str) -> Result<Self, Error> {
        let address = raw.trim().to_lowercase();
        let good = address
            .split_once('@')
            .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if !good || address.len() > 254 {
            return Err(Error::invalid(
                "email",
                "That is no e-mail address. It looks like `name@example.org`.",
            ));
        }
        Ok(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 5322 `dot-atom`, and letters beyond ASCII (RFC 6531).
fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    local.len() <= 64
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(allowed))
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    })
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an account is in its vault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Has documents of its own.
    #[default]
    User,
    /// Looks after the vault and its accounts, too. Sees nobody else's documents.
    Admin,
}

impl Role {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// From how it is stored and sent.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::User, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == word)
    }
}

/// How much of what its owner may do a sign-in allows. Each allows what the one before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To look.
    Read,
    /// To change documents, topics and settings.
    Write,
    /// Everything: the account itself, and the vault's accounts when it is an admin's.
    Admin,
}

impl Scope {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// From how it is stored and sent.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin]
            .into_iter()
            .find(|scope| scope.as_str() == word)
    }
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registration {
    /// Anybody.
    Open,
    /// Whoever was invited.
    #[default]
    Invite,
    /// Nobody.
    Closed,
}

impl Registration {
    /// As it stands in the settings and is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }

    /// From how it stands in the settings.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Invite, Self::Closed]
            .into_iter()
            .find(|registration| registration.as_str() == word)
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// What others know it by.
    pub handle: Handle,
    /// Where its mail goes.
    pub email: EmailAddress,
    /// What it is in the vault.
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
    /// Whether signing in takes a code of an authenticator app.
    pub totp_enabled: bool,
    /// How many bytes its documents take.
    pub used_bytes: i64,
    /// How many they may take.
    pub limit_bytes: i64,
    /// Since when it exists.
    pub created_at: OffsetDateTime,
}

/// A sign-in on a device, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What the browser called itself.
    pub device: String,
    /// Where it was last used from.
    pub address: Option<IpAddr>,
    /// Since when.
    pub created_at: OffsetDateTime,
    /// Last seen, to within a minute.
    pub last_used_at: OffsetDateTime,
}

/// A token for a program, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// What it allows.
    pub scope: Scope,
    /// Until when it is good; `None` for as long as it is there.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<OffsetDateTime>,
    /// Since when it exists.
    pub created_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_a_plain_word() {
        assert_eq!(Handle::parse(" Ada_9 ").unwrap().as_str(), "ada_9");
        let long = "a".repeat(33);
        for refused in ["", "a", "-ada", "ada lovelace", "ädä", "a/b", "<b>", &long] {
            assert!(Handle::parse(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for good in [
            "a@b",
            "Ada.Byron+vault@Example.ORG",
            "jürgen@müller.example",
        ] {
            let address = EmailAddress::parse(good).unwrap();
            assert_eq!(address.as_str(), good.to_lowercase());
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for refused in [
            "",
            "ada",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a@-b",
            "a@b..c",
            ".a@b",
            "a@b\r\nBcc: c@d",
            "\"a\"@b",
            "<a@b>",
            &long,
        ] {
            assert!(EmailAddress::parse(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_wider_scope_allows_what_a_narrower_one_does() {
        assert!(Scope::Read < Scope::Write && Scope::Write < Scope::Admin);
    }
}
