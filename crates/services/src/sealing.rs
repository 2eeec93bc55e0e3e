//! The vault's secret is being replaced: what was sealed under the one before is sealed anew. The worker
//! does it now and then; whoever runs the vault can have it done at once, and is told how everything stands.

use crate::{Services, Sweeping, fault, filing_settings, seal, second_factor};
use database::SealedPlace;
use domain::{
    Caller, Error, UserId,
    policy::{Action, authorise},
};
use seal::OpensUnder;

/// How everything that is sealed stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seals {
    /// How many secrets were under the previous key and are sealed anew.
    pub anew: usize,
    /// How many were under the current key already.
    pub current: usize,
    /// How many were changed by somebody else meanwhile, so that nobody knows.
    pub changed: usize,
    /// What opens under neither key.
    pub shut: Vec<ShutSecret>,
}

/// A secret that can't be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShutSecret {
    /// Whose it is.
    pub owner: UserId,
    /// What it is, in words.
    pub what: String,
}

impl Sweeping<'_> {
    /// Seals every secret anew that the previous `SECRET_KEY` sealed; gives how many. Looks at nothing
    /// where no previous one is set.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn seal_anew(&self, caller: &Caller) -> Result<usize, Error> {
        authorise(caller, Action::WorkJobs)?;
        match self.services.replaces_secret_key() {
            true => Ok(self.seal_everything(caller).await?.anew),
            false => Ok(0),
        }
    }

    /// Looks at every sealed secret, and seals anew what the previous `SECRET_KEY` sealed. When nothing
    /// was changed meanwhile and nothing is shut, the previous one is needed for none of them any more.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn seal_everything(&self, caller: &Caller) -> Result<Seals, Error> {
        authorise(caller, Action::WorkJobs)?;
        let (database, keys) = (
            &self.services.parts.database,
            &self.services.parts.secret_key,
        );
        let mut seals = Seals::default();
        let secrets = database.sealed_secrets().await;
        for (place, sealed) in secrets.map_err(fault::of_database)? {
            match seal::opens_under(keys, &context(place), &sealed) {
                OpensUnder::Current => seals.current += 1,
                OpensUnder::Neither => seals.shut.push(shut(place)),
                OpensUnder::Previous(anew) => {
                    let replaced = database.replace_sealed(place, &sealed, &anew).await;
                    match replaced.map_err(fault::of_database)? {
                        true => seals.anew += 1,
                        false => seals.changed += 1,
                    }
                }
            }
        }
        Ok(seals)
    }
}

impl Services {
    /// Whether `SECRET_KEY` is being replaced.
    pub fn replaces_secret_key(&self) -> bool {
        self.parts.secret_key.previous.is_some()
    }
}

fn context(place: SealedPlace) -> String {
    match place {
        SealedPlace::FilingKey(owner, provider) => filing_settings::context(owner, provider),
        SealedPlace::Totp(user) => second_factor::context(user),
    }
}

fn shut(place: SealedPlace) -> ShutSecret {
    match place {
        SealedPlace::FilingKey(owner, provider) => ShutSecret {
            owner,
            what: format!("the API key of {}", provider.as_str()),
        },
        SealedPlace::Totp(owner) => ShutSecret {
            owner,
            what: "the secret of an authenticator app".to_owned(),
        },
    }
}
