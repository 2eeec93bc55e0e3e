//! The step between a right password and the session: a code of an authenticator app or a recovery
//! code. Passkeys prove themselves in a module of their own, and go on from here.
//!
//! A right password is kept under a token of its own kind, good for minutes and for nothing else. It is
//! taken in the unit of work that begins the session, together with the code: either all of that
//! happens or none, and no code begins two sessions.

mod own;

pub use own::{SecondFactors, TotpBeingSetUp};

use crate::{Services, SignIns, SignedIn, fault, limits, seal};
use auth::{OpaqueToken, RecoveryCode, TokenKind, Totp, recovery};
use database::{Purpose, StoredTotp, UnitOfWork};
use domain::{AuditEvent, Caller, Error, Kind, UserId};
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};

/// How long one may take from the password to the second factor.
const LIFETIME: Duration = Duration::minutes(5);

/// What a right password led to.
#[derive(Clone, Debug)]
pub enum LoginStep {
    /// It was enough.
    SignedIn(SignedIn),
    /// The account asks for a second factor, too.
    SecondFactor(SecondFactorWanted),
}

/// A sign-in that waits for its second factor.
#[derive(Clone, Debug)]
pub struct SecondFactorWanted {
    /// Stands for the right password.
    pub token: OpaqueToken,
    /// Until when it does.
    pub expires_at: OffsetDateTime,
    /// What may be shown: `totp`, `passkey`, `recovery_code`.
    pub methods: Vec<&'static str>,
}

/// A right password whose second factor has not been shown yet.
#[derive(Clone, Debug)]
pub(crate) struct PendingSignIn {
    /// Whose.
    pub(crate) user: UserId,
    token: OpaqueToken,
}

fn over() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "sign_in_over",
        "This sign-in took too long or has ended. Begin again with your password.",
    )
}

fn wrong_code() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "wrong_code",
        "This code does not work. Each works once, and those of an app for half a minute: enter the next one.",
    )
}

/// What somebody may show, of what they have.
fn methods(factors: &database::SecondFactors) -> Vec<&'static str> {
    [
        ("totp", factors.has_totp()),
        ("passkey", factors.passkeys > 0),
        ("recovery_code", factors.recovery_codes > 0),
    ]
    .into_iter()
    .filter_map(|(method, is_there)| is_there.then_some(method))
    .collect()
}

/// What was typed, told by its shape: recovery codes are longer than anything an app shows.
enum Typed {
    Recovery(RecoveryCode),
    App(String),
}

impl Typed {
    fn read(code: &str) -> Self {
        RecoveryCode::normalise(code).map_or_else(|| Self::App(code.to_owned()), Self::Recovery)
    }

    /// For the log of the account's owner.
    fn how(&self) -> &'static str {
        match self {
            Self::Recovery(_) => "with a recovery code",
            Self::App(_) => "with an authenticator app",
        }
    }
}

