//! The log as people read it: one's own, and for admins everybody's, without names of documents.

use crate::{Services, fault};
use database::ActsWanted;
use domain::{
    AuditEvent, Caller, Error, LoggedAct, PerPage, UserId,
    policy::{Action, authorise, authorise_owner},
};

const DEFAULT_PER_PAGE: i64 = 50;

/// The use cases of reading the log.
pub struct Activity<'a> {
    pub(crate) services: &'a Services,
}

impl Activity<'_> {
    /// What the caller did, and what was done to their account, newest first.
    ///
    /// # Errors
    /// `Forbidden` for tokens of a narrow scope; `Invalid` for a kind or cursor that can't be.
    pub async fn own(
        &self,
        caller: &Caller,
        query: &wire::ActivityQuery,
    ) -> Result<wire::Activity, Error> {
        let owner = authorise_owner(caller, Action::ReadActivity)?;
        let wanted = wanted(&query.kind, &query.cursor, query.per_page)?;
        let acts = self.of(owner, Some(owner), wanted).await?;
        Ok(page(
            acts.into_iter().map(|act| for_owner(act, owner)).collect(),
            wanted,
        ))
    }

    /// What everybody did, or one person did and what was done to their account, newest first.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `Invalid` for a person, kind or cursor that can't be.
    pub async fn everybodys(
        &self,
        caller: &Caller,
        query: &wire::EverybodysActivityQuery,
    ) -> Result<wire::Activity, Error> {
        authorise(caller, Action::RunVault)?;
        let wanted = wanted(&query.kind, &query.cursor, query.per_page)?;
        let person = query.person.as_deref().map(str::trim);
        match person.filter(|person| !person.is_empty()) {
            Some(person) => {
                let account = self.account(person).await?;
                Ok(page(self.of(account, None, wanted).await?, wanted))
            }
            None => {
                let database = &self.services.parts.database;
                let acts = database.acts_of_everybody(wanted).await;
                Ok(page(acts.map_err(fault::of_database)?, wanted))
            }
        }
    }

    async fn of(
        &self,
        account: UserId,
        reader: Option<UserId>,
        wanted: ActsWanted<'_>,
    ) -> Result<Vec<LoggedAct>, Error> {
        let database = &self.services.parts.database;
        let acts = database.acts_of(account, reader, wanted).await;
        acts.map_err(fault::of_database)
    }

    /// Whose handle or id that is. An id need not be anybody's any more.
    async fn account(&self, person: &str) -> Result<UserId, Error> {
        if let Ok(id) = person.parse::<UserId>() {
            return Ok(id);
        }
        let found = match person.contains('\0') {
            true => None,
            false => {
                let handle = person.to_lowercase();
                let found = self.services.parts.database.account_called(&handle).await;
                found.map_err(fault::of_database)?
            }
        };
        found.ok_or_else(|| {
            Error::invalid(
                "person",
                "Nobody has this handle. For an account that is gone, give its id.",
            )
        })
    }
}

/// Where another account acted from, an admin's say, is not the owner's to know. Without an account it is:
/// somebody tried to sign in.
fn for_owner(act: LoggedAct, owner: UserId) -> LoggedAct {
    match act.actor {
        Some(actor) if actor != owner.0 => LoggedAct {
            address: None,
            device: None,
            request_id: None,
            ..act
        },
        _ => act,
    }
}

fn page(acts: Vec<LoggedAct>, wanted: ActsWanted<'_>) -> wire::Activity {
    wire::Activity::new(acts, usize::try_from(wanted.limit).unwrap_or(usize::MAX))
}

fn wanted<'a>(
    kind: &'a Option<String>,
    cursor: &Option<String>,
    per_page: Option<i64>,
) -> Result<ActsWanted<'a>, Error> {
    let kind = kind.as_deref().filter(|kind| !kind.is_empty());
    if kind.is_some_and(|kind| !AuditEvent::kinds().contains(&kind)) {
        let known = AuditEvent::kinds().join("`, `");
        return Err(Error::invalid(
            "kind",
            format!("`kind` is one of `{known}`."),
        ));
    }
    let cursor = cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let before = cursor
        .map(|cursor| match cursor.parse() {
            Ok(place) if place >= 1 => Ok(place),
            _ => Err(Error::invalid(
                "cursor",
                "`cursor` is what `next_cursor` of the page before said.",
            )),
        })
        .transpose()?;
    Ok(ActsWanted {
        kind,
        before,
        limit: i64::from(PerPage::parse(per_page.unwrap_or(DEFAULT_PER_PAGE))?.get()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kinds_and_places_that_can_be_are_taken() {
        let asked = |kind: &str, cursor: &str| {
            wanted(&Some(kind.to_owned()), &Some(cursor.to_owned()), None)
                .map(|wanted| (wanted.kind.map(str::to_owned), wanted.before, wanted.limit))
        };
        assert_eq!(asked("", ""), Ok((None, None, 50)));
        assert_eq!(
            asked("document", "7"),
            Ok((Some("document".to_owned()), Some(7), 50))
        );
        for (kind, cursor, field) in [
            ("documents", "", "kind"),
            ("document.created", "", "kind"),
            ("document", "0", "cursor"),
            ("document", "-1", "cursor"),
            ("document", "x", "cursor"),
            ("document", "99999999999999999999", "cursor"),
        ] {
            assert_eq!(asked(kind, cursor).unwrap_err().fields[0].field, field);
        }
    }
}
