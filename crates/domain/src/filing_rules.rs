//! Who files somebody's documents, and how much may be sent for it.

use crate::ProviderName;
use time::{Date, OffsetDateTime, UtcOffset};

/// The provider that an admin chose for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedProvider {
    /// The provider.
    pub provider: ProviderName,
    /// The model; `None` for what the account's owner set, or the provider's default.
    pub model: Option<String>,
}

/// What goes before an owner's own choice of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilingRules {
    /// What an admin chose; `None` when the owner chooses.
    pub assigned: Option<AssignedProvider>,
    /// The owner's own word that no text may go anywhere but to the built-in provider.
    pub local_only: bool,
    /// How many tokens providers may be sent in a month; `None` for any number.
    pub monthly_tokens: Option<i64>,
}

impl FilingRules {
    /// Who files, when the owner chose that provider. Their wish to send nothing goes before all else.
    pub fn in_use(&self, chosen: ProviderName) -> ProviderName {
        if self.local_only {
            return ProviderName::Local;
        }
        self.assigned
            .as_ref()
            .map_or(chosen, |assigned| assigned.provider)
    }

    /// The model that was chosen together with that provider.
    pub fn model(&self, provider: ProviderName) -> Option<&str> {
        self.assigned
            .as_ref()
            .filter(|assigned| assigned.provider == provider)?
            .model
            .as_deref()
    }
}

/// A month by UTC, in which tokens are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month of that moment.
    pub fn of(at: OffsetDateTime) -> Self {
        let date = at.to_offset(UtcOffset::UTC).date();
        Self(date.replace_day(1).unwrap_or(date))
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.0
    }

    /// The first day of the month after it: when counting begins anew.
    pub fn renewed_on(self) -> Date {
        let next = self.0.month().next();
        let year = self.0.year() + i32::from(next == time::Month::January);
        Date::from_calendar_date(year, next, 1).unwrap_or(Date::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn assigned(provider: ProviderName) -> FilingRules {
        FilingRules {
            assigned: Some(AssignedProvider {
                provider,
                model: Some("small".to_owned()),
            }),
            ..FilingRules::default()
        }
    }

    #[test]
    fn an_admins_choice_goes_before_the_owners() {
        let free = FilingRules::default();
        assert_eq!(free.in_use(ProviderName::Ollama), ProviderName::Ollama);
        let bound = assigned(ProviderName::Openai);
        assert_eq!(bound.in_use(ProviderName::Ollama), ProviderName::Openai);
    }

    #[test]
    fn nothing_goes_before_the_owners_wish_to_send_nothing() {
        for provider in ProviderName::ALL {
            let rules = FilingRules {
                local_only: true,
                ..assigned(provider)
            };
            assert_eq!(rules.in_use(provider), ProviderName::Local);
        }
    }

    #[test]
    fn a_model_belongs_to_its_provider() {
        let rules = assigned(ProviderName::Openai);
        assert_eq!(rules.model(ProviderName::Openai), Some("small"));
        assert_eq!(rules.model(ProviderName::Anthropic), None);
    }

    #[test]
    fn months_begin_and_end_by_utc() {
        let december = Month::of(datetime!(2027-01-01 00:30 +1));
        assert_eq!(december.first_day(), date!(2026 - 12 - 01));
        assert_eq!(december.renewed_on(), date!(2027 - 01 - 01));
        let march = Month::of(datetime!(2026-03-31 23:59 UTC));
        assert_eq!(march.first_day(), date!(2026 - 03 - 01));
        assert_eq!(march.renewed_on(), date!(2026 - 04 - 01));
    }
}
