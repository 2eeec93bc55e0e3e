//! The filing settings.

use crate::{Database, Error, UnitOfWork};
use domain::{ProviderName, UserId};

/// An owner's filing settings as stored.
#[derive(Clone, Debug, Default)]
pub struct StoredSettings {
    /// The provider to file with.
    pub active_provider: ProviderName,
    /// Added to what the provider is told.
    pub system_prompt: String,
    /// What was set for each provider.
    pub providers: Vec<StoredProvider>,
}

/// What an owner set for one provider.
#[derive(Clone, Debug)]
pub struct StoredProvider {
    /// Which.
    pub provider: ProviderName,
    /// The model to use.
    pub model: Option<String>,
    /// The API key, encrypted.
    pub api_key_enc: Option<Vec<u8>>,
}

impl Database {
    /// An owner's filing settings; the defaults when nothing was set.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn filing_settings(&self, owner: UserId) -> Result<StoredSettings, Error> {
        let owner = owner.0;
        let row = sqlx::query!(
            "SELECT active_provider, system_prompt FROM filing_settings WHERE user_id = $1",
            owner,
        )
        .fetch_optional(&self.pool)
        .await?;
        let providers = sqlx::query!(
            "SELECT provider, model, api_key_enc FROM filing_providers WHERE user_id = $1",
            owner,
        )
        .fetch_all(&self.pool)
        .await?;
        let (active, system_prompt) = row
            .map(|row| (row.active_provider, row.system_prompt))
            .unwrap_or_default();
        Ok(StoredSettings {
            active_provider: ProviderName::parse(&active).unwrap_or_default(),
            system_prompt,
            providers: providers
                .into_iter()
                .filter_map(|row| {
                    Some(StoredProvider {
                        provider: ProviderName::parse(&row.provider)?,
                        model: row.model,
                        api_key_enc: row.api_key_enc,
                    })
                })
                .collect(),
        })
    }
}

impl UnitOfWork {
    /// Changes what is given of an owner's filing settings.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn update_filing_settings(
        &mut self,
        owner: UserId,
        active_provider: Option<ProviderName>,
        system_prompt: Option<&str>,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO filing_settings (user_id, active_provider, system_prompt)
             VALUES ($1, COALESCE($2, 'local'), COALESCE($3, ''))
             ON CONFLICT (user_id) DO UPDATE
                SET active_provider = COALESCE($2, filing_settings.active_provider),
                    system_prompt = COALESCE($3, filing_settings.system_prompt), updated_at = now()",
            owner.0,
            active_provider.map(ProviderName::as_str),
            system_prompt,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Sets a provider's model; `None` goes back to the default.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn set_provider_model(
        &mut self,
        owner: UserId,
        provider: ProviderName,
        model: Option<&str>,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO filing_providers (user_id, provider, model) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, provider) DO UPDATE SET model = EXCLUDED.model, updated_at = now()",
            owner.0,
            provider.as_str(),
            model,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Sets a provider's API key, encrypted; `None` removes it.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn set_provider_key(
        &mut self,
        owner: UserId,
        provider: ProviderName,
        api_key_enc: Option<&[u8]>,
    ) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO filing_providers (user_id, provider, api_key_enc) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, provider) DO UPDATE SET api_key_enc = EXCLUDED.api_key_enc, updated_at = now()",
            owner.0,
            provider.as_str(),
            api_key_enc,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