impl SignIns<'_> {
    /// Goes on from a right password with a code of an authenticator app, or a recovery code.
    ///
    /// # Errors
    /// `Unauthenticated` when the code is wrong, which leaves the token as it was, or when the token is
    /// no longer good; `RateLimited`; `Unavailable`.
    pub async fn second_factor(
        &self,
        caller: &Caller,
        given: &wire::GiveSecondFactor,
    ) -> Result<SignedIn, Error> {
        let pending = self.pending_second_factor(caller, &given.token).await?;
        let typed = Typed::read(&given.code);
        let subject = pending.user.to_string();
        if matches!(typed, Typed::App(_)) {
            // Recovery codes can't be guessed, and let the owner in while somebody guesses at the app's.
            self.services
                .limit(&[(limits::SECOND_FACTOR_ACCOUNT, &subject)])
                .await?;
        }
        let (mut work, factors) = self.take_second_factor(caller, &pending).await?;
        if !self
            .is_right(&mut work, pending.user, &factors, &typed)
            .await?
        {
            drop(work);
            return Err(self
                .second_factor_refused(caller, pending.user, wrong_code())
                .await?);
        }
        let signed_in = self
            .begin_session_in(work, caller, pending.user, Some(typed.how()))
            .await?;
        self.services
            .forgive(limits::SECOND_FACTOR_ACCOUNT, &subject)
            .await;
        Ok(signed_in)
    }

    /// What may be shown for a sign-in that waits for its second factor; `None` when it does not (any
    /// more).
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn second_factor_methods(
        &self,
        token: &str,
    ) -> Result<Option<Vec<&'static str>>, Error> {
        let Some(pending) = self.find_pending(token).await? else {
            return Ok(None);
        };
        let database = &self.services.parts.database;
        let factors = database
            .second_factors(pending.user)
            .await
            .map_err(fault::of_database)?;
        Ok(factors.map(|factors| methods(&factors)))
    }

    /// Keeps that the password was right, and says how to go on.
    pub(crate) async fn want_second_factor(
        &self,
        mut work: UnitOfWork,
        user: UserId,
        factors: &database::SecondFactors,
    ) -> Result<SecondFactorWanted, Error> {
        let token = OpaqueToken::generate(TokenKind::SecondFactor);
        let expires_at = self.services.now() + LIFETIME;
        work.insert_pending_sign_in(user, token.hash().as_bytes(), expires_at)
            .await
            .map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(SecondFactorWanted {
            token,
            expires_at,
            methods: methods(factors),
        })
    }

    /// Whose second factor a token waits for; counts a try. Leaves the token as it is.
    ///
    /// # Errors
    /// `Unauthenticated` when it is not good (any more); `RateLimited`.
    pub(crate) async fn pending_second_factor(
        &self,
        caller: &Caller,
        token: &str,
    ) -> Result<PendingSignIn, Error> {
        self.services
            .limit(&[(limits::SECOND_FACTOR_ADDRESS, &limits::address(caller))])
            .await?;
        self.find_pending(token).await?.ok_or_else(over)
    }

    async fn find_pending(&self, token: &str) -> Result<Option<PendingSignIn>, Error> {
        let Some(token) = OpaqueToken::parse(TokenKind::SecondFactor, token.trim()) else {
            return Ok(None);
        };
        let (hash, now) = (token.hash(), self.services.now());
        let database = &self.services.parts.database;
        let found = database
            .one_time_token(Purpose::SecondFactor, hash.as_bytes(), now)
            .await
            .map_err(fault::of_database)?;
        let user = found.and_then(|found| found.user);
        Ok(user.map(|user| PendingSignIn { user, token }))
    }

    /// Uses up the token, in a unit of work that has locked the account. What was shown is checked in
    /// that unit of work; then [`SignIns::begin_session_in`] commits it. Dropping it instead leaves the
    /// token good for another try.
    ///
    /// # Errors
    /// `Unauthenticated` when the token is no longer good, or the account may not sign in.
    pub(crate) async fn take_second_factor(
        &self,
        caller: &Caller,
        pending: &PendingSignIn,
    ) -> Result<(UnitOfWork, database::SecondFactors), Error> {
        let mut work = self.services.begin().await?;
        let factors = work
            .lock_second_factors(pending.user)
            .await
            .map_err(fault::of_database)?;
        let Some(factors) = factors else {
            drop(work);
            return Err(self
                .second_factor_refused(caller, pending.user, over())
                .await?);
        };
        let (hash, now) = (pending.token.hash(), self.services.now());
        work.take_one_time_token(Purpose::SecondFactor, hash.as_bytes(), now)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(over)?;
        Ok((work, factors))
    }

    /// Tells the account's owner, by the log, that the second step of a sign-in failed. Gives the error
    /// back.
    ///
    /// # Errors
    /// When that can't be written down.
    pub(crate) async fn second_factor_refused(
        &self,
        caller: &Caller,
        user: UserId,
        error: Error,
    ) -> Result<Error, Error> {
        let entry = caller
            .did_to(user, AuditEvent::SignInRefused)
            .noting("at the second factor");
        let database = &self.services.parts.database;
        database.audit(&entry).await.map_err(fault::of_database)?;
        Ok(error)
    }

    async fn is_right(
        &self,
        work: &mut UnitOfWork,
        user: UserId,
        factors: &database::SecondFactors,
        typed: &Typed,
    ) -> Result<bool, Error> {
        match (typed, &factors.totp) {
            (Typed::Recovery(code), _) => work
                .use_recovery_code(user, code.hash(user.0).as_bytes())
                .await
                .map_err(fault::of_database),
            (Typed::App(code), Some(stored)) if stored.enabled => {
                let totp = self.services.open_totp(user, stored)?;
                match totp.check(code, self.services.now(), stored.last_step) {
                    Some(step) => work
                        .use_totp_step(user, step)
                        .await
                        .map_err(fault::of_database),
                    None => Ok(false),
                }
            }
            (Typed::App(_), _) => Ok(false),
        }
    }
}

