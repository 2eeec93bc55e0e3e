//! What goes before an owner's choice of a provider: an admin's, and their own word that nothing is sent.

use crate::{Services, fault};
use database::{StoredFiling, StoredSettings};
use domain::{Error, FilingRules, Kind, ProviderName, UserId};

impl Services {
    /// All that decides who files an owner's documents, with this month's count of tokens.
    pub(crate) async fn stored_filing(&self, owner: UserId) -> Result<StoredFiling, Error> {
        let database = &self.parts.database;
        let stored = database.filing(owner, self.this_month()).await;
        // Whose account is gone can't be asked whether a text may be sent anywhere.
        let nothing_is_sent = || StoredFiling {
            rules: FilingRules {
                local_only: true,
                ..FilingRules::default()
            },
            ..StoredFiling::default()
        };
        Ok(stored
            .map_err(fault::of_database)?
            .unwrap_or_else(nothing_is_sent))
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
        let rules = self.stored_filing(owner).await?.rules;
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
