//! What the browser journeys stand on: a browser, a watch over what goes wrong in it, and the pages
//! as objects. The journeys themselves are in `tests/journeys`.
//!
//! Nothing here sleeps: Playwright waits for what it acts upon, and `expect` asks until it is so.

pub mod authenticator;
pub mod axe;
pub mod browser;
pub mod checks;
pub mod journey;
pub mod pages;
pub mod vault;
pub mod watch;

pub use browser::{Browser, Look, Scripts, Tab};
pub use journey::{journey, journey_as};
pub use testkit::PATIENCE;
pub use vault::Vault;
