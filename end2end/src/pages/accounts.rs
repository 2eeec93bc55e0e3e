//! Signing in, and one's own account.

use crate::Tab;
use anyhow::Result;
use playwright_rs::{Locator, expect_page};

/// The part of a page with that test id.
fn part(tab: &Tab, id: &str) -> Locator {
    tab.page.get_by_test_id(id)
}

/// Signs in as somebody whom the tests made, and waits for the documents.
///
/// # Errors
/// When the vault does not let them in.
pub async fn sign_in(tab: &Tab, handle: &str) -> Result<()> {
    tab.open("/login").await?;
    fill_and_send(
        tab,
        "login",
        &[("name", handle), ("password", testkit::PASSWORD)],
    )
    .await?;
    expect_page(&tab.page)
        .to_have_url(&tab.url("/documents"))
        .await?;
    tab.alive().await
}

/// Fills in the fields of a form (`login`, `register`, `setup`) and sends it.
///
/// # Errors
/// When the page does not let it.
pub async fn fill_and_send(tab: &Tab, form: &str, fields: &[(&str, &str)]) -> Result<()> {
    for (field, value) in fields {
        part(tab, &format!("{form}-{field}"))
            .fill(value, None)
            .await?;
    }
    Ok(part(tab, &format!("{form}-submit")).click(None).await?)
}

/// `/account`
pub struct AccountPage<'a> {
    tab: &'a Tab,
}

impl<'a> AccountPage<'a> {
    /// Goes there.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn open(tab: &'a Tab) -> Result<Self> {
        tab.open("/account").await?;
        Ok(Self { tab })
    }

    /// Where one is signed in.
    pub fn sessions(&self) -> Locator {
        part(self.tab, "session-row")
    }

    /// The button that ends every session.
    pub fn sign_out_everywhere(&self) -> Locator {
        part(self.tab, "sign-out-everywhere")
    }

    /// One's tokens.
    pub fn tokens(&self) -> Locator {
        part(self.tab, "token-row")
    }

    /// The text of the token that was just made.
    pub fn token_text(&self) -> Locator {
        part(self.tab, "token-text")
    }

    /// Makes a token for reading.
    ///
    /// # Errors
    /// When the page does not let it.
    pub async fn create_token(&self, name: &str) -> Result<()> {
        part(self.tab, "token-name").fill(name, None).await?;
        Ok(part(self.tab, "token-submit").click(None).await?)
    }
}
