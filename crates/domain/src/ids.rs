//! Typed ids, so that a topic's id can never be handed over where a document's is wanted.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// A document: one uploaded file and everything known about it.
    DocumentId
);
id!(
    /// A topic: one heading under which its owner files documents.
    TopicId
);
id!(
    /// A piece of background work.
    JobId
);
id!(
    /// One act on many documents' filing.
    FilingBatchId
);
id!(
    /// A sign-in on one device.
    SessionId
);
id!(
    /// A personal token for a program.
    ApiTokenId
);
id!(
    /// A passkey.
    PasskeyId
);
