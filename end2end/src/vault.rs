//! Where journeys go: a vault of the test's own, or a person's part of one that runs already.

use std::net::Ipv4Addr;
use testkit::{Client, TestApp, join};
use uuid::Uuid;

/// What runs already, as in `http://localhost:8000`.
const RUNNING: &str = "VAULT_URL";

/// A token of its admin's.
const TOKEN: &str = "VAULT_TOKEN";

/// What a journey has to know of where it goes.
pub trait Place {
    /// The JSON API, as the one who goes there.
    fn client(&self) -> &Client;
    /// Who goes there.
    fn handle(&self) -> &str;
}

impl Place for TestApp {
    fn client(&self) -> &Client {
        &self.client
    }

    fn handle(&self) -> &str {
        "admin"
    }
}

/// One person's vault, empty at first, with a worker somewhere. Where `VAULT_URL` is set it is an account
/// in the vault there, made with the admin's `VAULT_TOKEN`; otherwise the admin's in a vault that goes with
/// the test. For journeys that look at nothing but one's own.
pub struct Vault {
    /// The JSON API, as this person.
    pub client: Client,
    handle: String,
    _own: Option<TestApp>,
}

impl Vault {
    /// An empty one.
    ///
    /// # Panics
    /// When it can't be had.
    pub async fn open() -> Self {
        match std::env::var(RUNNING) {
            Ok(base) => Self::in_running(base).await,
            Err(_) => {
                let app = TestApp::start_with_worker().await;
                Self {
                    client: app.client.clone(),
                    handle: app.handle().to_owned(),
                    _own: Some(app),
                }
            }
        }
    }

    /// Everybody comes from an address of their own, as far as the vault is told: it lets nobody sign in
    /// too often from one.
    async fn in_running(base: String) -> Self {
        let admin = Client::new(base).with_token(testkit::env(TOKEN));
        let (number, ..) = Uuid::new_v4().as_fields();
        let mut newcomer = admin.anonymous();
        newcomer.address = Some(Ipv4Addr::from_bits(0x0A00_0000 | number >> 8));
        let handle = format!("guest-{number:08x}");
        Self {
            client: join(&admin, &newcomer, &handle, "user").await,
            handle,
            _own: None,
        }
    }
}

impl Place for Vault {
    fn client(&self) -> &Client {
        &self.client
    }

    fn handle(&self) -> &str {
        &self.handle
    }
}
