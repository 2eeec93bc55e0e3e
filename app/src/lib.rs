//! The Leptos UI: pages rendered on the server that work without JavaScript. In the browser a few
//! islands come to life, and `browser` makes the pages move by themselves.
//!
//! Nothing here holds a rule. Pages call server functions, and a server function calls the same
//! service method as the JSON handler for that act. Only `server_context` knows the services.

#![recursion_limit = "256"]

mod browser;
mod error;
mod format;
mod pages;
mod palette;
mod response;
mod room;
mod routes;
#[cfg(feature = "ssr")]
mod server_context;
mod server_fns;
#[cfg(feature = "ssr")]
mod session_cookies;
mod shell;
mod sign_in;
mod ui;
mod uploads;
mod who;

pub use browser::start;
pub use error::{AppError, FieldMessage, http_status};
pub use routes::App;
pub use server_fns::documents::is_upload;
#[cfg(feature = "ssr")]
pub use session_cookies::{Presented, SessionCookies};
#[cfg(feature = "ssr")]
pub use shell::lone_page;
pub use shell::shell;
pub use sign_in::{is_open_page, sign_in_address, without_error};
