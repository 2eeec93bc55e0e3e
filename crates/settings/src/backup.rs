//! What a copy of the vault is made from and made into.

use crate::{Env, Error, Problems, Secrets, Store, check, passes};
use secrecy::SecretString;

/// What `server export` and `server import` need: database, object store and the vault's secret. No
/// Redis: it holds nothing that is not in the database.
#[derive(Debug)]
pub struct BackupSettings {
    /// PostgreSQL, as the migrate role: it owns the tables.
    pub database_url: SecretString,
    /// The object store.
    pub store: Store,
    /// The vault's own secret.
    pub secrets: Secrets,
}

impl BackupSettings {
    /// Reads them.
    ///
    /// # Errors
    /// Names everything that is missing or not acceptable, and says what it should be.
    pub fn read(env: &Env) -> Result<Self, Problems> {
        check::read_all(env, Self::from_env)
    }

    /// Reads them, up to the first that is wrong.
    ///
    /// # Errors
    /// Names the variable that is missing or not acceptable, and says what it should be.
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            database_url: passes::database_url(env, "DATABASE_MIGRATE_URL")?,
            store: Store::from_env(env)?,
            secrets: Secrets::from_env(env)?,
        })
    }
}
