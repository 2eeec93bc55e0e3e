//! Every secret at rest, wherever it is kept: for sealing them anew when the vault's secret changes.

use crate::{Database, Error};
use domain::{ProviderName, UserId};

/// Where a sealed secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedPlace {
    /// An account's key of a filing provider.
    FilingKey(UserId, ProviderName),
    /// The secret that an account shares with an authenticator app.
    Totp(UserId),
}

impl Database {
    /// Every sealed secret, with where it is kept.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn sealed_secrets(&self) -> Result<Vec<(SealedPlace, Vec<u8>)>, Error> {
        let keys = sqlx::query!(
            r#"SELECT user_id, provider, api_key_enc AS "sealed!" FROM filing_providers
                WHERE api_key_enc IS NOT NULL"#
        )
        .fetch_all(&self.pool)
        .await?;
        let secrets = sqlx::query!(
            r#"SELECT id, totp_secret AS "sealed!" FROM users WHERE totp_secret IS NOT NULL"#
        )
        .fetch_all(&self.pool)
        .await?;
        let keys = keys.into_iter().filter_map(|row| {
            let provider = ProviderName::parse(&row.provider)?;
            let place = SealedPlace::FilingKey(UserId(row.user_id), provider);
            Some((place, row.sealed))
        });
        let secrets = secrets
            .into_iter()
            .map(|row| (SealedPlace::Totp(UserId(row.id)), row.sealed));
        Ok(keys.chain(secrets).collect())
    }

    /// Keeps a secret in its new seal, unless it was changed since. Whether that was done.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn replace_sealed(
        &self,
        place: SealedPlace,
        sealed: &[u8],
        anew: &[u8],
    ) -> Result<bool, Error> {
        let done = match place {
            SealedPlace::FilingKey(owner, provider) => sqlx::query!(
                "UPDATE filing_providers SET api_key_enc = $4
                  WHERE user_id = $1 AND provider = $2 AND api_key_enc = $3",
                owner.0,
                provider.as_str(),
                sealed,
                anew,
            ),
            SealedPlace::Totp(user) => sqlx::query!(
                "UPDATE users SET totp_secret = $3 WHERE id = $1 AND totp_secret = $2",
                user.0,
                sealed,
                anew,
            ),
        }
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
