//! Passwords: Argon2id (RFC 9106) at the setting OWASP recommends.
//!
//! One hash takes 19 MiB and tens of milliseconds on purpose. So that a burst of logins neither holds
//! up other requests nor takes all memory, the work runs on blocking threads, at most one per core.

use crate::strength::{self, Weak};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use thiserror::Error;
use tokio::{sync::Semaphore, task::spawn_blocking};

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;

/// The least that the library takes.
const CHEAP: Params = match Params::new(Params::MIN_M_COST, 1, 1, None) {
    Ok(params) => params,
    Err(_) => Params::DEFAULT,
};

/// Why a password was neither hashed nor compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// It is new and not good enough. The sentence is for the person.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// What was stored as a hash is not one.
    #[error("the stored password hash can't be read")]
    Damaged,
    /// The work itself failed.
    #[error("the password could not be hashed")]
    Failed,
}

/// What comparing a password with a stored hash showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// It is another password, or there is none.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, but its hash was made with another setting: hash and store it anew.
    RightButOutdated,
}

/// Hashes and compares passwords. Clones share the limit on how many are worked on at once.
#[derive(Clone, Debug)]
pub struct Passwords {
    params: Params,
    permits: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// The setting for real accounts: 19 MiB, two rounds, one lane; as many at once as there are cores.
    pub fn new() -> Self {
        Self::with(Params::DEFAULT)
    }

    /// The cheapest setting there is. For tests only.
    pub fn cheap() -> Self {
        Self::with(CHEAP)
    }

    fn with(params: Params) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            nobody: hash_of_nobody(&params).into(),
            permits: Arc::new(Semaphore::new(cores)),
            params,
        }
    }

    /// Checks a password that somebody chose, and hashes it for storing. `personal` is what others know
    /// about the person, see [`strength::check`].
    ///
    /// # Errors
    /// When it is too weak or the work itself failed.
    pub async fn hash_new(
        &self,
        password: SecretString,
        personal: Vec<String>,
    ) -> Result<String, PasswordError> {
        self.run(move |params| {
            let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
            strength::check(password.expose_secret(), &personal)?;
            hash(params, &password)
        })
        .await
    }

    /// Hashes a password for storing, as a PHC string with a salt of its own. Asks nothing of it: this is
    /// for hashing anew what is outdated.
    ///
    /// # Errors
    /// When the work itself failed.
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        self.run(move |params| hash(params, &password)).await
    }

    /// Compares a password with the stored hash.
    ///
    /// With none (no such account, or one without a password) the same work is done and the answer is
    /// [`Verified::Wrong`], so that the time taken does not tell which accounts exist.
    ///
    /// # Errors
    /// When the stored hash can't be read or the work itself failed.
    pub async fn verify(
        &self,
        password: SecretString,
        phc: Option<String>,
    ) -> Result<Verified, PasswordError> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move |params| match phc {
            Some(phc) => verify(params, &password, &phc),
            None => verify(params, &password, &nobody).map(|_| Verified::Wrong),
        })
        .await
    }

    /// The permit goes along to the thread: a caller that hangs up does not end the work, so the place
    /// must not be free before the work is.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Params) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Failed)?;
        let params = self.params.clone();
        spawn_blocking(move || {
            let _permit = permit;
            work(&params)
        })
        .await
        .map_err(|_| PasswordError::Failed)?
    }
}

/// A well-formed hash under the given setting that no password is known for: salt and output are drawn.
fn hash_of_nobody(params: &Params) -> String {
    let salt: [u8; 16] = rand::random();
    let output: [u8; Params::DEFAULT_OUTPUT_LEN] = rand::random();
    format!(
        "${ALGORITHM}$v={}$m={},t={},p={}${}${}",
        u32::from(VERSION),
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(output),
    )
}

fn argon2(params: &Params) -> Argon2<'static> {
    Argon2::new(ALGORITHM, VERSION, params.clone())
}

fn hash(params: &Params, password: &SecretString) -> Result<String, PasswordError> {
    argon2(params)
        .hash_password(password.expose_secret().as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| PasswordError::Failed)
}

fn verify(params: &Params, password: &SecretString, phc: &str) -> Result<Verified, PasswordError> {
    let stored = PasswordHash::new(phc).map_err(|_| PasswordError::Damaged)?;
    if stored.salt.is_none() || stored.hash.is_none() {
        return Err(PasswordError::Damaged);
    }
    match argon2(params).verify_password(password.expose_secret().as_bytes(), &stored) {
        Ok(()) if is_current(params, &stored) => Ok(Verified::Right),
        Ok(()) => Ok(Verified::RightButOutdated),
        Err(password_hash::Error::PasswordInvalid) => Ok(Verified::Wrong),
        Err(_) => Err(PasswordError::Damaged),
    }
}

fn is_current(params: &Params, stored: &PasswordHash) -> bool {
    let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    stored.algorithm == ALGORITHM.ident()
        && stored.version == Some(u32::from(VERSION))
        && stored.hash.as_ref().map(|output| output.len()) == Some(Params::DEFAULT_OUTPUT_LEN)
        && Params::try_from(stored).is_ok_and(|stored| cost(&stored) == cost(params))
}

#[cfg(test)]
mod tests;
