//! The log of who did what: every change, every reading of a document's bytes, every matter of security.

use crate::{Caller, UserId};
use std::net::IpAddr;
use uuid::Uuid;

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AuditEvent {
            $($(#[$doc])* $name,)*
        }

        impl AuditEvent {
            /// Every event.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As it is stored and sent.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

events! {
    /// An account was made.
    AccountCreated = "account.created",
    /// An account was deleted, with all its documents.
    AccountDeleted = "account.deleted",
    /// Handle or address changed.
    AccountChanged = "account.changed",
    /// An admin changed an account: role, quota, provider, whether it is active.
    AccountAdministered = "account.administered",
    /// An invitation was made.
    InvitationCreated = "invitation.created",
    /// Somebody signed in.
    SignedIn = "session.created",
    /// The password was right, and a second factor was asked for.
    SecondFactorWanted = "session.second_factor_wanted",
    /// A sign-in was refused.
    SignInRefused = "session.refused",
    /// A session ended: signed out, here or from elsewhere.
    SessionRevoked = "session.revoked",
    /// An old refresh token came back: its session was ended.
    RefreshTokenReused = "session.token_reused",
    /// The password was changed.
    PasswordChanged = "password.changed",
    /// A link to choose a new password was asked for.
    PasswordResetRequested = "password.reset_requested",
    /// A second factor was switched on.
    SecondFactorEnabled = "second_factor.enabled",
    /// A second factor was switched off, by its owner or an admin.
    SecondFactorDisabled = "second_factor.disabled",
    /// New recovery codes were made.
    RecoveryCodesCreated = "recovery_codes.created",
    /// A passkey was added.
    PasskeyCreated = "passkey.created",
    /// A passkey got another name.
    PasskeyChanged = "passkey.changed",
    /// A passkey was removed.
    PasskeyDeleted = "passkey.deleted",
    /// A token for a program was made.
    ApiTokenCreated = "api_token.created",
    /// A token for a program was removed.
    ApiTokenDeleted = "api_token.deleted",
    /// A document was uploaded.
    DocumentCreated = "document.created",
    /// A document's bytes were read.
    DocumentRead = "document.read",
    /// A document's topics were set by a person.
    DocumentFiled = "document.filed",
    /// Filing or reading a document again was asked for.
    DocumentProcessingRequested = "document.processing_requested",
    /// A document was deleted.
    DocumentDeleted = "document.deleted",
    /// A topic was made.
    TopicCreated = "topic.created",
    /// A topic was changed.
    TopicChanged = "topic.changed",
    /// A topic was deleted.
    TopicDeleted = "topic.deleted",
    /// The filing settings were changed.
    SettingsChanged = "settings.changed",
    /// A look through the store was asked for.
    ScrubRequested = "scrub.requested",
}

/// One entry, before it is written. It becomes part of the chain of the account that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// What happened.
    pub event: AuditEvent,
    /// Whose account or rows it is about; `None` when it belongs to no account.
    pub subject: Option<UserId>,
    /// Who did it.
    pub actor: Option<UserId>,
    /// What it was done to.
    pub resource: Option<Uuid>,
    /// From where.
    pub address: Option<IpAddr>,
    /// With what: what the client called itself.
    pub device: Option<String>,
    /// In which request.
    pub request_id: String,
    /// What else is worth knowing: never a secret, never a document's content.
    pub note: Option<String>,
}

impl Caller {
    /// An entry about something that this caller did to what is their own.
    pub fn did(&self, event: AuditEvent, resource: impl Into<Option<Uuid>>) -> AuditEntry {
        let actor = self.identity().map(|identity| identity.user);
        AuditEntry {
            event,
            subject: actor,
            actor,
            resource: resource.into(),
            address: self.address,
            device: Some(self.device.clone()).filter(|device| !device.is_empty()),
            request_id: self.request_id.clone(),
            note: None,
        }
    }

    /// An entry about something that this caller did, or tried, to that account.
    pub fn did_to(&self, subject: UserId, event: AuditEvent) -> AuditEntry {
        AuditEntry {
            subject: Some(subject),
            ..self.did(event, subject.0)
        }
    }
}

impl AuditEntry {
    /// With a remark.
    #[must_use]
    pub fn noting(self, note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AuditEvent;
    use std::collections::HashSet;

    #[test]
    fn every_event_has_a_word_of_its_own() {
        let words: HashSet<_> = AuditEvent::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(words.len(), AuditEvent::ALL.len());
    }
}
