//! What goes before an owner's choice of a provider: an admin's, and their own word that nothing is sent.

use crate::{Services, fault};
use database::StoredSettings;
use domain::{Error, FilingRules, Kind, ProviderName, UserId};

impl Services {
    /// An owner's settings, what goes before them, and how many tokens were sent for them this month.
    pub(crate) async fn stored_filing(
        &self,
        owner: UserId,
    ) -> Result<(StoredSettings, FilingRules, i64), Error> {
        let database = &self.parts.database;
        let stored = database
            .filing_settings(owner)
            .await
            .map_err(fault::of_database)?;
        let rules = database
            .filing_rules(owner, self.this_month())
            .await
            .map_err(fault::of_database)?;
        // Whose account is gone can't be asked whether a text may be sent anywhere.
        let (rules, used_tokens) = rules.unwrap_or_else(|| {
            let nothing_is_sent = FilingRules {
                local_only: true,
                ..FilingRules::default()
            };
            (nothing_is_sent, 0)
        });
        Ok((stored, rules, used_tokens))
    }

    /// The choice of a provider, if the owner has one. To say what an admin said is none: forms send
    /// back what they show.
    pub(crate) async fn allowed_provider(
        &self,
        owner: UserId,
        wanted: Option<ProviderName>,
    ) -> Result<Option<ProviderName>, Error> {
        let Some(provider) = wanted else {
            return Ok(None);
        };
        let (_, rules, _) = self.stored_filing(owner).await?;
        match rules.assigned {
            None => Ok(wanted),
            Some(assigned) if assigned.provider == provider => Ok(None),
            Some(assigned) => Err(Error::new(
                Kind::Conflict,
                "provider_assigned",
                format!(
                    "The vault's admin chose who files your documents: {}. Ask them for another provider.",
                    assigned.provider.spoken()
                ),
            )),
        }
    }
}

/// The provider that was chosen: by an admin, else by the owner.
pub(crate) fn chosen(stored: &StoredSettings, rules: &FilingRules) -> ProviderName {
    rules
        .assigned
        .as_ref()
        .map_or(stored.active_provider, |assigned| assigned.provider)
}
