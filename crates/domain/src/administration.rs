//! Accounts as admins see and change them. Documents, topics, texts and keys are not in it.

use crate::{AssignedProvider, EmailAddress, FilingRules, Handle, Role, UserId};
use time::OffsetDateTime;

/// An account as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedUser {
    /// Its id.
    pub id: UserId,
    /// What others know it by.
    pub handle: Handle,
    /// Where its mail goes.
    pub email: EmailAddress,
    /// What it is in the vault.
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
    /// Whether its owner has chosen a password.
    pub has_password: bool,
    /// Whether signing in takes a code of an authenticator app.
    pub totp_enabled: bool,
    /// How many passkeys it has.
    pub passkeys: i64,
    /// How many bytes its documents take.
    pub used_bytes: i64,
    /// How many they may take.
    pub limit_bytes: i64,
    /// Who files its documents, and how much may be sent for it.
    pub filing: FilingRules,
    /// How many tokens were sent for it this month.
    pub used_tokens: i64,
    /// Since when it exists.
    pub created_at: OffsetDateTime,
    /// When it was last used, to within a minute.
    pub last_seen_at: Option<OffsetDateTime>,
}

/// What an admin may change of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administered {
    /// What it is in the vault.
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
    /// How many bytes its documents may take.
    pub limit_bytes: i64,
    /// Who files its documents; `None` when its owner chooses.
    pub assigned: Option<AssignedProvider>,
    /// How many tokens providers may be sent in a month; `None` for any number.
    pub monthly_tokens: Option<i64>,
}

impl Administered {
    /// Whether it looks after the vault.
    pub fn administers(&self) -> bool {
        self.is_active && self.role == Role::Admin
    }

    /// What differs from what was before, for the log.
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.role != before.role {
            differences.push(format!("role {}", self.role.as_str()));
        }
        if self.is_active != before.is_active {
            let word = if self.is_active {
                "enabled"
            } else {
                "disabled"
            };
            differences.push(word.to_owned());
        }
        if self.limit_bytes != before.limit_bytes {
            differences.push(format!("quota {}", self.limit_bytes));
        }
        if self.assigned != before.assigned {
            differences.push(self.assigned_words());
        }
        if self.monthly_tokens != before.monthly_tokens {
            differences.push(match self.monthly_tokens {
                Some(tokens) => format!("tokens {tokens}"),
                None => "tokens unlimited".to_owned(),
            });
        }
        differences
    }

    fn assigned_words(&self) -> String {
        match &self.assigned {
            None => "provider free".to_owned(),
            Some(assigned) => {
                let model = assigned.model.as_deref();
                let words = [Some("provider"), Some(assigned.provider.as_str()), model];
                words.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProviderName;

    #[test]
    fn the_log_says_what_changed_and_nothing_else() {
        let before = Administered {
            role: Role::User,
            is_active: true,
            limit_bytes: 1,
            assigned: None,
            monthly_tokens: Some(5),
        };
        assert_eq!(before.differences(&before), [""; 0]);
        let after = Administered {
            role: Role::Admin,
            is_active: false,
            limit_bytes: 1_048_576,
            assigned: Some(AssignedProvider {
                provider: ProviderName::Openai,
                model: Some("small".to_owned()),
            }),
            monthly_tokens: None,
        };
        assert_eq!(
            after.differences(&before),
            [
                "role admin",
                "disabled",
                "quota 1048576",
                "provider openai small",
                "tokens unlimited"
            ]
        );
        assert_eq!(
            before.differences(&after),
            [
                "role user",
                "enabled",
                "quota 1",
                "provider free",
                "tokens 5"
            ]
        );
    }

    #[test]
    fn a_disabled_admin_looks_after_nothing() {
        let admin = Administered {
            role: Role::Admin,
            is_active: false,
            limit_bytes: 0,
            assigned: None,
            monthly_tokens: None,
        };
        assert!(!admin.administers());
    }
}
