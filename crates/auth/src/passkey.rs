//! Passkeys (WebAuthn): what a browser is asked, and whether what comes back is right.
//!
//! The one module that knows webauthn-rs. Questions, answers, keys and what has to be remembered in
//! between are JSON to everybody else, who keeps and passes them on without looking inside.
//!
//! Every passkey is discoverable and verifies its user (by finger, face or PIN), so that it can stand
//! for name and password both. Attestation is not asked for: who made an authenticator is its owner's
//! business.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

/// What browsers show as the name of what one signs in to.
const NAME: &str = "DocuVault";

/// Why a passkey is not taken.
#[derive(Debug, Error)]
pub enum PasskeyError {
    /// The answer does not fit the question, or the key.
    #[error("the answer is not right")]
    Refused(#[source] WebauthnError),
    /// The counter of an authenticator went back: there are two of it.
    #[error("the authenticator's counter went back")]
    CounterWentBack,
    /// It is not of the expected form.
    #[error("it is not of the expected form")]
    Malformed(#[from] serde_json::Error),
    /// The question was about something else.
    #[error("the answer is to another kind of question")]
    AnotherQuestion,
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::CounterWentBack,
            error => Self::Refused(error),
        }
    }
}

/// A question for a browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What the browser is asked: `PublicKeyCredentialCreationOptionsJSON`, or
    /// `PublicKeyCredentialRequestOptionsJSON`.
    pub options: Value,
    /// What has to be known when the answer comes. It never leaves the server.
    pub state: Value,
}

/// A passkey that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewKey {
    /// Under which it is found again.
    pub credential_id: Vec<u8>,
    /// Its public key and its counter.
    pub key: Value,
}

/// What a browser says when it signs in; not yet looked into.
#[derive(Clone, Debug)]
pub struct Presented(PublicKeyCredential);

impl Presented {
    /// Reads it.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn parse(credential: Value) -> Result<Self, PasskeyError> {
        Ok(Self(serde_json::from_value(credential)?))
    }

    /// Which passkey it claims to be.
    pub fn credential_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }

    /// Whose it claims to be. An authenticator that was told whom it is about may leave it out.
    pub fn user(&self) -> Option<Uuid> {
        Uuid::from_slice(self.0.get_user_unique_id()?).ok()
    }
}

/// What is remembered. One kind of answer is never taken for another.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Creation(PasskeyRegistration),
    Use(DiscoverableAuthentication),
}

/// Asks for passkeys and checks them, for one vault.
#[derive(Clone, Debug)]
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// For the vault that people reach at that address; `None` where browsers have no passkeys: they
    /// ask for a name (an IP address is none), and for https unless the name is the own machine's.
    pub fn for_public_url(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let name = url.domain()?;
        let own_machine = name == "localhost" || name.ends_with(".localhost");
        if url.scheme() != "https" && !own_machine {
            return None;
        }
        let builder = WebauthnBuilder::new(name, &url).ok()?.rp_name(NAME);
        builder.build().ok().map(Self)
    }

    /// Asks for a new passkey. `name` is what the browser shows for the account; authenticators that
    /// hold one of `existing` make no second.
    ///
    /// # Errors
    /// When the question can't be made, which is a mistake of ours.
    pub fn ask_for_new(
        &self,
        user: Uuid,
        name: &str,
        existing: Vec<Vec<u8>>,
    ) -> Result<Question, PasskeyError> {
        let (options, state) =
            self.0
                .start_passkey_registration(user, name, name, Some(existing))?;
        let mut options = serde_json::to_value(options.public_key)?;
        // webauthn-rs would rather have none that is discoverable, for the sake of keys with little room.
        set(
            &mut options,
            "/authenticatorSelection",
            "residentKey",
            json!("required"),
        );
        set(
            &mut options,
            "/authenticatorSelection",
            "requireResidentKey",
            json!(true),
        );
        let state = serde_json::to_value(State::Creation(state))?;
        Ok(Question { options, state })
    }

    /// Checks the answer to [`Passkeys::ask_for_new`].
    ///
    /// # Errors
    /// When it is not right.
    pub fn check_new(&self, state: Value, credential: Value) -> Result<NewKey, PasskeyError> {
        let State::Creation(state) = serde_json::from_value(state)? else {
            return Err(PasskeyError::AnotherQuestion);
        };
        let credential: RegisterPublicKeyCredential = serde_json::from_value(credential)?;
        let passkey = self.0.finish_passkey_registration(&credential, &state)?;
        Ok(NewKey {
            credential_id: passkey.cred_id().clone(),
            key: serde_json::to_value(&passkey)?,
        })
    }

    /// Asks for a passkey: one of `allowed`, or whichever its owner chooses if none are named.
    ///
    /// # Errors
    /// When the question can't be made, which is a mistake of ours.
    pub fn ask(&self, allowed: &[Vec<u8>]) -> Result<Question, PasskeyError> {
        let (options, state) = self.0.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(options.public_key)?;
        let allowed: Vec<Value> = allowed
            .iter()
            .map(|id| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(id) }))
            .collect();
        set(&mut options, "", "allowCredentials", allowed.into());
        let state = serde_json::to_value(State::Use(state))?;
        Ok(Question { options, state })
    }

    /// Checks the answer to [`Passkeys::ask`] against the key that it names; gives the key as it is
    /// from now on.
    ///
    /// Whose key it is, and whether it may be used, is for the caller to know.
    ///
    /// # Errors
    /// When it is not right; `CounterWentBack`.
    pub fn check(
        &self,
        state: Value,
        presented: &Presented,
        key: Value,
    ) -> Result<Value, PasskeyError> {
        let State::Use(state) = serde_json::from_value(state)? else {
            return Err(PasskeyError::AnotherQuestion);
        };
        let mut key: Passkey = serde_json::from_value(key)?;
        let used = self
            .0
            .finish_discoverable_authentication_v2(&presented.0, state, &key)?;
        key.update_credential(&used);
        Ok(serde_json::to_value(&key)?)
    }
}

