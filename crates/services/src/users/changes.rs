//! What an admin changes about an account: checked, compared with what is there, written.

use super::{Users, is_last, last_admin, not_found};
use crate::{fault, filing_settings};
use domain::{
    Administered, AssignedProvider, AuditEvent, Caller, Error, ManagedUser, ProviderName, Role,
    UserId,
    policy::{Action, authorise},
};

/// The most room that can be given, in bytes: a pebibyte. More is a typing error.
const MAX_LIMIT_BYTES: i64 = 1 << 50;

/// The largest budget, in tokens. Who needs more needs none.
const MAX_MONTHLY_TOKENS: i64 = 1_000_000_000_000;

pub(super) fn role(word: &str) -> Result<Role, Error> {
    Role::parse(word).ok_or_else(|| Error::invalid("role", "A role is `user` or `admin`."))
}

pub(super) fn limit_bytes(bytes: i64) -> Result<i64, Error> {
    if (0..=MAX_LIMIT_BYTES).contains(&bytes) {
        return Ok(bytes);
    }
    Err(Error::invalid(
        "limit_bytes",
        "The room for documents is a number of bytes from 0 to 1,125,899,906,842,624.",
    ))
}

fn monthly_tokens(tokens: i64) -> Result<i64, Error> {
    if (0..=MAX_MONTHLY_TOKENS).contains(&tokens) {
        return Ok(tokens);
    }
    Err(Error::invalid(
        "ai_monthly_tokens",
        "The budget is a number of tokens from 0 to 1,000,000,000,000, or none for any number.",
    ))
}

/// What the patch makes of an account.
fn changed(before: &Administered, patch: &wire::UserPatch) -> Result<Administered, Error> {
    Ok(Administered {
        role: patch.role.as_deref().map_or(Ok(before.role), role)?,
        is_active: patch.is_active.unwrap_or(before.is_active),
        limit_bytes: patch
            .limit_bytes
            .map_or(Ok(before.limit_bytes), limit_bytes)?,
        assigned: assigned(before.assigned.as_ref(), patch)?,
        monthly_tokens: match patch.ai_monthly_tokens {
            None => before.monthly_tokens,
            Some(tokens) => tokens.map(monthly_tokens).transpose()?,
        },
    })
}

/// A model goes with its provider: it stays as long as the provider does.
fn assigned(
    before: Option<&AssignedProvider>,
    patch: &wire::UserPatch,
) -> Result<Option<AssignedProvider>, Error> {
    let was = before.map(|assigned| assigned.provider);
    let provider = match &patch.ai_provider {
        None => was,
        Some(word) => word
            .as_deref()
            .map(|word| filing_settings::provider("ai_provider", word))
            .transpose()?,
    };
    let model = match &patch.ai_model {
        Some(model) => model
            .as_deref()
            .map(|model| filing_settings::model_name("ai_model", model))
            .transpose()?,
        None if provider == was => before.and_then(|assigned| assigned.model.clone()),
        None => None,
    };
    let model = model.filter(|model| !model.is_empty());
    match (provider, model) {
        (None | Some(ProviderName::Local), Some(_)) => Err(Error::invalid(
            "ai_model",
            "A model goes with a provider that has models. Choose that provider, too.",
        )),
        (provider, model) => Ok(provider.map(|provider| AssignedProvider { provider, model })),
    }
}

