//! A phone's authenticator as Chromium plays it (`WebAuthn` of the DevTools protocol).

use anyhow::{Context, Result};
use playwright_rs::protocol::CDPSession;
use serde_json::{Value, json};

/// An authenticator of one window.
pub struct Authenticator {
    session: CDPSession,
    id: Value,
}

impl Authenticator {
    /// One that keeps passkeys, and recognises its user at once.
    ///
    /// # Errors
    /// When the browser is gone.
    pub(crate) async fn of(session: CDPSession) -> Result<Self> {
        session.send("WebAuthn.enable", None).await?;
        let options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        let asked = Some(json!({ "options": options }));
        let answer = session
            .send("WebAuthn.addVirtualAuthenticator", asked)
            .await?;
        // Playwright wraps what the browser answers.
        let answer = answer.get("result").unwrap_or(&answer);
        let id = answer.get("authenticatorId").context("it has no id")?;
        Ok(Self {
            id: id.clone(),
            session,
        })
    }

    /// Whether it recognises its user from now on.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn recognises(&self, user: bool) -> Result<()> {
        let asked = json!({ "authenticatorId": self.id, "isUserVerified": user });
        self.session
            .send("WebAuthn.setUserVerified", Some(asked))
            .await?;
        Ok(())
    }
}