fn set(options: &mut Value, place: &str, name: &str, value: Value) {
    if let Some(object) = options.pointer_mut(place).and_then(Value::as_object_mut) {
        object.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: Uuid = Uuid::from_u128(7);

    fn passkeys() -> Passkeys {
        Passkeys::for_public_url("https://vault.test/").unwrap()
    }

    #[test]
    fn they_are_there_where_browsers_have_them() {
        for url in [
            "https://vault.example.org/",
            "https://vault.example.org:8443",
            "http://localhost:8000/",
            "http://docuvault.localhost/",
        ] {
            assert!(Passkeys::for_public_url(url).is_some(), "{url}");
        }
        for url in [
            "http://127.0.0.1:8000/",
            "https://192.0.2.7/",
            "https://[2001:db8::1]/",
            "http://nas.home/",
            "http://localhost.example.org/",
            "",
        ] {
            assert!(Passkeys::for_public_url(url).is_none(), "{url}");
        }
    }

    #[test]
    fn a_new_one_has_to_be_discoverable_and_to_verify_its_user() {
        let question = passkeys()
            .ask_for_new(USER, "ada", vec![vec![1, 2, 3]])
            .unwrap();
        let options = question.options;
        assert_eq!(options["rp"], json!({ "id": "vault.test", "name": NAME }));
        assert_eq!(options["user"]["name"], "ada");
        assert_eq!(options["attestation"], "none");
        let selection = &options["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(selection["requireResidentKey"], true);
        assert_eq!(selection["userVerification"], "required");
        assert_eq!(options["excludeCredentials"][0]["id"], "AQID");
    }

    #[test]
    fn any_is_asked_for_or_one_of_some() {
        let any = passkeys().ask(&[]).unwrap().options;
        assert_eq!(any["allowCredentials"], json!([]));
        assert_eq!(any["userVerification"], "required");
        assert_eq!(any["rpId"], "vault.test");
        let some = passkeys().ask(&[vec![1, 2, 3]]).unwrap().options;
        let allowed = json!([{ "type": "public-key", "id": "AQID" }]);
        assert_eq!(some["allowCredentials"], allowed);
        assert_ne!(some["challenge"], any["challenge"]);
    }

    #[test]
    fn an_answer_to_another_question_is_none() {
        let passkeys = passkeys();
        let asked = passkeys.ask(&[]).unwrap().state;
        let answer = passkeys.check_new(asked, json!({}));
        assert!(matches!(answer, Err(PasskeyError::AnotherQuestion)));
    }

    #[test]
    fn rubbish_is_malformed() {
        for rubbish in [json!(null), json!([]), json!({ "id": "x" }), json!("x")] {
            assert!(Presented::parse(rubbish.clone()).is_err(), "{rubbish}");
            let state = passkeys()
                .ask_for_new(USER, "ada", Vec::new())
                .unwrap()
                .state;
            let answer = passkeys().check_new(state, rubbish);
            assert!(matches!(answer, Err(PasskeyError::Malformed(_))));
        }
    }
}
