//! How often somebody may try what is worth guessing at. One set of counters for every face, on Redis.

use crate::Services;
use domain::{Caller, Error, Kind};
use limiter::{Decision, Rule};
use std::{net::IpAddr, time::Duration};

/// The longest handle or address that is looked up.
const MAX_NAME_CHARS: usize = 320;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Sign-ins from one address.
pub(crate) const LOGIN_ADDRESS: Rule = rule("login-address", 20, Duration::from_secs(300));

/// Sign-ins to one account, from anywhere. Wider than the rule for an address: who tries from one place
/// locks that place out, not the account's owner.
pub(crate) const LOGIN_ACCOUNT: Rule = rule("login-account", 50, Duration::from_secs(900));

/// New accounts from one address, and tries of set-up links and invitations.
pub(crate) const REGISTER_ADDRESS: Rule = rule("register-address", 20, HOUR);

/// Links to choose a new password asked for from one address.
pub(crate) const RESET_ADDRESS: Rule = rule("reset-address", 20, HOUR);

/// The same, for one account by one of its names. Each is a mail that somebody may not want.
pub(crate) const RESET_ACCOUNT: Rule = rule("reset-account", 5, HOUR);

/// Tries of links that came by mail, from one address.
pub(crate) const LINK_ADDRESS: Rule = rule("link-address", 30, HOUR);

/// Other addresses asked for by one account. Each is a mail to somebody who may not want it.
pub(crate) const EMAIL_ACCOUNT: Rule = rule("email-account", 5, HOUR);

/// Renewals of sessions from one address.
pub(crate) const TOKEN_ADDRESS: Rule = rule("token-address", 120, MINUTE);

/// Tries of one's own password (changing it, deleting the account), for an account.
pub(crate) const PASSWORD_ACCOUNT: Rule = rule("password-account", 10, Duration::from_secs(300));

/// Tries of a second factor from one address.
pub(crate) const SECOND_FACTOR_ADDRESS: Rule =
    rule("second-factor-address", 20, Duration::from_secs(300));

/// Tries of an authenticator app's code, for an account. Three of a million codes are right at any
/// time: who knows the password and guesses for a month finds one with a chance of two in a hundred.
pub(crate) const SECOND_FACTOR_ACCOUNT: Rule = rule("second-factor-account", 10, HOUR);

/// Sign-ins with passkeys from one address. Each takes two calls.
pub(crate) const PASSKEY_ADDRESS: Rule = rule("passkey-address", 40, Duration::from_secs(300));

/// Tests of filing providers, for an account: each calls somebody else's server.
pub(crate) const PROVIDER_TEST: Rule = rule("provider-test", 20, MINUTE);

const fn rule(name: &'static str, burst: u32, per: Duration) -> Rule {
    Rule { name, burst, per }
}

/// A handle or address as it was typed, in the form that is looked up and counted. PostgreSQL takes no
/// NUL; with a control character in it, a name is nobody's.
pub(crate) fn name(typed: &str) -> String {
    let name = typed.trim().to_lowercase();
    let characters = name.chars().map(|c| match c {
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    characters.take(MAX_NAME_CHARS).collect()
}

/// Where a call comes from, as far as it is counted: an IPv6 network of 64 bits is one subscriber's.
pub(crate) fn address(caller: &Caller) -> String {
    match caller.address {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}

impl Services {
    /// Counts a try.
    ///
    /// # Errors
    /// `RateLimited`; `Unavailable` when the counters can't be reached: who can't be counted is not let try.
    pub(crate) async fn limit(&self, tries: &[(Rule, &str)]) -> Result<(), Error> {
        match self.parts.accounts.limiter.check(tries).await {
            Ok(Decision::Allowed) => Ok(()),
            Ok(Decision::Limited { retry_after }) => {
                Err(Error::rate_limited(retry_after.as_secs() + 1))
            }
            Err(error) => {
                tracing::warn!(%error, "tries can't be counted, so they are refused");
                Err(Error::unavailable("sign-in service"))
            }
        }
    }

    /// Counts a call that nobody gains by guessing at, as long as it can be counted.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(crate) async fn limit_load(&self, tries: &[(Rule, &str)]) -> Result<(), Error> {
        match self.limit(tries).await {
            Err(error) if error.kind == Kind::Unavailable => Ok(()),
            counted => counted,
        }
    }

    /// Forgets the tries at something after a right one.
    pub(crate) async fn forgive(&self, rule: Rule, subject: &str) {
        if let Err(error) = self.parts.accounts.limiter.reset(rule, subject).await {
            tracing::debug!(%error, "tries could not be forgiven");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_an_ipv6_network_are_counted_together() {
        let of = |text: &str| {
            let mut caller = Caller::anonymous("test");
            caller.address = text.parse().ok();
            address(&caller)
        };
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
