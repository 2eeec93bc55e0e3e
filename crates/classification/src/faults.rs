//! What an unhappy answer means: whether to try again, and the sentence for people.
//!
//! What a provider writes in an error is logged at debug level, bounded, and never shown: it may
//! name accounts, hosts or parts of the request.

use crate::{Failure, retry};
use domain::ProviderName;
use reqwest::{StatusCode, header::HeaderMap};
use std::time::Duration;

const MAX_LOGGED_CHARS: usize = 500;

/// What went wrong in one try.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It may go better the next time, perhaps after a wait that the provider asked for.
    Passing {
        sentence: String,
        wait: Option<Duration>,
    },
    /// It will not.
    Final(Failure),
}

impl Fault {
    pub(crate) fn rejected(sentence: String) -> Self {
        Self::Final(Failure::Rejected(sentence))
    }

    pub(crate) fn passing(sentence: String) -> Self {
        Self::Passing {
            sentence,
            wait: None,
        }
    }
}

/// What an answer with a status other than success means.
pub(crate) fn of_status(
    provider: ProviderName,
    model: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &str,
) -> Fault {
    let logged: String = body.chars().take(MAX_LOGGED_CHARS).collect();
    tracing::debug!(provider = provider.as_str(), status = status.as_u16(), body = %logged, "a provider refused");
    let name = provider.spoken();
    if out_of_credit(status, body) {
        return Fault::rejected(format!(
            "The account at {name} has no credit left. Top it up, then classify again."
        ));
    }
    match status.as_u16() {
        429 | 529 | 503 => Fault::Passing {
            sentence: format!("{name} is too busy."),
            wait: retry::asked(headers),
        },
        408 | 500.. => Fault::Passing {
            sentence: format!(
                "{name} has a fault of its own (status {}).",
                status.as_u16()
            ),
            wait: retry::asked(headers),
        },
        401 => Fault::rejected(format!("{name} refused the API key. Check it in Settings.")),
        403 => Fault::rejected(format!(
            "{name} does not let this API key do that. Check the key and the model in Settings."
        )),
        404 => Fault::rejected(unknown_model(provider, model)),
        413 => Fault::rejected(format!(
            "The text is too long for {name}. Set a lower limit for the text that is sent."
        )),
        300..=399 => Fault::rejected(format!(
            "The address of {name} leads elsewhere, and redirects are not followed. Set the final address in Settings."
        )),
        code => Fault::rejected(format!(
            "{name} did not accept the request (status {code}). Choose a model that can answer by a JSON schema."
        )),
    }
}

/// The sentence for a model that the provider does not have.
pub(crate) fn unknown_model(provider: ProviderName, model: &str) -> String {
    let name = provider.spoken();
    let what = if model.is_empty() {
        "what was asked for".to_owned()
    } else {
        format!("the model \"{model}\"")
    };
    format!(
        "{name} does not know {what} at this address. Check the model and the address in Settings."
    )
}

/// Both big providers say so with a status that otherwise means something else.
fn out_of_credit(status: StatusCode, body: &str) -> bool {
    match status.as_u16() {
        402 => true,
        429 => body.contains("insufficient_quota"),
        400 => body.contains("credit balance is too low"),
        _ => false,
    }
}

/// What a call without an answer means.
pub(crate) fn of_network(provider: ProviderName, error: &reqwest::Error) -> Fault {
    tracing::debug!(provider = provider.as_str(), error = %chain(error), "a provider could not be reached");
    let name = provider.spoken();
    if error.is_builder() {
        return Fault::rejected(format!(
            "The address or the API key of {name} can't be used. Check both in Settings."
        ));
    }
    Fault::passing(match (error.is_timeout(), error.is_connect()) {
        (true, _) => format!("{name} took too long to answer."),
        (_, true) => format!(
            "{name} can't be reached. Check that it is running and that the address is right."
        ),
        _ => format!("The connection to {name} broke off."),
    })
}

/// The error and its causes, without the address: that may hold what its owner wants kept.
fn chain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ").chars().take(MAX_LOGGED_CHARS).collect()
}