impl Users<'_> {
    /// Changes what the patch names. Whoever is disabled is signed out everywhere at once.
    ///
    /// # Errors
    /// `Forbidden` for everybody but admins; `NotFound`; `Invalid`; `Conflict` when the vault's last
    /// admin would be none.
    pub async fn update(
        &self,
        caller: &Caller,
        user: UserId,
        patch: &wire::UserPatch,
    ) -> Result<ManagedUser, Error> {
        authorise(caller, Action::ManageUsers)?;
        let (mut work, admins) = self.begin(caller).await?;
        let before = work
            .lock_administered(user)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)?;
        let after = changed(&before, patch)?;
        if !after.administers() && is_last(&admins, user) {
            return Err(last_admin());
        }
        let differences = after.differences(&before);
        if differences.is_empty() {
            drop(work);
            return self.get(caller, user).await;
        }
        work.administer(user, &after)
            .await
            .map_err(fault::of_database)?;
        if after.limit_bytes != before.limit_bytes {
            work.set_quota(user, after.limit_bytes)
                .await
                .map_err(fault::of_database)?;
        }
        if before.is_active && !after.is_active {
            work.revoke_sessions(user, None, self.services.now())
                .await
                .map_err(fault::of_database)?;
            work.delete_links_of(user)
                .await
                .map_err(fault::of_database)?;
        }
        let entry = caller
            .did_to(user, AuditEvent::AccountAdministered)
            .noting(differences.join(", "));
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        self.get(caller, user).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before() -> Administered {
        Administered {
            role: Role::User,
            is_active: true,
            limit_bytes: 100,
            assigned: Some(AssignedProvider {
                provider: ProviderName::Openai,
                model: Some("small".to_owned()),
            }),
            monthly_tokens: Some(7),
        }
    }

    fn patched(json: &str) -> Result<Administered, Error> {
        changed(&before(), &serde_json::from_str(json).unwrap())
    }

    fn assigned_by(json: &str) -> Option<(ProviderName, Option<String>)> {
        let assigned = patched(json).unwrap().assigned?;
        Some((assigned.provider, assigned.model))
    }

    #[test]
    fn what_is_left_out_stays() {
        assert_eq!(patched("{}").unwrap(), before());
        let demoted = patched(r#"{"role":"admin","limit_bytes":0}"#).unwrap();
        assert_eq!((demoted.role, demoted.limit_bytes), (Role::Admin, 0));
        assert_eq!(demoted.assigned, before().assigned);
    }

    #[test]
    fn null_takes_away() {
        let free = patched(r#"{"ai_provider":null,"ai_monthly_tokens":null}"#).unwrap();
        assert_eq!((free.assigned, free.monthly_tokens), (None, None));
    }

    #[test]
    fn a_model_stays_as_long_as_its_provider_does() {
        let small = || Some("small".to_owned());
        let same = assigned_by(r#"{"ai_provider":"openai"}"#);
        assert_eq!(same, Some((ProviderName::Openai, small())));
        let other = assigned_by(r#"{"ai_provider":"anthropic"}"#);
        assert_eq!(other, Some((ProviderName::Anthropic, None)));
        let usual = assigned_by(r#"{"ai_model":null}"#);
        assert_eq!(usual, Some((ProviderName::Openai, None)));
        let named = assigned_by(r#"{"ai_provider":"ollama","ai_model":" large "}"#);
        assert_eq!(
            named,
            Some((ProviderName::Ollama, Some("large".to_owned())))
        );
        let local = assigned_by(r#"{"ai_provider":"local"}"#);
        assert_eq!(local, Some((ProviderName::Local, None)));
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (json, field) in [
            (r#"{"role":"owner"}"#, "role"),
            (r#"{"limit_bytes":-1}"#, "limit_bytes"),
            (r#"{"limit_bytes":1125899906842625}"#, "limit_bytes"),
            (r#"{"ai_provider":"oracle"}"#, "ai_provider"),
            (r#"{"ai_provider":null,"ai_model":"small"}"#, "ai_model"),
            (r#"{"ai_provider":"local","ai_model":"small"}"#, "ai_model"),
            (r#"{"ai_model":"a\nb"}"#, "ai_model"),
            (r#"{"ai_monthly_tokens":-1}"#, "ai_monthly_tokens"),
        ] {
            let refused = patched(json).unwrap_err();
            assert_eq!(refused.fields[0].field, field, "{json}");
        }
    }
}
