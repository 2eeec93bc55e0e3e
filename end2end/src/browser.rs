//! The browser: Debian's or the system's own Chromium, driven by Playwright.

use crate::{authenticator::Authenticator, watch::Watch};
use anyhow::{Context, Result};
use playwright_rs::{
    LaunchOptions, Page, Playwright, Viewport, expect,
    protocol::{BrowserContext, BrowserContextOptions},
};
use std::{env, net::Ipv4Addr, path::PathBuf};

/// What the executable is called, by system.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// No sandbox of its own: tests often run as root, and it loads nothing but the vault. The rest
/// keeps it from calling home.
const ARGUMENTS: [&str; 7] = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Whether a visitor's browser runs scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// As almost everybody's.
    On,
    /// The vault has to work all the same.
    Off,
}

/// How a visitor looks at the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether scripts run.
    pub scripts: Scripts,
    /// The window's width in pixels.
    pub width: u32,
    /// Whether the system is set to dark colours.
    pub dark: bool,
}

impl Look {
    /// A window of that width, in light colours, with scripts.
    pub fn wide(width: u32) -> Self {
        Self {
            scripts: Scripts::On,
            width,
            dark: false,
        }
    }

    /// A laptop's window.
    pub fn with(scripts: Scripts) -> Self {
        Self {
            scripts,
            ..Self::wide(1280)
        }
    }

    /// `390-dark` and the like, for file names.
    pub fn name(self) -> String {
        let scripts = if self.scripts == Scripts::Off {
            "-noscript"
        } else {
            ""
        };
        format!(
            "{}-{}{scripts}",
            self.width,
            if self.dark { "dark" } else { "light" }
        )
    }

    /// The window's size, as such screens usually have it.
    pub fn window(self) -> Viewport {
        let height = if self.width < 600 { 844 } else { 900 };
        Viewport {
            width: self.width,
            height,
        }
    }

    fn options(self) -> BrowserContextOptions {
        BrowserContextOptions::builder()
            .viewport(self.window())
            .color_scheme(if self.dark { "dark" } else { "light" }.to_owned())
            .javascript_enabled(self.scripts == Scripts::On)
            .reduced_motion("reduce".to_owned())
            .build()
    }
}

/// A running browser.
pub struct Browser {
    driver: Playwright,
    browser: playwright_rs::Browser,
}

impl Browser {
    /// Starts one.
    ///
    /// # Errors
    /// When the driver or the browser is not installed (`scripts/setup test` does it).
    pub async fn launch() -> Result<Self> {
        let driver = Playwright::launch()
            .await
            .context("the driver does not start")?;
        let options = LaunchOptions::new()
            .executable_path(executable()?.display().to_string())
            .args(ARGUMENTS.map(str::to_owned).to_vec());
        let browser = driver.chromium().launch_with_options(options).await?;
        Ok(Self { driver, browser })
    }

    /// Opens a window of a visitor who was never here, to the vault at `base`.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn visit(&self, base: &str, look: Look) -> Result<Tab> {
        let context = self
            .browser
            .new_context_with_options(look.options())
            .await?;
        let page = context.new_page().await?;
        let watch = Watch::over(&page, look.scripts == Scripts::On).await?;
        Ok(Tab {
            page,
            watch,
            look,
            context,
            base: base.to_owned(),
        })
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn close(self) -> Result<()> {
        self.browser.close().await?;
        self.driver.shutdown().await?;
        Ok(())
    }
}

fn executable() -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    NAMES
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
        .context("there is no Chromium on PATH; `scripts/setup test` installs it")
}

/// A visitor's window.
pub struct Tab {
    /// What it shows.
    pub page: Page,
    /// What went wrong in it.
    pub watch: Watch,
    /// How the visitor looks at it.
    pub look: Look,
    context: BrowserContext,
    base: String,
}

impl Tab {
    /// Whether scripts run.
    pub fn scripted(&self) -> bool {
        self.look.scripts == Scripts::On
    }

    /// A path's whole address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Says with every request that it is forwarded for that address.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn comes_from(&self, address: Ipv4Addr) -> Result<()> {
        let headers = [("x-forwarded-for".to_owned(), address.to_string())];
        Ok(self.page.set_extra_http_headers(headers.into()).await?)
    }

    /// Goes to a page of the vault, and gives the answer's status once the page can be used.
    ///
    /// # Errors
    /// When it can't be loaded, or does not come to life.
    pub async fn open(&self, path: &str) -> Result<u16> {
        let response = self
            .page
            .goto(&self.url(path), None)
            .await?
            .context("no answer")?;
        self.alive().await?;
        Ok(response.status())
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// When it can't be loaded, or does not come to life.
    pub async fn reload(&self) -> Result<()> {
        self.page.reload(None).await?;
        self.alive().await
    }

    /// Waits until the page answers to clicks.
    ///
    /// # Errors
    /// When it does not come to life.
    pub async fn alive(&self) -> Result<()> {
        if self.scripted() {
            let hydrated = self.page.locator("body[data-hydrated]");
            expect(hydrated)
                .to_have_count(1)
                .await
                .context("the page does not come to life")?;
        }
        Ok(())
    }

    /// Marks this very document, which a reload would replace.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn mark(&self) -> Result<()> {
        Ok(self
            .page
            .evaluate_expression("window.seenBefore = true")
            .await?)
    }

    /// Whether the page is still the document that was marked.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn is_still_marked(&self) -> Result<bool> {
        Ok(self
            .page
            .evaluate("() => window.seenBefore === true", None::<&()>)
            .await?)
    }

    /// Lets this window send no more than so many bytes each second.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn slow_down(&self, bytes_per_second: u32) -> Result<()> {
        self.worsen_network(0, i64::from(bytes_per_second)).await
    }

    /// Has every answer come so many milliseconds later.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn delay(&self, milliseconds: u32) -> Result<()> {
        self.worsen_network(milliseconds, -1).await
    }

    async fn worsen_network(&self, latency: u32, upload: i64) -> Result<()> {
        let session = self.context.new_cdp_session(&self.page).await?;
        session.send("Network.enable", None).await?;
        let limits = serde_json::json!({
            "offline": false,
            "latency": latency,
            "downloadThroughput": -1,
            "uploadThroughput": upload,
        });
        session
            .send("Network.emulateNetworkConditions", Some(limits))
            .await?;
        Ok(())
    }

    /// Drops files and folders of this machine on the middle of the window, as a visitor's own.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn drop_paths(&self, paths: &[&std::path::Path]) -> Result<()> {
        let session = self.context.new_cdp_session(&self.page).await?;
        let files: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let window = self.look.window();
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = serde_json::json!({
                "type": kind,
                "x": window.width / 2,
                "y": window.height / 2,
                "data": { "items": [], "files": files, "dragOperationsMask": 1 },
            });
            session.send("Input.dispatchDragEvent", Some(event)).await?;
        }
        Ok(())
    }

    /// Presses a key, or several at once (`Control+k`), wherever the focus is.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn press(&self, key: &str) -> Result<()> {
        Ok(self.page.keyboard().press(key, None).await?)
    }

    /// Gives this window an authenticator, for passkeys.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn add_authenticator(&self) -> Result<Authenticator> {
        Authenticator::of(self.context.new_cdp_session(&self.page).await?).await
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When anything went wrong in it.
    pub async fn close(self) -> Result<()> {
        let verdict = self.watch.nothing_went_wrong();
        self.context.close().await?;
        verdict
    }
}
