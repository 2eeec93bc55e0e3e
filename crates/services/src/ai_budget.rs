//! How many tokens of an account's texts may be sent to providers in a month.
//!
//! Before a text is sent an estimate is set aside; afterwards the count is corrected to what the
//! provider says that it took. Of several jobs at once no more are let through than the budget holds,
//! so it is exceeded by no more than the estimates fell short. A process that dies on the way leaves
//! its estimate counted: rather too much than too little.

use crate::{Services, fault};
use classification::Spent;
use domain::{Error, Month, ProviderName, UserId};

/// The most that one call is believed to have taken. No model takes as much.
const MAX_CALL_TOKENS: u64 = 10_000_000;

/// A part of a month's budget, set aside for one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reserved {
    owner: UserId,
    month: Month,
    tokens: i64,
}

impl Services {
    /// Sets so many tokens aside; `None` when that is more than is left.
    pub(crate) async fn reserve_tokens(
        &self,
        owner: UserId,
        estimate: u64,
    ) -> Result<Option<Reserved>, Error> {
        let reserved = Reserved {
            owner,
            month: self.this_month(),
            tokens: bounded(estimate),
        };
        let done = self
            .parts
            .database
            .reserve_tokens(owner, reserved.month, reserved.tokens)
            .await
            .map_err(fault::of_database)?;
        Ok(done.then_some(reserved))
    }

    /// Corrects what was set aside to what the call took. The answer is there by now and was paid for:
    /// if the count can't be corrected, that must not have it asked for again.
    pub(crate) async fn settle_tokens(&self, reserved: Reserved, spent: Spent) {
        let took = match spent {
            Spent::Unknown => return,
            Spent::Nothing => 0,
            Spent::Tokens(tokens) => bounded(tokens),
        };
        let Reserved {
            owner,
            month,
            tokens,
        } = reserved;
        let database = &self.parts.database;
        if let Err(error) = database.correct_tokens(owner, month, took - tokens).await {
            tracing::warn!(%error, "a month's count of tokens stays at an estimate");
        }
    }

    /// Counts a call for the owner's own overview; the budget does not hang on it.
    pub(crate) async fn count_call(
        &self,
        owner: UserId,
        provider: ProviderName,
        tokens: Option<u64>,
    ) {
        let (database, month) = (&self.parts.database, self.this_month());
        let tokens = bounded(tokens.unwrap_or_default());
        if let Err(error) = database.count_call(owner, month, provider, tokens).await {
            tracing::warn!(%error, "a call of a provider was not counted");
        }
    }

    /// What is shown at a document for which nothing is left of the budget.
    pub(crate) fn budget_used_up(&self, provider: ProviderName) -> String {
        used_up(provider, self.this_month())
    }
}

fn bounded(tokens: u64) -> i64 {
    i64::try_from(tokens.min(MAX_CALL_TOKENS)).unwrap_or_default()
}

fn used_up(provider: ProviderName, month: Month) -> String {
    let day = month.renewed_on();
    format!(
        "This month's budget for {} is used up: what is left is not enough for this document. It begins anew on \
         {} {} {}; classify again then, or ask the vault's admin for more.",
        provider.spoken(),
        day.day(),
        day.month(),
        day.year(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn it_says_when_there_is_more() {
        let sentence = used_up(
            ProviderName::Openai,
            Month::of(datetime!(2026-12-31 12:00 UTC)),
        );
        assert!(sentence.starts_with("This month's budget for OpenAI is used up"));
        assert!(sentence.contains("on 1 January 2027;"), "{sentence}");
    }

    #[test]
    fn no_provider_can_make_the_count_overflow() {
        assert_eq!(bounded(u64::MAX), 10_000_000);
        assert_eq!(bounded(540), 540);
    }
}
