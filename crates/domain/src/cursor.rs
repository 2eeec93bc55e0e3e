//! Where in a list of documents to go on. A page after a cursor costs the same however far down it is,
//! and new documents at the top move nothing.

use crate::{DocumentId, Error};
use std::{fmt, str::FromStr};
use time::OffsetDateTime;

const NANOS_IN_A_MICRO: i128 = 1_000;

/// The place of a document in a list of the newest first: the next page begins after it.
///
/// As text it is the time of its upload in microseconds since 1970, a hyphen and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentCursor {
    /// When that document was uploaded, to the microsecond, as PostgreSQL keeps it.
    pub created_at: OffsetDateTime,
    /// Its id.
    pub id: DocumentId,
}

impl fmt::Display for DocumentCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.created_at.unix_timestamp_nanos() / NANOS_IN_A_MICRO;
        write!(f, "{micros}-{}", self.id.0.simple())
    }
}

impl FromStr for DocumentCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).ok_or_else(|| {
            Error::invalid(
                "cursor",
                "`cursor` is what `next_cursor` of the page before said.",
            )
        })
    }
}

fn parse(text: &str) -> Option<DocumentCursor> {
    let (micros, id) = text.split_once('-')?;
    // An `i64` of microseconds is what PostgreSQL can hold.
    let micros = i128::from(micros.parse::<i64>().ok()?);
    Some(DocumentCursor {
        created_at: OffsetDateTime::from_unix_timestamp_nanos(micros * NANOS_IN_A_MICRO).ok()?,
        id: id.parse().ok()?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was(micros in 0..4_000_000_000_000_000_i64, id: u128) {
            let cursor = DocumentCursor {
                created_at: OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap(),
                id: DocumentId(Uuid::from_u128(id)),
            };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn any_text_is_a_cursor_or_an_error(text in ".{0,80}|-?[0-9]{0,30}-[0-9a-f]{0,40}") {
            if let Ok(cursor) = text.parse::<DocumentCursor>() {
                prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
            }
        }
    }
}
