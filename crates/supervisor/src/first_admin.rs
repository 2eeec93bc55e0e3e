//! The first admin of a vault that nobody else uses: made with the server's own set-up link, with a
//! random password, and a token for programs.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::answers::accepted;
use crate::kept::Kept;

const HANDLE: &str = "admin";
const EMAIL: &str = "admin@docuvault.localhost";

/// How the admin signs in.
pub struct Admin {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
    /// A token that may do everything the admin may.
    pub token: String,
    /// Whether it was made just now.
    pub is_new: bool,
}

impl Admin {
    /// As variables of `.dev/env`.
    pub fn variables(&self) -> [(String, String); 3] {
        [
            ("ADMIN_EMAIL".to_owned(), self.email.clone()),
            ("ADMIN_PASSWORD".to_owned(), self.password.clone()),
            ("ADMIN_TOKEN".to_owned(), self.token.clone()),
        ]
    }
}

impl Admin {
    /// The admin that an earlier start made, or a new one; `None` in a vault that somebody else set up.
    ///
    /// `url` is where the server answers, `state` the folder that its secrets are kept in, `server` its
    /// binary, which is run with `environment` to make the link.
    pub async fn of_vault(
        url: &str,
        state: &Path,
        server: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Result<Option<Self>> {
        let client = Client::builder().no_proxy().build()?;
        let mut kept = Kept::in_folder(&state.join("admin"))?;
        let options = client.get(format!("{url}/api/auth/options")).send().await?;
        if accepted(options).await?["wants_set_up"] != true {
            return Ok(kept
                .value("TOKEN")
                .zip(kept.value("PASSWORD"))
                .map(|(token, password)| Admin {
                    email: EMAIL.to_owned(),
                    password,
                    token,
                    is_new: false,
                }));
        }
        let password = kept.fresh_secret("PASSWORD", 16)?;
        let token = make(
            &client,
            url,
            &set_up_token(server, environment).await?,
            &password,
        )
        .await?;
        kept.keep("TOKEN", token.clone())?;
        Ok(Some(Admin {
            email: EMAIL.to_owned(),
            password,
            token,
            is_new: true,
        }))
    }
}

/// The token in the link that the server's own command prints.
async fn set_up_token(server: &Path, environment: &BTreeMap<String, String>) -> Result<String> {
    let output = Command::new(server)
        .arg("setup-link")
        .envs(environment)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .await
        .context("`server setup-link` could not be started")?;
    if !output.status.success() {
        bail!(
            "`server setup-link` failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let link = String::from_utf8(output.stdout)?;
    let (_, token) = link
        .trim()
        .split_once("token=")
        .context("`server setup-link` printed no link")?;
    Ok(token.to_owned())
}

/// Makes the account, signs in, and makes the token.
async fn make(client: &Client, url: &str, set_up_token: &str, password: &str) -> Result<String> {
    let account = json!({
        "token": set_up_token, "handle": HANDLE, "email": EMAIL, "password": password,
    });
    let post = client.post(format!("{url}/api/auth/setup")).json(&account);
    let signed_in = accepted(post.send().await?)
        .await
        .context("the first account")?;
    let session = text(&signed_in, "access_token")?;
    let token = json!({ "name": "make run", "scope": "admin" });
    let post = client
        .post(format!("{url}/api/account/tokens"))
        .bearer_auth(&session)
        .json(&token);
    text(
        &accepted(post.send().await?).await.context("its token")?,
        "token",
    )
}

fn text(answer: &Value, field: &str) -> Result<String> {
    answer[field]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("the server's answer has no `{field}`"))
}
