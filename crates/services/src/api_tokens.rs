//! Personal tokens for programs.

use crate::{Services, fault, notices::Notice};
use auth::{OpaqueToken, TokenKind};
use domain::{
    ApiToken, ApiTokenId, AuditEvent, Caller, Error, Kind, Scope, SignIn,
    policy::{Action, authorise_owner},
};
use time::Duration;
use uuid::Uuid;

const MAX_NAME_CHARS: usize = 80;

/// How many tokens an account may have.
const MOST: i64 = 50;

/// The longest that a token may be good, in days.
const MAX_DAYS: i64 = 3650;

/// The use cases of personal tokens.
pub struct ApiTokens<'a> {
    pub(crate) services: &'a Services,
}

impl ApiTokens<'_> {
    /// The caller's tokens, the newest first.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ApiToken>, Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        self.services
            .parts
            .database
            .api_tokens(user)
            .await
            .map_err(fault::of_database)
    }

    /// Makes a token. It is shown this once.
    ///
    /// # Errors
    /// `Invalid`; `Conflict` for a name that another of the caller's tokens has.
    pub async fn create(
        &self,
        caller: &Caller,
        request: &wire::NewApiToken,
    ) -> Result<(ApiToken, OpaqueToken), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let now = self.services.now();
        let secret = OpaqueToken::generate(TokenKind::Api);
        let token = ApiToken {
            id: ApiTokenId(Uuid::now_v7()),
            name: name(&request.name)?,
            hint: secret.hint().to_owned(),
            scope: Scope::parse(&request.scope)
                .ok_or_else(|| Error::invalid("scope", "A scope is `read`, `write` or `admin`."))?,
            expires_at: request
                .expires_in_days
                .map(|days| match days {
                    1..=MAX_DAYS => Ok(now + Duration::days(days)),
                    _ => Err(Error::invalid(
                        "expires_in_days",
                        "A token is good for 1 to 3,650 days, or without end when none are given.",
                    )),
                })
                .transpose()?,
            last_used_at: None,
            created_at: now,
        };
        self.check_end(caller, &token).await?;
        let mut work = self.services.begin().await?;
        let written = work
            .insert_api_token(user, &token, secret.hash().as_bytes(), MOST)
            .await
            .map_err(of_write)?;
        if !written {
            return Err(Error::new(
                Kind::Conflict,
                "too_many_tokens",
                "You have 50 tokens, the most there may be. Remove one that is not used any more.",
            ));
        }
        let entry = caller
            .did(AuditEvent::ApiTokenCreated, token.id.0)
            .noting(token.scope.as_str());
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.services.notify(caller, user, Notice::ApiTokenCreated);
        Ok((token, secret))
    }

    /// A token that was made with a token ends no later than that one: whoever copied one for a day has
    /// it for that day.
    async fn check_end(&self, caller: &Caller, token: &ApiToken) -> Result<(), Error> {
        let Some(SignIn::ApiToken(own)) = caller.identity().map(|identity| identity.sign_in) else {
            return Ok(());
        };
        let tokens = self.list(caller).await?;
        let own = tokens.iter().find(|token| token.id == own);
        let end = own.ok_or_else(Error::unauthenticated)?.expires_at;
        if end.is_some_and(|end| token.expires_at.is_none_or(|new| new > end)) {
            return Err(Error::invalid(
                "expires_in_days",
                "A token that is made with a token ends no later than that one. Sign in to make a longer one.",
            ));
        }
        Ok(())
    }

    /// Removes a token; it stops at once.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: ApiTokenId) -> Result<(), Error> {
        let user = authorise_owner(caller, Action::ManageAccount)?;
        let mut work = self.services.begin().await?;
        let found = work
            .delete_api_token(user, id)
            .await
            .map_err(fault::of_database)?;
        if !found {
            return Err(Error::not_found(
                "token_not_found",
                "There is no such token. It may have been removed already.",
            ));
        }
        let entry = caller.did(AuditEvent::ApiTokenDeleted, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }
}

fn name(raw: &str) -> Result<String, Error> {
    let name = raw.trim();
    if name.is_empty()
        || name.chars().count() > MAX_NAME_CHARS
        || name.chars().any(char::is_control)
    {
        return Err(Error::invalid(
            "name",
            "Give the token a name of at most 80 characters on one line.",
        ));
    }
    Ok(name.to_owned())
}

fn of_write(error: database::Error) -> Error {
    match error {
        database::Error::Conflict(_) => Error {
            kind: Kind::Conflict,
            code: "token_name_taken",
            ..Error::invalid(
                "name",
                "You have a token of this name already. Choose another.",
            )
        },
        error => fault::of_database(error),
    }
}