/// Makes recovery codes if none are left: with the first second factor of whichever kind. The account
/// is locked by then; who calls writes `RecoveryCodesCreated` when there are any, and shows them once.
///
/// # Errors
/// `Unavailable`.
pub(crate) async fn ensure_recovery_codes(
    work: &mut UnitOfWork,
    user: UserId,
    factors: &database::SecondFactors,
) -> Result<Vec<RecoveryCode>, Error> {
    if factors.recovery_codes > 0 {
        return Ok(Vec::new());
    }
    new_recovery_codes(work, user).await
}

async fn new_recovery_codes(
    work: &mut UnitOfWork,
    user: UserId,
) -> Result<Vec<RecoveryCode>, Error> {
    let codes = recovery::generate();
    let hashes: Vec<Vec<u8>> = codes
        .iter()
        .map(|code| code.hash(user.0).as_bytes().to_vec())
        .collect();
    work.insert_recovery_codes(user, &hashes)
        .await
        .map_err(fault::of_database)?;
    Ok(codes)
}

/// Recovery codes for their owner's eyes.
pub(crate) fn shown(codes: &[RecoveryCode]) -> wire::RecoveryCodes {
    wire::RecoveryCodes {
        recovery_codes: codes.iter().map(RecoveryCode::display).collect(),
    }
}

/// What a sealed secret belongs to: to nobody else, and to nothing else.
pub(crate) fn context(user: UserId) -> String {
    format!("totp/{user}")
}

impl Services {
    fn seal_totp(&self, user: UserId, secret: &SecretString) -> Result<Vec<u8>, Error> {
        let keys = &self.parts.secret_key;
        seal::seal(keys, &context(user), secret.expose_secret()).map_err(|_| {
            tracing::error!("the secret of an authenticator app could not be sealed");
            Error::internal()
        })
    }

    fn open_totp(&self, user: UserId, stored: &StoredTotp) -> Result<Totp, Error> {
        seal::open(&self.parts.secret_key, &context(user), &stored.sealed)
            .ok()
            .and_then(|secret| Totp::from_base32(secret.expose_secret()))
            .ok_or_else(|| {
                tracing::error!(%user, "the secret of an authenticator app can't be opened: was SECRET_KEY changed?");
                Error::internal()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(totp: bool, passkeys: i64, recovery_codes: i64) -> database::SecondFactors {
        database::SecondFactors {
            totp: Some(StoredTotp {
                sealed: Vec::new(),
                enabled: totp,
                last_step: None,
            }),
            passkeys,
            recovery_codes,
        }
    }

    #[test]
    fn only_what_somebody_has_is_offered() {
        assert_eq!(methods(&factors(false, 0, 0)), [""; 0]);
        assert_eq!(methods(&factors(true, 0, 10)), ["totp", "recovery_code"]);
        assert_eq!(methods(&factors(false, 2, 0)), ["passkey"]);
        assert_eq!(
            methods(&factors(true, 1, 1)),
            ["totp", "passkey", "recovery_code"]
        );
    }

    #[test]
    fn a_second_factor_is_an_app_or_a_passkey() {
        assert!(!factors(false, 0, 10).any());
        assert!(factors(true, 0, 0).any());
        assert!(factors(false, 1, 0).any());
    }

    #[test]
    fn what_is_typed_is_told_by_its_shape() {
        let is_recovery = |code: &str| matches!(Typed::read(code), Typed::Recovery(_));
        for code in ["0123-4567-89ab-cdef", " 0123 4567 89AB CDEF "] {
            assert!(is_recovery(code), "{code}");
        }
        for code in [
            "123456",
            "123 456",
            "",
            "0123-4567",
            "0123-4567-89ab-cdef-0",
        ] {
            assert!(!is_recovery(code), "{code}");
        }
    }
}
