//! The filing settings, and what goes before an owner's choice.

use crate::{Database, Error, UnitOfWork, ai_budget::assigned};
use domain::{FilingRules, Month, ProviderName, UserId};

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

/// All that decides who files an owner's documents.
#[derive(Clone, Debug, Default)]
pub struct StoredFiling {
    /// What the owner chose.
    pub settings: StoredSettings,
    /// What goes before that.
    pub rules: FilingRules,
    /// How many tokens were sent for them in the month that was asked for.
    pub used_tokens: i64,
}

impl Database {
    /// What decides who files an owner's documents, the defaults where nothing was set; `None` without an
    /// account. Nothing of a disabled account is sent anywhere.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn filing(&self, owner: UserId, month: Month) -> Result<Option<StoredFiling>, Error> {
        let row = sqlx::query!(
            r#"
            SELECT s.active_provider AS "active_provider?", s.system_prompt AS "system_prompt?",
                   u.ai_provider, u.ai_model, u.ai_local_only OR NOT u.is_active AS "local_only!", u.ai_monthly_tokens,
                   COALESCE(a.tokens, 0) AS "tokens!",
                   ARRAY(SELECT provider FROM filing_providers p WHERE p.user_id = u.id ORDER BY provider)
                       AS "providers!",
                   ARRAY(SELECT model FROM filing_providers p WHERE p.user_id = u.id ORDER BY provider)
                       AS "models!: Vec<Option<String>>",
                   ARRAY(SELECT api_key_enc FROM filing_providers p WHERE p.user_id = u.id ORDER BY provider)
                       AS "api_keys!: Vec<Option<Vec<u8>>>"
              FROM users u
              LEFT JOIN filing_settings s ON s.user_id = u.id
              LEFT JOIN ai_usage a ON a.user_id = u.id AND a.month = $2
             WHERE u.id = $1
            "#,
            owner.0,
            month.first_day(),
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let set = row.providers.into_iter().zip(row.models).zip(row.api_keys);
        Ok(Some(StoredFiling {
            settings: StoredSettings {
                active_provider: ProviderName::parse(&row.active_provider.unwrap_or_default())
                    .unwrap_or_default(),
                system_prompt: row.system_prompt.unwrap_or_default(),
                providers: set
                    .filter_map(|((provider, model), api_key_enc)| {
                        Some(StoredProvider {
                            provider: ProviderName::parse(&provider)?,
                            model,
                            api_key_enc,
                        })
                    })
                    .collect(),
            },
            rules: FilingRules {
                assigned: assigned(row.ai_provider.as_deref(), row.ai_model),
                local_only: row.local_only,
                monthly_tokens: row.ai_monthly_tokens,
            },
            used_tokens: row.tokens,
        }))
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
