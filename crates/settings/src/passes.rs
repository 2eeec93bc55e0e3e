//! What values have to look like that are only used later: better told at the start than found out then.

use crate::{Env, Error};
use secrecy::SecretString;
use url::Url;

/// PostgreSQL's address.
pub(crate) fn database_url(env: &Env, name: &str) -> Result<SecretString, Error> {
    env.secret_that(
        name,
        |url| has_scheme(url, &["postgres", "postgresql"]),
        &address("postgres://user:password@host:5432/database"),
    )
}

/// What an address with a password in it should be. It is never repeated: whoever reads this sees only
/// what usually goes wrong.
pub(crate) fn address(example: &str) -> String {
    format!(
        "an address such as {example}; in a password `%2F` stands for `/`, `%23` for `#`, `%3F` for `?`, `%40` for `@`; Compose alone fills in `${{...}}`"
    )
}

/// Whether that is an address of one of these kinds, with nothing left to be filled in.
pub(crate) fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    Url::parse(url.trim()).is_ok_and(|url| schemes.contains(&url.scheme())) && !url.contains("${")
}

/// Whether S3 takes that for a bucket's name.
pub(crate) fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
}

/// Whether that is a word that can stand in a key or a header.
pub(crate) fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether that can be sent as a key: no space, nothing that does not print.
pub(crate) fn is_key(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether that may be a sender: `vault@example.org`, or with a name before it.
pub(crate) fn is_sender(text: &str) -> bool {
    let address = match text.trim().strip_suffix('>') {
        Some(named) => named.rsplit_once('<').map_or("", |(_, address)| address),
        None => text.trim(),
    };
    address
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.chars().any(char::is_control)
}
